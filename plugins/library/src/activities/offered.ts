import type { Dependencies } from '../dependencies.js';

const prefix = 'tool:';

/** The source of the activities of a tool. */
export const sourceOf = (key: string): string => `${prefix}${key}`;

/** The sources of the tools whose plugins are in service now, in this process. */
export const sourcesOffered = (contributions: Dependencies['contributions']): string[] =>
  contributions.of('tools').map(({ value }) => sourceOf(value.key));

/** Whether an activity of this source can be used: it is not of a tool, or the tool's plugin is in service. */
export const isOffered = (source: string, offered: readonly string[]): boolean =>
  !source.startsWith(prefix) || offered.includes(source);

/** The same in SQL, together with what the row says, for a row of `activities a`. */
export const availableSql = (offered: readonly string[]): { sql: string; bindings: unknown[] } => ({
  sql: `(a.available and (not starts_with(a.source, '${prefix}') or a.source = any(?::text[])))`,
  bindings: [[...offered]],
});

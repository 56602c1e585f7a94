import type { Dependencies } from '../dependencies.js';

const prefix = 'tool:';

/** The `source` of a tool's activities. */
export const sourceOf = (key: string): string => `${prefix}${key}`;

/** Sources of the tools whose plugins are in service in this process. */
export const sourcesOffered = (contributions: Dependencies['contributions']): string[] =>
  contributions.of('tools').map(({ value }) => sourceOf(value.key));

/** Whether an activity of this source can be used: it does not belong to a tool, or the tool's plugin is in service. */
export const isOffered = (source: string, offered: readonly string[]): boolean =>
  !source.startsWith(prefix) || offered.includes(source);

/** SQL condition for a row of `activities a`: it is available and {@link isOffered}. */
export const availableSql = (offered: readonly string[]): { sql: string; bindings: unknown[] } => ({
  sql: `(a.available and (not starts_with(a.source, '${prefix}') or a.source = any(?::text[])))`,
  bindings: [[...offered]],
});

import type { Dependencies } from '../dependencies.js';

const prefix = 'tool:';

/** The `source` of a tool's activities. */
export const sourceOf = (key: string): string => `${prefix}${key}`;

/** Which activities a reader is offered. */
export interface Offer {
  /** Sources of the tools whose plugins are in service in this process. */
  sources: string[];
  /** Number of the reader's schools; null: every tenant, where nothing is switched off. */
  schools: number | null;
}

export const offerFor = ({ contributions, principal }: Pick<Dependencies, 'contributions' | 'principal'>): Offer => ({
  sources: contributions.of('tools').map(({ value }) => sourceOf(value.key)),
  schools: principal.tenants === '*' ? null : principal.tenants.length,
});

/** Sources of the tools that the reader can use: their plugins are in service, and not every school of the reader has switched them off. */
export async function usableSources({
  knex,
  ...reader
}: Pick<Dependencies, 'knex' | 'contributions' | 'principal'>): Promise<string[]> {
  const { sources, schools } = offerFor(reader);
  if (schools === null) return sources;
  const off: string[] = await knex('switched_off_tools')
    .groupBy('tool_key')
    .havingRaw('count(*) >= ?', [Math.max(schools, 1)])
    .pluck('tool_key');
  return sources.filter((source) => !off.some((key) => sourceOf(key) === source));
}

/**
 * SQL condition for a row of `activities a` that can be used: it does not belong to a tool, or the tool's plugin is in service and at least
 * one of the reader's schools has not switched it off. Row-level security limits the rows of `switched_off_tools` to the reader's schools.
 */
export function usableSql({ sources, schools }: Offer): { sql: string; bindings: unknown[] } {
  const off = `a.source not in (select '${prefix}' || tool_key from switched_off_tools group by tool_key having count(*) >= ?)`;
  return {
    sql: `(not starts_with(a.source, '${prefix}') or a.source = any(?::text[])${schools === null ? '' : ` and ${off}`})`,
    bindings: [[...sources], ...(schools === null ? [] : [Math.max(schools, 1)])],
  };
}

/**
 * SQL condition for a row of `activities a`: it is in the library, its maker shares it with colleagues or is the reader, and
 * {@link usableSql}.
 */
export function availableSql(offer: Offer, personId: string | null): { sql: string; bindings: unknown[] } {
  const usable = usableSql(offer);
  const mine = mineSql(personId);
  return {
    sql: `(a.available and (a.listed or ${mine.sql}) and ${usable.sql})`,
    bindings: [...mine.bindings, ...usable.bindings],
  };
}

/** SQL condition for a row of `activities a`: the reader made it. */
export const mineSql = (personId: string | null): { sql: string; bindings: unknown[] } => ({
  sql: 'exists (select 1 from activity_authors w where w.activity_id = a.id and w.author_id = ?::uuid)',
  bindings: [personId],
});

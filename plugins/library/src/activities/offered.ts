import type { Dependencies } from '../dependencies.js';

const prefix = 'tool:';

/** The `source` of a tool's activities. */
export const sourceOf = (key: string): string => `${prefix}${key}`;

/** Begins the source of an activity that a teacher chose in a tool; its key follows. */
export const chosenPrefix = 'choice:';

/** Key of the tool of which activities of this source are; null: of none. */
export function toolKeyOf(source: string): string | null {
  const found = [prefix, chosenPrefix].find((each) => source.startsWith(each));
  return found === undefined ? null : source.slice(found.length);
}

export const isTool = (source: string): boolean => source.startsWith(prefix);

const providedPrefix = 'provider:';

/** The `source` of the activities that a provider sent as a table. Its tool key, by which a school switches them off, is the same. */
export const providedSourceOf = (provider: string): string => `${providedPrefix}${provider}`;

export const isProvided = (source: string): boolean => source.startsWith(providedPrefix);

/** The `source` that a school switches off by this key. */
export const switchedSourceOf = (key: string): string => (isProvided(key) ? key : sourceOf(key));

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

/** Sources that every school of the reader has switched off. */
export async function switchedOffSources({ knex, principal }: Pick<Dependencies, 'knex' | 'principal'>): Promise<string[]> {
  if (principal.tenants === '*') return [];
  const keys: string[] = await knex('switched_off_tools')
    .groupBy('tool_key')
    .havingRaw('count(*) >= ?', [Math.max(principal.tenants.length, 1)])
    .pluck('tool_key');
  return keys.map(switchedSourceOf);
}

/**
 * SQL condition for a row of `activities a` that can be used: it does not belong to a tool, or the tool's plugin is in service; and at
 * least one of the reader's schools has not switched off the tool, or what its provider sent. Row-level security limits the rows of `switched_off_tools` to the reader's schools.
 */
export function usableSql({ sources, schools }: Offer): { sql: string; bindings: unknown[] } {
  const off = `a.source not in (select case when starts_with(tool_key, '${providedPrefix}') then tool_key else '${prefix}' || tool_key end
    from switched_off_tools group by tool_key having count(*) >= ?)`;
  return {
    sql: `((not starts_with(a.source, '${prefix}') or a.source = any(?::text[]))${schools === null ? '' : ` and ${off}`})`,
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

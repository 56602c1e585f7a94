import { systemPrincipal } from '@ilearn/core';
import { wordsQuery } from '@ilearn/plugin-directory/text-search';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { day } from '../shapes.js';
import { seated } from '../states.js';
import { publishedSql, type Reach, reachOf } from './reach.js';

/** Facets by name, with the column of the list of trainings that each counts. */
const facetNames = ['tool', 'focus', 'audience', 'level', 'language', 'provider', 'region'] as const;
export type FacetName = (typeof facetNames)[number];
const mostValues = 20;
export const mostFacetValues = facetNames.length * mostValues;

const chosen = z
  .union([
    z
      .string()
      .max(80)
      .transform((one) => [one]),
    z.array(z.string().max(80)).max(20),
  ])
  .default([]);

export const catalogueQuery = z.object({
  q: z.string().trim().max(200).default(''),
  tool: chosen,
  focus: chosen,
  audience: chosen,
  level: chosen,
  language: chosen,
  provider: chosen,
  region: chosen,
  from: day.optional().describe('Trainings with an event on this day or later'),
  to: day.optional(),
  page: z.coerce.number().int().min(1).max(500).default(1),
});
export type CatalogueQuery = z.output<typeof catalogueQuery>;

export const pageSize = 20;

export const catalogueEntry = z.object({
  id: z.uuid(),
  title: z.string(),
  providerName: z.string(),
  goals: z.string(),
  tools: z.array(z.string()).max(20),
  foci: z.array(z.string()).max(20),
  levels: z.array(z.string()).max(3),
  minutes: z.int().nullable(),
  language: z.string(),
  cost: z.string(),
  nextAt: z.date().nullable().describe('Start of the next event; null: only an interest list, or nothing is planned'),
  nextRegion: z.string().nullable(),
  nextApproval: z.string().nullable(),
  nextFree: z.int().nullable().describe('Free seats of the next event'),
  nextWaiting: z.int().nullable(),
  events: z.int().describe('Events to come'),
});
export const catalogueResult = z.object({
  total: z.int(),
  page: z.int(),
  pageSize: z.int(),
  trainings: z.array(catalogueEntry).max(pageSize),
  facets: z
    .array(z.object({ facet: z.enum(facetNames), value: z.string(), count: z.int(), chosen: z.boolean() }))
    .max(mostFacetValues * 2),
});

/** Searches published trainings, with facets. */
export class TrainingSearch {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  /**
   * Runs as the portal over what is published for everyone or for one of these schools. Two statements: the page and the facets are read in
   * one, because finding the trainings costs most.
   */
  find(query: CatalogueQuery, schools: readonly string[]): Promise<z.input<typeof catalogueResult>> {
    return this.#actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      const { sql, bindings } = foundBy(query, await reachOf(directory, schools));
      const { rows } = await knex.raw<{ rows: [{ trainings: Entry[]; facets: Counted[] }] }>(
        `with found as materialized (${sql}), entries as (${entries}), counts as (${counts})
         select (select coalesce(json_agg(e order by place), '[]') from entries e) as trainings,
           (select json_agg(c order by facet, count desc, value) from counts c) as facets`,
        [...bindings, pageSize, (query.page - 1) * pageSize, [...seated], mostValues],
      );
      const [{ trainings, facets }] = rows;
      return {
        total: facets.find(({ facet }) => facet === 'total')?.count ?? 0,
        page: query.page,
        pageSize,
        trainings: trainings.map(({ place: _, nextAt, ...entry }) => ({
          ...entry,
          nextAt: nextAt === null ? null : new Date(nextAt),
        })),
        facets: facets.flatMap(({ facet, ...counted }) =>
          facet === 'total' ? [] : [{ ...counted, facet, chosen: query[facet].includes(counted.value) }],
        ),
      };
    });
  }

  /** The first trainings that have these words. Two statements. */
  first(
    words: string,
    limit: number,
    schools: readonly string[],
  ): Promise<{ id: string; title: string; providerName: string }[]> {
    return this.#actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      const { sql, bindings } = foundBy(catalogueQuery.parse({ q: words }), await reachOf(directory, schools));
      const found = await knex.raw(
        `select id, title, provider_name as "providerName" from (${sql}) f order by rank desc, title, id limit ?`,
        [...bindings, limit],
      );
      return found.rows;
    });
  }
}

/** An entry as the statement gives it, with its place on the page. */
type Entry = Omit<z.input<typeof catalogueEntry>, 'nextAt'> & { nextAt: string | null; place: number };

interface Counted {
  facet: FacetName | 'total';
  value: string;
  count: number;
}

type Value = string | number | string[];

/**
 * SQL of the trainings that a query finds: their facet columns, rank and next event. The events of all of them are grouped at once, because
 * asking for those of each training takes most of the time.
 */
function foundBy(query: CatalogueQuery, { schools, groups }: Reach): { sql: string; bindings: Value[] } {
  const words = wordsQuery(query.q, { most: 12, partial: 'last' });
  const bindings: Value[] = [];
  const bind = (value: Value) => {
    bindings.push(value);
    return '?';
  };
  const rank = words === null ? '0' : `ts_rank(t.search, ${words.sql})`;
  if (words !== null) bindings.push(...words.bindings);
  bind([...schools]);
  bind([...groups]);
  const conditions = [publishedSql, words === null ? '' : `t.search @@ (${words.sql})`];
  if (words !== null) bindings.push(...words.bindings);
  for (const [name, column] of [
    ['tool', 'tools'],
    ['focus', 'foci'],
    ['audience', 'audience'],
    ['level', 'levels'],
  ] as const) {
    if (query[name].length > 0) conditions.push(`t.${column} @> ${bind(query[name])}::text[]`);
  }
  if (query.language.length > 0) conditions.push(`t.language = any(${bind(query.language)}::text[])`);
  if (query.provider.length > 0) conditions.push(`t.provider_name = any(${bind(query.provider)}::text[])`);
  const eventIn = [
    `e.state = 'planned' and (e.starts_at is null or e.starts_at > now())`,
    query.region.length > 0 ? `e.region = any(${bind(query.region)}::text[])` : '',
    query.from === undefined ? '' : `e.starts_at >= ${bind(query.from)}::date`,
    query.to === undefined ? '' : `e.starts_at < ${bind(query.to)}::date + 1`,
  ].filter(Boolean);
  const limited = query.region.length > 0 || query.from !== undefined || query.to !== undefined;
  return {
    sql: `with matching as materialized (
        select t.id, t.title, t.tools, t.foci, t.audience, t.levels, t.language, t.provider_name, ${rank} as rank
        from trainings t where ${conditions.filter(Boolean).join(' and ')}),
      coming as (
        select e.training_id, (array_agg(e.id order by e.starts_at nulls last, e.id))[1] as event_id,
          min(e.starts_at) as starts_at, array_agg(distinct e.region) as regions, count(*)::int as events
        from matching m join events e on e.training_id = m.id
        where ${eventIn.join(' and ')}
        group by e.training_id)
      select m.*, c.event_id, c.starts_at, c.regions, c.events from matching m
      ${limited ? '' : 'left '}join coming c on c.training_id = m.id`,
    bindings,
  };
}

const entries = `
  select page.place, t.id, t.title, t.provider_name as "providerName", t.goals, t.tools, t.foci, t.levels, t.minutes, t.language, t.cost,
    e.starts_at as "nextAt", e.region as "nextRegion", e.approval as "nextApproval",
    greatest(0, e.capacity - s.taken)::int as "nextFree", s.waiting as "nextWaiting", coalesce(page.events, 0) as events
  from (
    select f.*, row_number() over (order by f.rank desc, f.starts_at nulls last, f.title, f.id) as place from found f
    order by place limit ? offset ?
  ) page
  join trainings t on t.id = page.id
  left join events e on e.id = page.event_id
  left join lateral (
    select count(*) filter (where x.state = any(?::text[]))::int as taken, count(*) filter (where x.state = 'waitlisted')::int as waiting
    from enrolments x where x.event_id = e.id) s on e.id is not null`;

const counts = `
  select 'total' as facet, '' as value, count(*)::int as count from found
  union all (
    select facet, value, count from (
      select facet, value, count(*)::int as count, row_number() over (partition by facet order by count(*) desc, value) as place
      from (
        select 'tool' as facet, unnest(tools) as value from found
        union all select 'focus', unnest(foci) from found
        union all select 'audience', unnest(audience) from found
        union all select 'level', unnest(levels) from found
        union all select 'language', language from found
        union all select 'provider', provider_name from found
        union all select 'region', unnest(regions) from found) counted
      group by facet, value) ranked
    where place <= ?)`;

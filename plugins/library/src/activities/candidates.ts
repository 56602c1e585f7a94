import { querySql } from '../text.js';
import { type ActivityQuery, ageBands, durationBands } from './filter.js';

export interface Sql {
  sql: string;
  bindings: unknown[];
}

/** One facet's condition on a row of `activities a`; never null. */
interface Condition extends Sql {
  facet: string;
}

export const mineSql = (personId: string | null): Sql => ({
  sql: 'exists (select 1 from activity_authors w where w.activity_id = a.id and w.author_id = ?::uuid)',
  bindings: [personId],
});

/**
 * First what has all the words in its title, then in its title, keywords and concepts, then the rest; within these by how
 * often and where the words stand, in proportion to the length of the text.
 */
const rankSql = `case when ts_filter(a.search, '{a}') @@ asked.query then 2 when ts_filter(a.search, '{a,b}') @@ asked.query then 1 else 0 end
            + ts_rank('{0.05, 0.2, 0.5, 1.0}', a.search, asked.query, 1)`;

/**
 * The activities that the words find, each with the facets whose condition it misses. From this one table come the results
 * (`missed = '{}'`) and each facet's counts, which follow every filter but the facet's own (`missed <@ array[facet]`).
 */
export function candidatesSql(query: ActivityQuery, personId: string | null, facetOfConcept: ReadonlyMap<string, string>): Sql {
  const asked = query.q === undefined || query.q === '' ? undefined : querySql(query.q);
  const conditions = conditionsOf(query, personId, facetOfConcept);
  const missed = conditions.map(({ sql }) => `case when not (${sql}) then ? end`).join(', ');
  const shown: Sql = query.withdrawn
    ? { sql: `not a.available and ${mineSql(personId).sql}`, bindings: mineSql(personId).bindings }
    : { sql: 'a.available', bindings: [] };
  const words: Sql =
    asked === undefined
      ? { sql: 'true', bindings: [] }
      : asked === null
        ? { sql: 'false', bindings: [] }
        : { sql: 'a.search @@ asked.query', bindings: [] };
  return {
    sql: `asked as materialized (select ${asked?.sql ?? `''::tsquery`} as query),
      candidates as materialized (
        select a.id, a.school_id, a.kind, a.language, a.provider, a.minutes, a.age_from, a.age_to, a.teacher_only, a.title, a.created_at,
          ${asked ? rankSql : '0'} as rank,
          array_remove(array[${missed}]::text[], null) as missed
        from activities a cross join asked
        where ${shown.sql} and ${words.sql}
      )`,
    bindings: [
      ...(asked?.bindings ?? []),
      ...conditions.flatMap(({ bindings, facet }) => [...bindings, facet]),
      ...shown.bindings,
    ],
  };
}

function conditionsOf(query: ActivityQuery, personId: string | null, facetOfConcept: ReadonlyMap<string, string>): Condition[] {
  const conditions: Condition[] = [];
  const add = (facet: string, chosen: string[], condition: () => Sql) => {
    if (chosen.length > 0) conditions.push({ facet, ...condition() });
  };
  const isOne = (column: string, chosen: string[]) => (): Sql => ({ sql: `${column} = any(?::text[])`, bindings: [chosen] });
  add('kind', query.kind, isOne('a.kind', query.kind));
  add('language', query.language, isOne('a.language', query.language));
  add('provider', query.provider, isOne('a.provider', query.provider));
  add('audience', query.audience, isOne(`case when a.teacher_only then 'teacher' else 'pupil' end`, query.audience));
  add('owner', query.owner, () => ownerIs(query.owner, personId));
  add('age', query.age, () => anyBand(ageOverlaps, ageBands, query.age));
  add('duration', query.duration, () => anyBand(durationIn, durationBands, query.duration));
  const groups = new Map<string, string[]>();
  for (const uri of query.concept) {
    const facet = facetOfConcept.get(uri) ?? `concept:${uri}`;
    groups.set(facet, [...(groups.get(facet) ?? []), uri]);
  }
  for (const [facet, uris] of groups) {
    add(facet, uris, () => ({
      sql: `a.id in (select l.activity_id from activity_concepts l join concept_ancestors up on up.uri = l.concept_uri
        where up.ancestor = any(?::text[]))`,
      bindings: [uris],
    }));
  }
  return conditions;
}

function ownerIs(chosen: string[], personId: string | null): Sql {
  const parts: Sql[] = [];
  if (chosen.includes('shared')) parts.push({ sql: 'a.school_id is null', bindings: [] });
  if (chosen.includes('school')) parts.push({ sql: 'a.school_id is not null', bindings: [] });
  if (chosen.includes('mine')) parts.push(mineSql(personId));
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

interface Range {
  value: string;
  from: number;
  to: number;
}

/** An activity without ages fits no band: nobody said that it suits them. */
const ageOverlaps = ({ from, to }: Range): Sql => ({
  sql: `coalesce(coalesce(a.age_from, a.age_to) <= ? and coalesce(a.age_to, a.age_from) >= ?, false)`,
  bindings: [to, from],
});

const durationIn = ({ from, to }: Range): Sql => ({ sql: 'coalesce(a.minutes between ? and ?, false)', bindings: [from, to] });

function anyBand(condition: (range: Range) => Sql, bands: readonly Range[], chosen: string[]): Sql {
  const parts = bands.filter(({ value }) => chosen.includes(value)).map(condition);
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

/** Counts of the facets that are no concepts: rows of facet, value, count. */
export function plainCountsSql(personId: string | null): Sql {
  const mine = mineSql(personId);
  const rows: Sql[] = [
    counted('kind', 'a.kind'),
    counted('language', 'a.language'),
    counted('provider', 'a.provider'),
    counted('audience', `case when a.teacher_only then 'teacher' else 'pupil' end`),
    counted('owner', `case when a.school_id is null then 'shared' else 'school' end`),
    {
      sql: `select 'owner' as facet, 'mine' as value from candidates a where missed <@ array['owner'] and ${mine.sql}`,
      bindings: mine.bindings,
    },
    ...ageBands.map((band) => countedBand('age', band, ageOverlaps(band))),
    ...durationBands.map((band) => countedBand('duration', band, durationIn(band))),
  ];
  return {
    sql: `select facet, value, count(*)::int as count from (${rows.map(({ sql }) => sql).join(' union all ')}) as v group by facet, value`,
    bindings: rows.flatMap(({ bindings }) => bindings),
  };
}

const counted = (facet: string, value: string): Sql => ({
  sql: `select '${facet}' as facet, ${value} as value from candidates a where missed <@ array['${facet}']`,
  bindings: [],
});

const countedBand = (facet: string, { value }: Range, condition: Sql): Sql => ({
  sql: `select '${facet}' as facet, '${value}' as value from candidates a where missed <@ array['${facet}'] and ${condition.sql}`,
  bindings: condition.bindings,
});

/**
 * Counts of concepts: an activity counts for its concepts and all that is broader. `missed` names the one facet whose choice
 * keeps the counted activities out of the results, null where they are in them. Facets are put together from these outside the
 * database: joining the facets' collections here leaves the planner without a good estimate.
 */
export const conceptCountsSql: Sql = {
  sql: `select up.ancestor as uri, a.missed[1] as missed, count(distinct a.id)::int as count
    from candidates a
    join activity_concepts l on l.activity_id = a.id
    join concept_ancestors up on up.uri = l.concept_uri
    where cardinality(a.missed) <= 1
    group by up.ancestor, a.missed[1]`,
  bindings: [],
};

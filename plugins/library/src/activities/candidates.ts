import { querySql, wordQueries, wordSql } from '../text.js';
import { accessSql, type SourcesByAccess } from './access.js';
import type { Asked, Level } from './asked.js';
import { type ActivityQuery, ageBands, durationBands } from './filter.js';
import { availableSql, mineSql, type Offer } from './offered.js';
import { synonymsOf } from './synonyms.js';

export interface Sql {
  sql: string;
  bindings: unknown[];
}

/** The condition of one facet on a row of `activities a`; never null. */
interface Condition extends Sql {
  facet: string;
}

/**
 * Ranks activities with all words in the title first, then those with all words in title, keywords and concepts, then the others, then those
 * that have synonyms only; within each group by frequency and position of the words, relative to the length of the text.
 */
const rankSql = `case when ts_filter(a.search, '{a}') @@ asked.literal then 2 when ts_filter(a.search, '{a,b}') @@ asked.literal then 1
              when a.search @@ asked.literal then 0 else -1 end
            + ts_rank('{0.05, 0.2, 0.5, 1.0}', a.search, asked.query, 1)`;

/** The reader's language counts slightly more than one step of {@link rankSql}; drafts come after finished activities. */
const weightSql = `case when split_part(a.language, '-', 1) = ? then 1.1 else 0 end
            - case when a.title like '%(%' and a.title ~* '\\((in ){0,1}(draft|ontwerp|concept|brouillon|en construction)\\M[^)]*\\)' then 4 else 0 end`;

/**
 * The activities that match the words, each with the facet whose condition it does not meet (`missed`); those that miss two count nowhere and
 * are left out. The results are its rows with `missed = '{}'`. The counts of a facet apply every filter except the facet's own (`missed <@ array[facet]`).
 */
export function candidatesSql(
  query: ActivityQuery,
  question: Asked | null,
  reader: Reader,
  facetOfConcept: ReadonlyMap<string, string>,
): Sql {
  const { personId } = reader;
  const asked = question === null ? null : expanded(question.words);
  const literal = question === null ? null : querySql(question.words);
  const levels = (question?.levels ?? []).map(levelSql);
  const conditions = conditionsOf(query, reader, facetOfConcept);
  const access = accessSql(reader.access);
  const missed = conditions.map(({ sql }) => `case when not (${sql}) then ? end`).join(', ');
  const shown: Sql = query.withdrawn
    ? { sql: `not a.available and ${mineSql(personId).sql}`, bindings: mineSql(personId).bindings }
    : availableSql(reader.offer, personId);
  const nothing = question !== null && asked === null && levels.length === 0;
  const found = [nothing ? 'false' : asked === null ? 'true' : 'a.search @@ asked.query', ...levels.map(({ sql }) => sql)];
  return {
    sql: `asked as materialized (select ${asked?.sql ?? `''::tsquery`} as query, ${literal?.sql ?? `''::tsquery`} as literal),
      candidates as materialized (
        -- Without "offset 0" the planner would compute the facets twice.
        select * from (
        select a.id, a.school_id is null as shared, a.kind, a.language, a.provider, a.minutes, a.age_from, a.age_to, a.teacher_only, a.title, a.created_at,
          ${access.sql} as access,
          ${question === null ? '0' : `${asked ? rankSql : '0'} + ${weightSql}`} as rank,
          array_remove(array[${missed}]::text[], null) as missed
        from activities a cross join asked
        where ${shown.sql} and ${found.join(' and ')} offset 0
        ) as each where cardinality(missed) <= 1
      )`,
    bindings: [
      ...(asked?.bindings ?? []),
      ...(literal?.bindings ?? []),
      ...access.bindings,
      ...(question === null ? [] : [reader.language]),
      ...conditions.flatMap(({ bindings, facet }) => [...bindings, facet]),
      ...shown.bindings,
      ...levels.flatMap(({ bindings }) => bindings),
    ],
  };
}

/** The words with their synonyms, and what the whole of them is called otherwise: `kunstmatige intelligentie`, `AI`. */
function expanded(asked: readonly string[]): Sql | null {
  const found = querySql(asked, synonymsOf);
  const phrase = asked.length < 2 ? [] : synonymsOf(asked.join(' ')).map(wordSql);
  if (found === null || phrase.length === 0) return found;
  return {
    sql: `((${found.sql}) || ${phrase.map(({ sql }) => `(${sql})`).join(' || ')})`,
    bindings: [...found.bindings, ...phrase.flatMap(({ bindings }) => bindings)],
  };
}

/** An activity is on a level by its ages or by the level's name, because concepts of the education structure are indexed as words. */
function levelSql({ name, ages }: Level): Sql {
  const parts = [{ sql: `a.search @@ plainto_tsquery('simple', ?)`, bindings: [name] as unknown[] }, ...ages.map(ageOverlaps)];
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

/** For a query without results: which words match any activity, and the number of results without each word. */
export function missingWordsSql(
  query: ActivityQuery,
  { words: asked, levels }: Asked,
  reader: Reader,
  facetOfConcept: ReadonlyMap<string, string>,
): Sql {
  const queries = wordQueries(asked, synonymsOf);
  const available = availableSql(reader.offer, reader.personId);
  const narrowing = [...conditionsOf(query, reader, facetOfConcept), ...levels.map(levelSql)];
  return {
    sql: `with asked as materialized (select ${queries.map(({ sql }, index) => `${sql} as q${index}`).join(', ')}),
      matched as materialized (
        select array[${queries.map((_, index) => `a.search @@ asked.q${index}`).join(', ')}] as has,
          (${narrowing.map(({ sql }) => sql).join(' and ') || 'true'}) as passes,
          count(*) as times
        from activities a cross join asked where ${available.sql}
        group by has, passes
      )
      select place, coalesce(bool_or(has[place]), false) as known,
        coalesce(sum(times) filter (where passes and not has[place] and cardinality(array_positions(has, true)) = ?::int), 0)::int as without
      from matched cross join generate_series(1, ?::int) as place group by place order by place`,
    bindings: [
      ...queries.flatMap(({ bindings }) => bindings),
      ...narrowing.flatMap(({ bindings }) => bindings),
      ...available.bindings,
      asked.length - 1,
      asked.length,
    ],
  };
}

function conditionsOf(
  query: ActivityQuery,
  { personId, access }: Reader,
  facetOfConcept: ReadonlyMap<string, string>,
): Condition[] {
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
  add('access', query.access, () => {
    const { sql, bindings } = accessSql(access);
    return { sql: `coalesce(${sql} = any(?::text[]), false)`, bindings: [...bindings, query.access] };
  });
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

export interface Reader {
  personId: string | null;
  /** `nl`, `en` or `fr`. */
  language: string;
  offer: Offer;
  access: SourcesByAccess;
}

interface Range {
  value: string;
  from: number;
  to: number;
}

/** An activity without ages is in no age band. */
const ageOverlaps = ({ from, to }: Pick<Range, 'from' | 'to'>): Sql => ({
  sql: `coalesce(coalesce(a.age_from, a.age_to) <= ? and coalesce(a.age_to, a.age_from) >= ?, false)`,
  bindings: [to, from],
});

const durationIn = ({ from, to }: Range): Sql => ({ sql: 'coalesce(a.minutes between ? and ?, false)', bindings: [from, to] });

function anyBand(condition: (range: Range) => Sql, bands: readonly Range[], chosen: string[]): Sql {
  const parts = bands.filter(({ value }) => chosen.includes(value)).map(condition);
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

/**
 * Counts of facets other than concepts, as rows of facet, value and count. Activities that are equal in all these facets are first counted
 * together (`alike`), so that the long table is read only once.
 */
export function plainCountsSql(personId: string | null): Sql {
  const mine = mineSql(personId);
  const rows: Sql[] = [
    counted('kind', 'a.kind'),
    counted('language', 'a.language'),
    counted('provider', 'a.provider'),
    counted('audience', `case when a.teacher_only then 'teacher' else 'pupil' end`),
    counted('access', 'a.access', 'and a.access is not null'),
    counted('owner', `case when a.shared then 'shared' else 'school' end`),
    {
      sql: `select 'owner' as facet, 'mine' as value, 1 as times from candidates a where not a.shared and missed <@ array['owner'] and ${mine.sql}`,
      bindings: mine.bindings,
    },
    ...ageBands.map((band) => countedBand('age', band, ageOverlaps(band))),
    ...durationBands.map((band) => countedBand('duration', band, durationIn(band))),
  ];
  return {
    sql: `with alike as materialized (
        select kind, language, provider, teacher_only, shared, access, minutes, age_from, age_to, missed, count(*) as times
        from candidates where cardinality(missed) <= 1
        group by kind, language, provider, teacher_only, shared, access, minutes, age_from, age_to, missed
      )
      select facet, value, sum(times)::int as count from (${rows.map(({ sql }) => sql).join(' union all ')}) as v group by facet, value`,
    bindings: rows.flatMap(({ bindings }) => bindings),
  };
}

const counted = (facet: string, value: string, more = ''): Sql => ({
  sql: `select '${facet}' as facet, ${value} as value, times from alike a where missed <@ array['${facet}'] ${more}`,
  bindings: [],
});

const countedBand = (facet: string, { value }: Range, condition: Sql): Sql => ({
  sql: `select '${facet}' as facet, '${value}' as value, times from alike a where missed <@ array['${facet}'] and ${condition.sql}`,
  bindings: condition.bindings,
});

/**
 * Counts of concepts. An activity counts for its concepts and all broader ones. `missed`: the only facet whose filter excludes the counted
 * activities from the results; null if they are results. Activities with the same concepts are counted together (`alike`, by the number of
 * their concepts and the sum of their hashes), so that broader concepts are looked up once for all of them. Facets are built from this
 * outside the database, because the planner estimates a join with the facets' collections badly.
 */
export const conceptCountsSql: Sql = {
  sql: `with linked as (
      select a.id, a.missed[1] as missed, count(*) as links, sum(hashtextextended(l.concept_uri, 0)) as hashes
      from candidates a join activity_concepts l on l.activity_id = a.id
      where cardinality(a.missed) <= 1
      group by a.id, a.missed[1]
    ), alike as materialized (
      select min(id::text)::uuid as id, missed, count(*) as times from linked group by missed, links, hashes
    )
    select uri, missed, sum(times)::int as count
    from (
      select distinct k.id, k.missed, k.times, up.ancestor as uri
      from alike k
      join activity_concepts l on l.activity_id = k.id
      join concept_ancestors up on up.uri = l.concept_uri
    ) as each
    group by uri, missed`,
  bindings: [],
};

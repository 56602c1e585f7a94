import type { Dependencies } from '../dependencies.js';
import { availableSql, offerFor } from './offered.js';

/** Activities that share a concept, from which the most alike are taken. A common concept must not make this slow. */
const mostCompared = 2_000;

/**
 * Ids of available activities with a concept of this one, or with one beside it in the scheme; the most alike first. One statement.
 *
 * @param unlicensed sources that are left out
 * @param ending sources whose licence ends soon: their activities come last
 */
export async function alternativesTo(
  { knex, contributions, principal }: Pick<Dependencies, 'knex' | 'contributions' | 'principal'>,
  id: string,
  limit: number,
  { unlicensed, ending }: { unlicensed: readonly string[]; ending: readonly string[] },
): Promise<string[]> {
  const offered = availableSql(offerFor({ contributions, principal }), principal.kind === 'person' ? principal.id : null);
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `with old as (select * from activities where id = ?::uuid),
     wanted as (select l.concept_uri as uri from activity_concepts l join old on l.activity_id = old.id),
     same as (
       select l.activity_id, count(*) as shared from activity_concepts l join wanted w on w.uri = l.concept_uri
       group by l.activity_id order by shared desc, l.activity_id limit ?),
     above as (
       select distinct unnest(c.broader) as uri from wanted w
       cross join lateral (select broader from newest_concepts where uri = w.uri limit 1) as c),
     beside as (
       select distinct l.activity_id from above
       join concept_ancestors down on down.ancestor = above.uri
       join activity_concepts l on l.concept_uri = down.uri limit ?),
     near as (
       select activity_id, max(shared) as shared from (
         select activity_id, shared from same union all select activity_id, 0 from beside) as n
       group by activity_id)
     select a.id from near join activities a on a.id = near.activity_id cross join old
     where a.id <> old.id and a.superseded_by is null and a.teacher_only = old.teacher_only and ${offered.sql}
       and not a.source = any(?::text[])
     order by a.source = any(?::text[]), split_part(a.language, '-', 1) = split_part(old.language, '-', 1) desc,
       near.shared desc,
       coalesce(a.age_from <= old.age_to and a.age_to >= old.age_from, false) desc,
       abs(a.difficulty - old.difficulty) nulls last,
       a.kind = old.kind desc,
       a.title, a.id
     limit ?`,
    [id, mostCompared, mostCompared, ...(offered.bindings as string[][]), [...unlicensed], [...ending], limit] as string[],
  );
  return rows.map((row) => row.id);
}

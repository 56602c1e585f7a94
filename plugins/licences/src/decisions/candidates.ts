import type { Knex } from 'knex';
import type { Candidate } from './decide.js';

/** A plan that ended longer ago explains nothing any more. */
const explainedDays = 400;
/** Plans of one question. A school has some tens of tools, with a plan or two each; somebody may work in a hundred schools. */
const mostCandidates = 50_000;

export interface FoundCandidate extends Candidate {
  tool: string;
  school: string;
}

/**
 * The tools that need a licence, each with the plans of these schools as they stand for one person: one statement. A tool of which a school
 * has no plan has no candidate. Requires the system principal, since seats of all schools of a plan count.
 *
 * @param tools null: all that need a licence
 */
export async function candidatesFor(
  knex: Knex,
  asked: { schools: readonly string[]; person: string | null; tools: readonly string[] | null; today: string },
): Promise<{ tools: string[]; candidates: FoundCandidate[] }> {
  const { rows } = await knex.raw<{ rows: (Record<keyof FoundCandidate, never> & { tool: string; plan: string | null })[] }>(
    `select t.tool_key as tool, c.*
     from tools t left join lateral (
       select g.school_id as school, p.id as plan, p.name, p.starts_on as "startsOn", p.ends_on as "endsOn",
         p.grace_days as "graceDays", p.seats, p.counts, g.most_seats as cap,
         (select count(*)::int from seats s where s.plan_id = p.id and s.withdrawn_at is null) as used,
         (select count(*)::int from seats s where s.plan_id = p.id and s.school_id = g.school_id and s.withdrawn_at is null)
           as "usedHere",
         p.withdrawn_at is not null or g.withdrawn_at is not null as withdrawn,
         coalesce((select o.only_chosen from school_choices o where o.plan_id = p.id and o.school_id = g.school_id), false)
           as "onlyChosen",
         exists (select from class_choices k join directory.class_members m on m.class_id = k.class_id and m.role = 'pupil'
           where k.plan_id = p.id and k.school_id = g.school_id and m.person_id = ?::uuid) as chosen,
         (select case when s.withdrawn_at is null then 'held' else 'withdrawn' end from seats s
           where s.plan_id = p.id and s.person_id = ?::uuid and s.school_id = g.school_id) as seat
       from grants g join plans p on p.id = g.plan_id
       where g.school_id = any(?::uuid[]) and t.tool_key = any(p.tools) and p.provider_id = t.provider_id
         and p.ends_on > ?::date - ${explainedDays}
     ) c on true
     ${asked.tools === null ? '' : 'where t.tool_key = any(?::text[])'}
     order by t.tool_key, c."endsOn" desc nulls last
     limit ${mostCandidates}`,
    [
      asked.person,
      asked.person,
      [...asked.schools],
      asked.today,
      ...(asked.tools === null ? [] : [[...asked.tools]]),
    ] as unknown as string[],
  );
  return {
    tools: [...new Set(rows.map(({ tool }) => tool))],
    candidates: rows.filter(({ plan }) => plan !== null) as unknown as FoundCandidate[],
  };
}

import type { Knex } from 'knex';
import type { Candidate } from './decide.js';

/** A plan that ended longer ago explains nothing any more. */
const explainedDays = 400;
/** Plans of one tool, those that end last. Somebody with fifty schools has some hundred of them. */
const mostOfTool = 1_000;
const mostTools = 5_000;

export interface FoundCandidate extends Candidate {
  tool: string;
  school: string;
  /** The day in Brussels on which the plan or its grant was withdrawn; null if neither was. */
  withdrawnOn: string | null;
}

export interface FoundTool {
  key: string;
  /** The day in Brussels since which it needs a licence. */
  since: string;
}

interface Row extends FoundTool {
  candidates: Omit<FoundCandidate, 'tool'>[];
}

/**
 * The tools that need a licence, each with the plans of these schools as they stand for one person: one statement. A tool of which a school
 * has no plan has no candidate. Seats are counted only where a free one matters. Requires the system principal, since seats of all schools
 * of a plan count.
 *
 * @param tools null: all that need a licence
 * @throws if there are more tools than are read: a tool that was left out would look free
 */
export async function candidatesFor(
  knex: Knex,
  asked: { schools: readonly string[]; person: string | null; tools: readonly string[] | null; today: string },
): Promise<{ tools: FoundTool[]; candidates: FoundCandidate[] }> {
  const ofTools = asked.tools === null ? [] : [[...asked.tools]];
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `with granted as materialized (
       select g.school_id as school, p.id as plan, p.name, p.tools, p.provider_id, p.starts_on as "startsOn", p.ends_on as "endsOn",
         p.grace_days as "graceDays", p.seats, p.counts, g.most_seats as cap,
         p.withdrawn_at is not null or g.withdrawn_at is not null as withdrawn,
         (least(p.withdrawn_at, g.withdrawn_at) at time zone 'Europe/Brussels')::date as "withdrawnOn",
         coalesce((select o.only_chosen from school_choices o where o.plan_id = p.id and o.school_id = g.school_id), false)
           as "onlyChosen",
         exists (select from class_choices k join directory.class_members m on m.class_id = k.class_id and m.role = 'pupil'
           where k.plan_id = p.id and k.school_id = g.school_id and m.person_id = ?::uuid) as chosen,
         (select case
             when s.withdrawn_at is not null then case when s.school_id = g.school_id then 'withdrawn' end
             when s.school_id = g.school_id or exists (
               select from directory.people_summaries o where o.id = s.person_id and o.active and s.school_id = any(o.school_ids))
               then 'held'
             else 'elsewhere' end
           from seats s where s.plan_id = p.id and s.person_id = ?::uuid) as seat
       from grants g join plans p on p.id = g.plan_id
       where g.school_id = any(?::uuid[]) and p.ends_on > ?::date - ${explainedDays}
         ${asked.tools === null ? '' : 'and p.tools && ?::text[]'}),
     counted as materialized (
       select s.plan_id, s.school_id, count(*)::int as used from seats s
       where s.withdrawn_at is null and s.plan_id in (select plan from granted where seats is not null and seat is distinct from 'held')
       group by s.plan_id, s.school_id)
     select t.tool_key as key, (t.since at time zone 'Europe/Brussels')::date::text as since,
       coalesce((select jsonb_agg(to_jsonb(c) - '{tools,provider_id}'::text[]) from (
         select granted.*,
           coalesce((select sum(n.used)::int from counted n where n.plan_id = granted.plan), 0) as used,
           coalesce((select n.used from counted n where n.plan_id = granted.plan and n.school_id = granted.school), 0) as "usedHere"
         from granted where t.tool_key = any(granted.tools) and granted.provider_id = t.provider_id
         order by granted."endsOn" desc, granted.plan limit ${mostOfTool}) c), '[]'::jsonb) as candidates
     from tools t ${asked.tools === null ? '' : 'where t.tool_key = any(?::text[])'}
     order by t.tool_key limit ${mostTools + 1}`,
    [asked.person, asked.person, [...asked.schools], asked.today, ...ofTools, ...ofTools] as unknown as string[],
  );
  if (rows.length > mostTools) throw new Error(`More than ${mostTools} tools need a licence.`);
  return {
    tools: rows.map(({ key, since }) => ({ key, since })),
    candidates: rows.flatMap(({ key, candidates }) => candidates.map((each) => ({ ...each, tool: key }))),
  };
}

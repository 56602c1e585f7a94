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
  /** How it stands for the pupils whom `teacher` teaches in the school, numbered from 1; null: there are none, or nobody was asked about. */
  taught: {
    pupils: number;
    /** Those to no class of whom it was handed out. */
    unchosen: number[];
    /** As `seat`, of those of whom that is not null. */
    seats: Record<number, Candidate['seat']>;
  } | null;
}

export interface FoundTool {
  key: string;
  /** The day in Brussels since which it needs a licence. */
  since: string;
}

/**
 * SQL: how a seat `s` stands for a launch in this school. One that was taken back with a class hinders nobody who has the licence by another
 * class.
 */
const seatSql = (school: string, chosen: string) => `case
  when s.withdrawn_at is not null then
    case when s.school_id = ${school} and not (s.way = 'class' and ${chosen}) then 'withdrawn' end
  when s.school_id = ${school} or exists (
    select from directory.people_summaries o where o.id = s.person_id and o.active and s.school_id = any(o.school_ids)) then 'held'
  else 'elsewhere' end`;

/** SQL: whether a plan was handed out to a class in which the person is a pupil. */
const chosenSql = (plan: string, school: string, person: string) => `exists (
  select from class_choices k join directory.class_members m on m.class_id = k.class_id and m.role = 'pupil'
  where k.plan_id = ${plan} and k.school_id = ${school} and m.person_id = ${person})`;

interface Row extends FoundTool {
  candidates: Omit<FoundCandidate, 'tool'>[];
}

/**
 * The tools that need a licence, each with the plans of these schools as they stand for one person: one statement. A tool of which a school
 * has no plan has no candidate. Seats are counted only where a free one matters. Requires the system principal, since seats of all schools
 * of a plan count.
 *
 * @param asked.teacher whose pupils count for `taught`; null: nobody's
 * @param asked.tools null: all that need a licence
 * @throws if there are more tools than are read: a tool that was left out would look free
 */
export async function candidatesFor(
  knex: Knex,
  asked: {
    schools: readonly string[];
    person: string | null;
    teacher?: string | null;
    tools: readonly string[] | null;
    today: string;
  },
): Promise<{ tools: FoundTool[]; candidates: FoundCandidate[] }> {
  const ofTools = asked.tools === null ? [] : [[...asked.tools]];
  const teacher = asked.teacher ?? null;
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `with taught as materialized (
       select distinct w.school_id, l.person_id, dense_rank() over (partition by w.school_id order by l.person_id) as n
       from directory.class_members w join directory.class_members l on l.class_id = w.class_id and l.role = 'pupil'
       where w.person_id = ?::uuid and w.role = 'teacher' and w.school_id = any(?::uuid[])),
     granted as materialized (
       select g.school_id as school, p.id as plan, p.name, p.tools, p.provider_id, p.starts_on as "startsOn", p.ends_on as "endsOn",
         p.grace_days as "graceDays", p.seats, p.counts, g.most_seats as cap,
         p.withdrawn_at is not null or g.withdrawn_at is not null as withdrawn,
         (least(p.withdrawn_at, g.withdrawn_at) at time zone 'Europe/Brussels')::date as "withdrawnOn",
         coalesce((select o.only_chosen from school_choices o where o.plan_id = p.id and o.school_id = g.school_id), false)
           as "onlyChosen",
         ${chosenSql('p.id', 'g.school_id', 'a.person')} as chosen,
         (select ${seatSql('g.school_id', chosenSql('p.id', 'g.school_id', 'a.person'))}
           from seats s where s.plan_id = p.id and s.person_id = a.person) as seat,
         (select case when count(*) > 0 then jsonb_build_object(
             'pupils', count(*),
             'unchosen', coalesce(jsonb_agg(o.n) filter (where not o.chosen), '[]'::jsonb),
             'seats', coalesce(jsonb_object_agg(o.n, o.seat) filter (where o.seat is not null), '{}'::jsonb)) end
           from (
             select t.n, ${chosenSql('p.id', 'g.school_id', 't.person_id')} as chosen,
               (select ${seatSql('g.school_id', chosenSql('p.id', 'g.school_id', 't.person_id'))}
                 from seats s where s.plan_id = p.id and s.person_id = t.person_id) as seat
             from taught t where t.school_id = g.school_id) o) as taught
       from grants g join plans p on p.id = g.plan_id, (select ?::uuid as person) as a
       where g.school_id = any(?::uuid[]) and p.ends_on > ?::date - ${explainedDays}
         ${asked.tools === null ? '' : 'and p.tools && ?::text[]'}),
     counted as materialized (
       select s.plan_id, s.school_id, count(*)::int as used from seats s
       where s.withdrawn_at is null and s.plan_id in (
         select plan from granted where seats is not null and (seat is distinct from 'held' or taught is not null))
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
    [teacher, [...asked.schools], asked.person, [...asked.schools], asked.today, ...ofTools, ...ofTools] as unknown as string[],
  );
  if (rows.length > mostTools) throw new Error(`More than ${mostTools} tools need a licence.`);
  return {
    tools: rows.map(({ key, since }) => ({ key, since })),
    candidates: rows.flatMap(({ key, candidates }) => candidates.map((each) => ({ ...each, tool: key }))),
  };
}

/**
 * How plans of a school stand for many people: whether they were handed out to a class of theirs, and their seats. One statement. Requires the
 * system principal.
 */
export async function standingOf(
  knex: Knex,
  plans: readonly string[],
  school: string,
  people: readonly string[],
): Promise<(person: string, plan: string) => Pick<Candidate, 'chosen' | 'seat'>> {
  const { rows } = await knex.raw<{ rows: ({ plan: string; person: string } & Pick<Candidate, 'chosen' | 'seat'>)[] }>(
    `select p.plan, o.person, ${chosenSql('p.plan', 'a.school', 'o.person')} as chosen,
       (select ${seatSql('a.school', chosenSql('p.plan', 'a.school', 'o.person'))}
         from seats s where s.plan_id = p.plan and s.person_id = o.person) as seat
     from unnest(?::uuid[]) as p (plan), unnest(?::uuid[]) as o (person), (select ?::uuid as school) as a`,
    [[...new Set(plans)], [...people], school] as unknown as string[],
  );
  const found = new Map(rows.map(({ plan, person, ...standing }) => [`${plan} ${person}`, standing]));
  return (person, plan) => found.get(`${plan} ${person}`) ?? { chosen: false, seat: null };
}

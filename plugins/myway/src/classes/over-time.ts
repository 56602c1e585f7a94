import { notFound } from '@ilearn/core';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { mondayOf } from '../progress/school-activity.js';
import { mostTopics, mostWeeks, type PupilWeeks, type TopicList, type TopicProgress } from './model.js';

/** The facet of the library with the onderwijsdoelen. */
const goals = 'onderwijsdoel';
const weekInMs = 7 * 86_400_000;

/** The share of the maximum that counts: a teacher's own score, else that of the tool. */
const share = `least(1, coalesce(r.own_given, r.score_given) / coalesce(r.own_maximum, r.score_maximum))`;

/**
 * Results gathered by topic of the curriculum and by week, over all paths and tools. Only for teachers of the class, and only of its current
 * pupils. Each method sends the same number of statements for any number of results.
 */
export class OverTime {
  private readonly knex;
  private readonly config;
  private readonly calendar;
  private readonly directory;
  private readonly library;
  private readonly principal;
  private readonly assignments;

  constructor({
    knex,
    config,
    calendar,
    directory,
    library,
    principal,
    assignments,
  }: Dependencies & { assignments: Assignments }) {
    this.knex = knex;
    this.config = config;
    this.calendar = calendar;
    this.directory = directory;
    this.library = library;
    this.principal = principal;
    this.assignments = assignments;
  }

  /** @throws 404 if the principal may not see the class */
  async topicsOfClass(classId: string): Promise<TopicList> {
    if ((await this.directory.classes.get(classId)) === null) throw notFound();
    const teachers = await this.directory.classes.teachersOf(classId);
    if (!teachers.some(({ id }) => id === this.principal.id)) return { taught: false, topics: [], more: false };
    return this.topics([classId], null);
  }

  /** @throws 404 if the principal may not see the person */
  async topicsOfPupil(pupilId: string): Promise<TopicList> {
    const classIds = await this.sharedClasses(pupilId);
    return classIds.length === 0 ? { taught: false, topics: [], more: false } : this.topics(classIds, pupilId);
  }

  /** @throws 404 if the principal may not see the person */
  async weeksOfPupil(pupilId: string): Promise<PupilWeeks> {
    const classIds = await this.sharedClasses(pupilId);
    if (classIds.length === 0) return { taught: false, weeks: [] };
    const { tenants } = this.principal;
    const school = tenants === '*' ? undefined : tenants[0];
    const zone = await this.calendar.timeZone(school);
    const thisMonday = mondayOf(await this.calendar.today(school));
    const first = new Date(Date.parse(thisMonday) - (mostWeeks - 1) * weekInMs).toISOString().slice(0, 10);
    const { rows } = await this.knex.raw<{ rows: { monday: string; done: number; tries: number; average: number | null }[] }>(
      `select to_char(date_trunc('week', at at time zone ?), 'YYYY-MM-DD') as monday,
         count(*) filter (where kind = 'done')::int as done,
         count(*) filter (where kind = 'try')::int as tries,
         avg(share) as average
       from (
         select 'done' as kind, r.done_at as at, null::float8 as share
         from results r join assignments a on a.id = r.assignment_id
         where r.pupil_id = ?::uuid and r.state = 'done' and a.class_id = any(?::uuid[])
         union all
         select 'try', t.scored_at, least(1, t.score_given / t.score_maximum)
         from attempts t join assignments a on a.id = t.assignment_id
         where t.pupil_id = ?::uuid and a.class_id = any(?::uuid[])) as work
       where at >= ?::date::timestamp at time zone ?
       group by 1 order by 1 limit ?`,
      [zone, pupilId, classIds, pupilId, classIds, first, zone, mostWeeks] as string[],
    );
    const known = new Map(rows.map((row) => [row.monday, row]));
    const begin = rows[0]?.monday;
    const weeks: PupilWeeks['weeks'] = [];
    for (let at = Date.parse(begin ?? ''); at <= Date.parse(thisMonday); at += weekInMs) {
      const monday = new Date(at).toISOString().slice(0, 10);
      weeks.push(known.get(monday) ?? { monday, done: 0, tries: 0, average: null });
    }
    return { taught: true, weeks };
  }

  /** Classes and groups in which the principal teaches and the person learns. */
  private async sharedClasses(pupilId: string): Promise<string[]> {
    if ((await this.directory.people.get(pupilId)) === null) throw notFound();
    const taught = new Set((await this.assignments.classesOf(this.principal)).map(({ id }) => id));
    const classes = await this.directory.classes.ofPerson(pupilId, 'pupil');
    return classes.map(({ id }) => id).filter((id) => taught.has(id));
  }

  private async topics(classIds: readonly string[], pupilId: string | null): Promise<TopicList> {
    const { rows } = await this.knex.raw<{ rows: (Omit<TopicProgress, 'label' | 'isGoal'> & { uri: string })[] }>(
      `select t.concept_uri as uri,
         count(distinct t.activity_id)::int as activities,
         count(distinct r.pupil_id) filter (where r.state = 'done')::int as pupils,
         count(*) filter (where r.state = 'done')::int as done,
         count(${share})::int as scored,
         avg(${share}) as average,
         count(*) filter (where ${share} < ?::float8)::int as low
       from assignments a
       join results r on r.assignment_id = a.id and r.state <> 'todo'
       join directory.class_members m on m.class_id = a.class_id and m.person_id = r.pupil_id and m.role = 'pupil'
       join steps s on s.id = r.step_id
       join library.activity_topics t on t.activity_id = case when r.other_activity is null then s.activity_id else r.other_activity end
       where a.class_id = any(?::uuid[]) and (?::uuid is null or r.pupil_id = ?::uuid)
       group by t.concept_uri
       order by done desc, t.concept_uri
       limit ?`,
      [this.config.goodEnough, [...classIds], pupilId, pupilId, mostTopics + 1] as string[],
    );
    const named = new Map((await this.library.activities.topics(rows.map(({ uri }) => uri))).map((topic) => [topic.uri, topic]));
    const topics = rows.slice(0, mostTopics).flatMap((row): TopicProgress[] => {
      const topic = named.get(row.uri);
      return topic === undefined ? [] : [{ ...row, label: topic.label, isGoal: topic.facet === goals }];
    });
    return {
      taught: true,
      topics: topics.sort((one, other) => Number(other.isGoal) - Number(one.isGoal) || other.done - one.done),
      more: rows.length > mostTopics,
    };
  }
}

import { createHmac } from 'node:crypto';
import { conflict, notFound, Problem } from '@ilearn/core';
import { addDays, periodOf } from '@ilearn/plugin-cube';
import type { StudyDependencies } from './dependencies.js';
import type { Studies } from './studies.js';
import { askedOf, daysToFetch, type Study } from './study.js';
import type { StudyTokens } from './study-tokens.js';

interface Needs extends StudyDependencies {
  studies: Studies;
  studyTokens: StudyTokens;
}

/** Weeks of a study, both by their Monday. */
export interface Weeks {
  from: string;
  to: string;
}

export interface Delivery extends Weeks {
  id: string;
  study: string;
  /** With which it was asked for: a token that no longer holds ends it. */
  authorization: string | undefined;
}

/** What was delivered of one person. */
export interface Delivered extends Weeks {
  fetchedAt: Date;
  rows: number;
}

/** `since`: of the first yes under which is kept what they do; null if it was not written down. */
interface Participant {
  person_id: string;
  since: Date | null;
}

/** One row of a delivered file. */
type Row = (string | number)[];

export const mostShown = 100;
/** Each delivery leaves a row for everybody who is in it. */
const mostADay = 50;
const peopleAtOnce = 200;

export const head = ({ names }: Pick<Study, 'names'>): string[] => [
  'pupil',
  ...(names ? ['given_name', 'family_name', 'school'] : []),
  ...['week', 'measure', 'item', 'amount'],
];

/**
 * What researchers fetch. Nothing is stored to be fetched later: each file is read when it is fetched, from those whose consent, school,
 * study and partner stand at that moment, and everybody who is in it is written down first.
 */
export class Deliveries {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Begins a delivery, which is written down. Days stand for their weeks.
   *
   * @param authorization header with the token of the study
   * @throws Problem 401 for an unknown token; 404 for that of another study; 409 unless it is running, or was over too long ago; 429 after 50 in a day
   */
  async begin(authorization: string | undefined, study: string, { from, to }: Weeks): Promise<Delivery> {
    const { knex, calendar, locks, studies } = this.#needs;
    await this.#check(authorization, study);
    const { endsOn } = await studies.running(study);
    if (addDays(endsOn, daysToFetch) < (await calendar.today()))
      throw conflict('data-space/study-over', `Data are fetched until ${daysToFetch} days after the study.`);
    await locks.take(`deliveries of study ${study}`);
    const latest = await knex('study_deliveries')
      .where({ study_id: study })
      .whereRaw(`fetched_at > now() - interval '1 day'`)
      .limit(mostADay)
      .select('id');
    if (latest.length >= mostADay) throw tooMany();
    const weeks = { from: periodOf('week', from).startsOn, to: periodOf('week', to).startsOn };
    const [{ id }] = await knex('study_deliveries')
      .insert({ study_id: study, from_week: weeks.from, to_week: weeks.to })
      .returning('id');
    return { id, study, authorization, ...weeks };
  }

  /**
   * The rows of the next people, who are written down as delivered.
   *
   * @param after the last person before; null: the first
   * @returns `after`: null if there are no more people
   * @throws Problem 409 if the study was ended, 401 if its partner was stopped or the token replaced meanwhile
   */
  async next(
    { id, study, authorization, from, to }: Delivery,
    after: string | null,
  ): Promise<{ rows: Row[]; after: string | null }> {
    const { knex, studies } = this.#needs;
    const running = await studies.running(study);
    await this.#check(authorization, study);
    const asked = knex('study_participants as p')
      .join('study_schools as c', (join) => join.on('c.study_id', 'p.study_id').on('c.school_id', 'p.school_id'))
      .where({ 'p.study_id': study, 'c.state': 'agreed' })
      .groupBy('p.person_id')
      .select('p.person_id', knex.raw('min(p.since) as since'))
      .orderBy('p.person_id')
      .limit(peopleAtOnce);
    if (after !== null) asked.where('p.person_id', '>', after);
    const people: Participant[] = await asked;
    const found = await knex('study_acts as a')
      .join('study_schools as c', (join) => join.on('c.study_id', 'a.study_id').on('c.school_id', 'a.school_id'))
      .where({ 'a.study_id': study, 'c.state': 'agreed' })
      .whereIn('a.person_id', await this.#deliverable(study, people))
      .whereBetween('a.week', [from, to])
      .select({ person: 'a.person_id', school: 'a.school_id' }, 'a.week', 'a.measure', 'a.item', 'a.amount')
      .orderByRaw('a.person_id, a.week, a.measure, a.item, a.school_id');
    await this.#writeDown({ id, study }, found);
    return {
      rows: await this.#readable(running, found),
      after: people.length < peopleAtOnce ? null : (people.at(-1) as Participant).person_id,
    };
  }

  /** Deliveries of a study, the latest first. */
  async ofStudy(study: string): Promise<(Delivered & { people: number })[]> {
    const { knex } = this.#needs;
    const found = await knex('study_deliveries as d')
      .leftJoin('study_delivered as e', 'e.delivery_id', 'd.id')
      .where({ 'd.study_id': study })
      .groupBy('d.id')
      .select({ from: 'd.from_week', to: 'd.to_week', fetchedAt: 'd.fetched_at' })
      .select({ people: knex.raw('count(distinct e.person_id)::int'), rows: knex.raw('coalesce(sum(e.row_count), 0)::int') })
      .orderBy('d.fetched_at', 'desc')
      .orderBy('d.id')
      .limit(mostShown);
    return found;
  }

  /** What was delivered of a person, the latest first, as far as the reader may see it. */
  async ofPerson(study: string, person: string): Promise<Delivered[]> {
    const { knex } = this.#needs;
    return knex('study_delivered as e')
      .join('study_deliveries as d', 'd.id', 'e.delivery_id')
      .where({ 'e.study_id': study, 'e.person_id': person })
      .groupBy('d.id')
      .select({ from: 'd.from_week', to: 'd.to_week', fetchedAt: 'd.fetched_at' })
      .select({ rows: knex.raw('sum(e.row_count)::int') })
      .orderBy('d.fetched_at', 'desc')
      .orderBy('d.id')
      .limit(mostShown);
  }

  /**
   * Those of these people who said yes to this study, and who did not object to reports. Whose yes that stands is a later one than what is kept
   * follows when the event of it is handled.
   */
  async #deliverable(study: string, people: readonly Participant[]): Promise<string[]> {
    const { objections, privacy } = this.#needs;
    const ids = people.map(({ person_id }) => person_id);
    const standing = await privacy.consents.sinceAmong(ids, askedOf(study));
    const earlier = people.filter(
      ({ person_id, since }) => since !== null && since.getTime() !== standing.get(person_id)?.getTime(),
    );
    for (const { person_id } of earlier) standing.delete(person_id);
    const consenting = [...standing.keys()];
    return objections.usable(await objections.usable(consenting, 'research'), 'reports');
  }

  async #check(authorization: string | undefined, study: string): Promise<void> {
    if ((await this.#needs.studyTokens.studyOf(authorization)) !== study) throw notFound();
  }

  async #writeDown({ id, study }: Pick<Delivery, 'id' | 'study'>, found: { person: string; school: string }[]): Promise<void> {
    const counts = new Map<
      string,
      { delivery_id: string; study_id: string; school_id: string; person_id: string; row_count: number }
    >();
    for (const { person, school } of found) {
      const key = `${person} ${school}`;
      const before = counts.get(key) ?? { delivery_id: id, study_id: study, school_id: school, person_id: person, row_count: 0 };
      counts.set(key, { ...before, row_count: before.row_count + 1 });
    }
    if (counts.size > 0) await this.#needs.knex('study_delivered').insert([...counts.values()]);
  }

  async #readable(
    { id, names }: Study,
    found: { person: string; school: string; week: string; measure: string; item: string; amount: number }[],
  ): Promise<Row[]> {
    const { directory, secrets } = this.#needs;
    const key = await secrets.key('study-pseudonyms');
    const pseudonymOf = (person: string) => createHmac('sha256', key).update(`${id} ${person}`).digest('base64url').slice(0, 22);
    if (!names) return found.map(({ person, week, measure, item, amount }) => [pseudonymOf(person), week, measure, item, amount]);
    const ids = [...new Set(found.map(({ person }) => person))];
    const people = new Map((await directory.people.getMany(ids)).map((each) => [each.id, each]));
    const schools = await directory.schools.getMany([...new Set(found.map(({ school }) => school))]);
    const schoolNames = new Map(schools.map((each) => [each.id, each.name]));
    return found.map(({ person, school, week, measure, item, amount }) => {
      const { givenName = '', familyName = '' } = people.get(person) ?? {};
      return [pseudonymOf(person), givenName, familyName, schoolNames.get(school) ?? '', week, measure, item, amount];
    });
  }
}

const tooMany = (): Problem =>
  new Problem({
    type: 'data-space/too-many-deliveries',
    status: 429,
    title: 'Too many deliveries',
    detail: `Data of a study are fetched at most ${mostADay} times a day.`,
  });

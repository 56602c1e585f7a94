import type { Act } from '../activity/activity.js';
import type { StudyDependencies } from './dependencies.js';
import { askedOf, daysToFetch } from './study.js';

/** What one pupil does in a week is not counted beyond this. */
const most = 100_000;
const checkedAtOnce = 500;

/**
 * Who said yes to which study, and what they did since: nothing is kept of anybody else, and nothing from before. The database stores and
 * shows such rows only of people with a consent to research that stands, and none of restricted people.
 */
export class Participants {
  readonly #needs: StudyDependencies;

  constructor(needs: StudyDependencies) {
    this.#needs = needs;
  }

  /** Makes what is kept of a person agree with their answer as it is now, for the schools that let it ask a class of theirs. */
  async follow(study: string, person: string): Promise<void> {
    const { knex, privacy } = this.#needs;
    const since = (await privacy.consents.sinceAmong([person], askedOf(study))).get(person);
    const stored = () => knex('study_participants').where({ study_id: study, person_id: person });
    // What was kept under a consent that was withdrawn goes, also if another was given since.
    const ended = since === undefined ? await stored().delete() : await stored().where('since', '<>', since).delete();
    if (since === undefined || ended > 0) await knex('study_acts').where({ study_id: study, person_id: person }).delete();
    if (since === undefined) return;
    await knex.raw(
      `insert into study_participants (study_id, school_id, person_id, since)
       select c.study_id, c.school_id, ?::uuid, ?::timestamptz from study_schools c join studies s on s.id = c.study_id and s.state = 'approved'
        where c.study_id = ? and c.state = 'agreed' and exists (
          select from directory.class_members m
           where m.school_id = c.school_id and m.class_id = any (c.classes) and m.person_id = ?::uuid and m.role = 'pupil')
       for share of c, s
       on conflict do nothing`,
      [person, since, study, person],
    );
  }

  /** People of a school that agreed, who said yes at a moment. */
  async add(study: string, school: string, people: ReadonlyMap<string, Date>): Promise<void> {
    if (people.size === 0) return;
    await this.#needs
      .knex('study_participants')
      .insert([...people].map(([person_id, since]) => ({ study_id: study, school_id: school, person_id, since })))
      .onConflict()
      .ignore();
  }

  /**
   * Deletes what is of no use any more: of studies that are over for so long that nothing is fetched, and what could not be deleted when a
   * consent was withdrawn or a school stopped, because the person was restricted.
   */
  async tidy(): Promise<void> {
    const { knex, privacy } = this.#needs;
    const today = await this.#needs.calendar.today();
    await knex.raw(
      `delete from study_participants p using studies s, study_schools c
        where s.id = p.study_id and c.study_id = p.study_id and c.school_id = p.school_id
          and (s.state <> 'approved' or s.ends_on + ${daysToFetch} < ?::date or c.state <> 'agreed')`,
      [today],
    );
    for (let after: string[] | null = null; ; ) {
      const found = knex('study_participants')
        .distinct('study_id', 'person_id')
        .orderBy(['study_id', 'person_id'])
        .limit(checkedAtOnce);
      if (after !== null) found.whereRaw('(study_id, person_id) > (?::uuid, ?::uuid)', after);
      const rows: { study_id: string; person_id: string }[] = await found;
      const byStudy = new Map<string, string[]>();
      for (const { study_id, person_id } of rows) byStudy.set(study_id, [...(byStudy.get(study_id) ?? []), person_id]);
      for (const [study, people] of byStudy) {
        const consenting = await privacy.consents.among(people, askedOf(study));
        const others = people.filter((each) => !consenting.includes(each));
        await knex('study_participants').where({ study_id: study }).whereIn('person_id', others).delete();
      }
      const last = rows.at(-1);
      if (rows.length < checkedAtOnce || last === undefined) break;
      after = [last.study_id, last.person_id];
    }
    await knex.raw(
      `delete from study_acts a where not exists (
         select from study_participants p where p.study_id = a.study_id and p.person_id = a.person_id and p.school_id = a.school_id)`,
    );
  }

  /** Deletes what is kept of people of a school who are in none of these classes. */
  async keepOnly(study: string, school: string, classes: readonly string[]): Promise<void> {
    for (const table of ['study_acts', 'study_participants'])
      await this.#needs
        .knex(table)
        .where({ study_id: study, school_id: school })
        .whereRaw(
          `not exists (select from directory.class_members m
             where m.school_id = ? and m.class_id = any(?::uuid[]) and m.person_id = ${table}.person_id and m.role = 'pupil')`,
          [school, [...classes]],
        )
        .delete();
  }

  /** Counts what somebody did, for each study to which they said yes and that asks it today. */
  async act(done: Act): Promise<void> {
    const today = await this.#needs.calendar.today();
    await this.#needs.knex.raw(
      `insert into study_acts (study_id, school_id, person_id, week, measure, item, amount)
       select p.study_id, p.school_id, p.person_id, date_trunc('week', ?::date)::date, ?, ?, 1
         from study_participants p join studies s on s.id = p.study_id
         join study_schools c on c.study_id = p.study_id and c.school_id = p.school_id and c.state = 'agreed'
        where p.person_id = ? and p.school_id = ? and s.state = 'approved' and ?::date between s.starts_on and s.ends_on
          and ? = any (s.measures)
       for share of s, c
       on conflict (study_id, person_id, school_id, week, measure, item)
         do update set amount = least(study_acts.amount + 1, ${most}), updated_at = now()`,
      [today, done.measure, done.item, done.personId, done.school, today, done.measure],
    );
  }
}

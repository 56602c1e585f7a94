import type { Cradle } from '../cradle.js';
import { addDays } from '../days.js';
import type { Homework } from '../diary/models.js';

/** Tells people about homework, and removes it when it is old. Runs as the system. */
export class ReminderService {
  readonly #services: Pick<
    Cradle,
    'Homework' | 'HomeworkPhoto' | 'knex' | 'directory' | 'notifications' | 'settings' | 'calendar' | 'jobs'
  >;

  constructor({ Homework, HomeworkPhoto, knex, directory, notifications, settings, calendar, jobs }: Cradle) {
    this.#services = { Homework, HomeworkPhoto, knex, directory, notifications, settings, calendar, jobs };
  }

  /** Tells the pupils of the class that there is something new. */
  async announce(id: string): Promise<void> {
    const row = await this.#services.Homework.query().findById(id);
    if (row !== undefined) await this.#send('given', row, await this.#pupilsOf(row));
  }

  /** Enqueues a job for each school with homework: a fault in one does not stop the others, and none waits for all. */
  async eachSchool(name: 'remind-school' | 'tidy-school'): Promise<void> {
    const { Homework, jobs } = this.#services;
    const schools = await Homework.query().distinct('school_id');
    // Enqueued at once, these are stored by one statement.
    await Promise.all(schools.map(({ school_id }) => jobs.enqueue(name, { school: school_id })));
  }

  /** Enqueues a reminder for each task that is due tomorrow, if the school wants reminders. */
  async plan(school: string): Promise<void> {
    const { Homework, settings, calendar, jobs } = this.#services;
    const { remind } = await settings.of(school);
    if (!remind) return;
    const tomorrow = addDays(await calendar.today(school), 1);
    const rows = await Homework.query().select('id').where({ school_id: school, due_on: tomorrow });
    await Promise.all(rows.map(({ id }) => jobs.enqueue('remind-class', { homework: id })));
  }

  /** Reminds the pupils who have not ticked the task off, and the teacher who gave it. */
  async remind(id: string): Promise<void> {
    const row = await this.#services.Homework.query().findById(id).withGraphFetched('ticks');
    if (row === undefined) return;
    const done = new Set(row.ticks?.map(({ pupil_id }) => pupil_id));
    const pupils = (await this.#pupilsOf(row)).filter((pupil) => !done.has(pupil));
    await this.#send('due', row, [...pupils, ...(row.given_by === null ? [] : [row.given_by])]);
  }

  /** Removes the tasks that are older than the school keeps them, with their photos; returns how many. */
  async tidy(school: string): Promise<number> {
    const { Homework, HomeworkPhoto, knex, settings, calendar } = this.#services;
    const { keepWeeks } = await settings.of(school);
    const before = addDays(await calendar.today(school), -7 * keepWeeks);
    const old = Homework.query().where({ school_id: school }).where('due_on', '<', before);
    const photos = HomeworkPhoto.query().whereIn('homework_id', old.clone().select('id')).select('photo_id');
    await knex('photos').whereIn('id', photos.toKnexQuery()).delete();
    return old.delete();
  }

  async #pupilsOf({ class_id }: Homework): Promise<string[]> {
    return (await this.#services.directory.classes.pupilsOf(class_id)).map(({ id }) => id);
  }

  async #send(kind: 'given' | 'due', { class_id, subject }: Homework, to: string[]): Promise<void> {
    // Undefined in a portal without the plugin `notifications`.
    await this.#services.notifications?.notify.send({
      kind: `agenda.${kind}`,
      to,
      place: `/agenda/${class_id}`,
      params: { subject },
    });
  }
}

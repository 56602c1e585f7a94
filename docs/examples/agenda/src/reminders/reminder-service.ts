import type { Cradle } from '../cradle.js';
import { addDays } from '../days.js';
import type { Homework } from '../diary/models.js';

const mostAtOnce = 500;

/** Tells people about homework, and removes it when it is old. Runs as the system. */
export class ReminderService {
  readonly #services: Pick<Cradle, 'Homework' | 'directory' | 'notifications' | 'settings' | 'calendar' | 'jobs' | 'diary'>;

  constructor({ Homework, directory, notifications, settings, calendar, jobs, diary }: Cradle) {
    this.#services = { Homework, directory, notifications, settings, calendar, jobs, diary };
  }

  /** Tells the pupils of the class that there is something new. */
  async announce(id: string): Promise<void> {
    const row = await this.#services.Homework.query().findById(id);
    if (row !== undefined) await this.#send('given', row, await this.#pupilsOf(row));
  }

  /** Enqueues a reminder for each task that is due tomorrow, where the school wants reminders. */
  async plan(): Promise<void> {
    const { Homework, settings, calendar, jobs } = this.#services;
    const tomorrow = addDays(await calendar.today(), 1);
    const rows = await Homework.query().select('id', 'school_id').where('due_on', tomorrow);
    for (const { id, school_id } of rows) {
      const { remind } = await settings.of(school_id);
      if (remind) await jobs.enqueue('remind-class', { homework: id }, { uniqueKey: id });
    }
  }

  /** Reminds the pupils who have not ticked the task off, and the teacher who gave it. */
  async remind(id: string): Promise<void> {
    const row = await this.#services.Homework.query().findById(id).withGraphFetched('ticks');
    if (row === undefined) return;
    const done = new Set(row.ticks?.map(({ pupil_id }) => pupil_id));
    const pupils = (await this.#pupilsOf(row)).filter((pupil) => !done.has(pupil));
    await this.#send('due', row, [...pupils, ...(row.given_by === null ? [] : [row.given_by])]);
  }

  /** Removes tasks that are older than their school keeps them; returns how many. */
  async tidy(): Promise<number> {
    const { Homework, settings, calendar, diary } = this.#services;
    const schools = await Homework.query().distinct('school_id');
    let removed = 0;
    for (const { school_id } of schools) {
      const { keepWeeks } = await settings.of(school_id);
      const before = addDays(await calendar.today(school_id), -7 * keepWeeks);
      const old = await Homework.query()
        .where({ school_id })
        .where('due_on', '<', before)
        .limit(mostAtOnce)
        .withGraphFetched('photos');
      for (const row of old) await diary.removeRow(row);
      removed += old.length;
    }
    return removed;
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

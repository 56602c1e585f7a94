import { conflict, forbidden, notFound, type Upload } from '@ilearn/core';
import type { ClassSummary } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';
import { addDays } from '../days.js';
import type { Homework } from './models.js';
import { mostTasksADay, mostTasksAWeek, type NewTask, type Task } from './shapes.js';

/**
 * The homework of a class. The database keeps the schools apart; within a school, the directory says who sees a class and who teaches it.
 */
export class DiaryService {
  readonly #services: Pick<Cradle, 'Homework' | 'Tick' | 'directory' | 'principal' | 'files' | 'events' | 'live'>;

  constructor({ Homework, Tick, directory, principal, files, events, live }: Cradle) {
    this.#services = { Homework, Tick, directory, principal, files, events, live };
  }

  /** @throws Problem 404 if the principal may not see the class */
  async classOf(classId: string): Promise<ClassSummary> {
    const found = await this.#services.directory.classes.get(classId);
    if (found === null) throw notFound();
    return found;
  }

  /** Whether the principal gives this class homework: those who teach it do, not every teacher of the school. */
  async teaches(classId: string): Promise<boolean> {
    const { directory, principal } = this.#services;
    const own = principal.kind === 'person' ? await directory.classes.ofPerson(principal.id as string, 'teacher') : [];
    return own.some(({ id }) => id === classId);
  }

  /** Tasks of a class that are due in the seven days from `monday`. */
  async week(classId: string, monday: string): Promise<Task[]> {
    const { Homework, directory, principal } = this.#services;
    const rows = (await Homework.query()
      .select(
        'homework.*',
        Homework.relatedQuery('ticks').count().as('ticked'),
        Homework.relatedQuery('ticks').where('pupil_id', principal.id).count().as('own'),
      )
      .where('class_id', classId)
      .whereBetween('due_on', [monday, addDays(monday, 6)])
      .orderBy(['due_on', 'subject', 'id'])
      .limit(mostTasksAWeek)
      .withGraphFetched('photos')) as (Homework & { ticked: string; own: string })[];
    const teachers = await directory.people.getMany(rows.flatMap((row) => row.given_by ?? []));
    const names = new Map(teachers.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
    const staff = !this.#isPupil();
    return rows.map((row) => ({
      id: row.id,
      subject: row.subject,
      title: row.title,
      details: row.details,
      dueOn: row.due_on,
      minutes: row.minutes,
      teacher: names.get(row.given_by ?? '') ?? null,
      photos: row.photos?.map(({ photo_id }) => photo_id) ?? [],
      done: Number(row.own) > 0,
      ticked: staff ? Number(row.ticked) : null,
    }));
  }

  /** Gives a task with its photos; returns its id. Pages of colleagues and pupils show it after the commit. */
  async give(classId: string, { dueOn, ...wish }: NewTask, uploads: readonly Upload[]): Promise<string> {
    const { Homework, principal, files, events, live } = this.#services;
    const { id: ownId, school } = await this.classOf(classId);
    await this.#requireTeaching(ownId);
    const sameDay = await Homework.query().where({ class_id: classId, due_on: dueOn }).resultSize();
    if (sameDay >= mostTasksADay) throw conflict('agenda/full-day', `A class has at most ${mostTasksADay} tasks a day.`);
    const owners = { tenant: school, people: { owner_id: principal.id } };
    const photos = await Promise.all(uploads.map((upload) => files.keep('photos', upload, owners)));
    const { id } = await Homework.query().insertGraph({
      ...wish,
      school_id: school,
      class_id: classId,
      given_by: principal.id,
      due_on: dueOn,
      photos: photos.map((photo) => ({ school_id: school, photo_id: photo.id })),
    });
    await events.publish('homework-given', { homework: id, school, classId, dueOn });
    await live.publish('week', { classId }, { kind: 'given' });
    return id;
  }

  async remove(id: string): Promise<void> {
    const { live, files } = this.#services;
    const row = await this.#visible(id);
    await this.#requireTeaching(row.class_id);
    await live.publish('week', { classId: row.class_id }, { kind: 'removed' });
    for (const { photo_id } of row.photos ?? []) await files.remove('photos', photo_id);
    // Its other rows go by their foreign keys.
    await row.$query().delete();
  }

  /** A pupil ticks a task off, or takes that back. */
  async tick(id: string, done: boolean): Promise<void> {
    const { Tick, principal, live } = this.#services;
    const row = await this.#visible(id);
    const tick = { homework_id: id, pupil_id: principal.id as string };
    if (done) {
      await Tick.query()
        .insert({ ...tick, school_id: row.school_id })
        .onConflict(['homework_id', 'pupil_id'])
        .ignore();
    } else await Tick.query().delete().where(tick);
    await live.publish('week', { classId: row.class_id }, { kind: 'ticked' });
  }

  /** The task, if the principal may see its class. */
  async #visible(id: string): Promise<Homework> {
    const { Homework, directory } = this.#services;
    const row = await Homework.query().findById(id).withGraphFetched('photos');
    if (row === undefined || !(await directory.classes.canSee(row.class_id))) throw notFound();
    return row;
  }

  async #requireTeaching(classId: string): Promise<void> {
    if (!(await this.teaches(classId))) throw forbidden('Only teachers of this class give it homework and take it back.');
  }

  #isPupil(): boolean {
    return this.#services.principal.roles.some(({ role }) => role === 'pupil');
  }
}

import { notFound, type Principal } from '@ilearn/core';
import type { ClassSummary, PersonSummary } from '@ilearn/plugin-directory';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { PathService } from '../paths/service.js';
import { type PathShape, type PathShapes, stepsForPupils } from '../paths/shapes.js';
import { conflicting, unacceptable } from '../problems.js';
import { type AssignmentChange, checkDays } from './days.js';
import type { Assignment, AssignmentRow, FollowedRow } from './model.js';
import { pathGiven } from './notification-kinds.js';
import { findOverlap, type Recipients } from './recipients.js';

/**
 * Assignments of paths. Each is to one class or group, for all or some of its pupils. The teachers of the class can follow it; it applies
 * to the current pupils.
 */
export class Assignments {
  private readonly knex;
  private readonly live;
  private readonly locks;
  private readonly events;
  private readonly principal;
  private readonly directory;
  private readonly notifications;
  private readonly pathService;
  private readonly pathShapes;
  private readonly calendar;

  constructor({
    knex,
    live,
    locks,
    events,
    principal,
    directory,
    notifications,
    pathService,
    pathShapes,
    calendar,
  }: Dependencies & { pathService: PathService; pathShapes: PathShapes }) {
    this.live = live;
    this.locks = locks;
    this.events = events;
    this.knex = knex;
    this.principal = principal;
    this.directory = directory;
    this.notifications = notifications;
    this.pathService = pathService;
    this.pathShapes = pathShapes;
    this.calendar = calendar;
  }

  /** Classes and groups that the principal teaches, with their number of pupils; for a machine, the classes of its schools. */
  async classesOf({ kind, id }: Principal): Promise<ClassSummary[]> {
    if (kind === 'service') return this.directory.classes.ofSchool();
    return id === null ? [] : this.directory.classes.ofPerson(id, 'teacher');
  }

  /** @throws 404 unless the person teaches the class */
  async taughtClass(teacherId: string | null, classId: string): Promise<ClassSummary> {
    const found = await this.directory.classes.get(classId);
    if (found === null || teacherId === null || !(await this.teaches(teacherId, classId))) throw notFound();
    return found;
  }

  /**
   * Assigns a path to a class or to some of its pupils. Returns the assignment's id.
   *
   * @throws 404 if the teacher may not see the path or class, 409 if the path cannot be assigned, 422 if a pupil is not in the class
   */
  async give(
    pathId: string,
    to: { classId: string; pupilIds?: readonly string[] | undefined; beginsOn?: string | null; dueOn: string | null },
    teacherId: string | null = this.principal.id,
  ): Promise<string> {
    const shape = await this.pathService.shape(pathId);
    const target = await this.taughtClass(teacherId, to.classId);
    const { row } = shape;
    if (row.audience === 'staff') throw conflicting('for-colleagues', 'This path is meant for colleagues, not for pupils.');
    if (row.school_id !== null && row.owner_id !== teacherId) {
      throw conflicting(
        'copy-first',
        'This path belongs to a colleague, whose changes would reach your pupils. Give a copy of your own.',
      );
    }
    if (row.school_id !== null && row.school_id !== target.school) {
      throw conflicting(
        'other-school',
        'The path belongs to another school than the class. Give a copy of your own in that school.',
      );
    }
    if (!stepsForPupils(shape).some((step) => step.available)) {
      throw conflicting('nothing-for-pupils', 'This path has no step that pupils can do.');
    }

    const beginsOn = to.beginsOn ?? null;
    checkDays(beginsOn, to.dueOn);
    const begun = beginsOn === null || beginsOn <= (await this.calendar.today(target.school));
    await this.locks.take(assigning(pathId));
    const classPupils = (await this.directory.classes.pupilsOf(to.classId)).map((each) => each.id);
    const pupilIds = to.pupilIds === undefined ? null : [...new Set(to.pupilIds)];
    pupilIds?.forEach((id, index) => {
      if (!classPupils.includes(id)) throw unacceptable('pupil-unknown', `/pupilIds/${index}`, 'This pupil is not in the class.');
    });
    await this.refuseOverlap({
      pathId,
      classId: to.classId,
      wholeClass: pupilIds === null,
      pupilIds: pupilIds ?? classPupils,
    });

    const [made] = await this.knex('assignments')
      .insert({
        school_id: target.school,
        path_id: pathId,
        class_id: to.classId,
        whole_class: pupilIds === null,
        assigned_by: teacherId,
        ...(await this.begin(beginsOn, target.school)),
        due_on: to.dueOn,
        announced_at: begun ? this.knex.fn.now() : null,
      })
      .returning('id');
    if (pupilIds !== null) {
      await this.knex('assignment_pupils').insert(
        pupilIds.map((id) => ({ assignment_id: made.id, pupil_id: id, school_id: target.school })),
      );
    }
    // Retention counts from the last change, and an assigned path must not expire.
    if (row.school_id !== null) await this.knex('paths').where({ id: pathId }).update({ updated_at: this.knex.fn.now() });
    const given = { school: target.school, assignmentId: made.id, pathId, classId: to.classId, givenBy: teacherId };
    await this.events.publish('assignment-given', given);
    if (begun) await this.notifyPupils(made.id, row.title, pupilIds ?? classPupils);
    return made.id;
  }

  /**
   * @param taught classes that the principal teaches, if they are loaded; they may lack those of earlier years
   * @throws 404 unless the principal teaches its class, or is a machine and the assignment {@link isForMachines}
   */
  async followed(id: string, taught?: ReadonlyMap<string, ClassSummary>): Promise<AssignmentRow> {
    const row = await this.rows().where({ id }).first();
    const { kind, id: personId } = this.principal;
    if (!row || personId === null) throw notFound();
    const sees =
      kind === 'service'
        ? isForMachines(row, await this.directory.classes.get(row.class_id))
        : taught?.has(row.class_id) || (await this.teaches(personId, row.class_id));
    if (!sees) throw notFound();
    return row;
  }

  async change(id: string, change: AssignmentChange): Promise<Assignment> {
    const row = await this.followed(id);
    const after = { begins_on: row.begins_on, due_on: row.due_on };
    if (change.beginsOn !== undefined) after.begins_on = change.beginsOn;
    if (change.dueOn !== undefined) after.due_on = change.dueOn;
    checkDays(after.begins_on, after.due_on);
    if (change.ended === false && row.ended_at !== null) await this.checkReopening(row);
    await this.knex('assignments')
      .where({ id })
      .update({
        ...(change.beginsOn === undefined ? {} : await this.begin(change.beginsOn, row.school_id)),
        ...(change.dueOn === undefined ? {} : { due_on: change.dueOn }),
        ...(change.ended === undefined ? {} : { ended_at: change.ended ? (row.ended_at ?? this.knex.fn.now()) : null }),
        updated_at: this.knex.fn.now(),
      });
    await this.live.publish('board', { assignmentId: id }, { kind: 'assignment' });
    const changed = await this.followed(id);
    if (changed.due_on !== row.due_on || changed.begins_on !== row.begins_on) await this.publish('assignment-changed', changed);
    if ((changed.ended_at === null) !== (row.ended_at === null))
      await this.publish(changed.ended_at === null ? 'assignment-given' : 'assignment-withdrawn', changed);
    return this.describe(changed, await this.shapeOf(changed));
  }

  /** Ends all assignments of a class or group. */
  async endAllOfClass(classId: string): Promise<void> {
    await this.end(this.knex('assignments').where({ class_id: classId }));
  }

  /** Ends all running assignments of a path. */
  async endAllOfPath(pathId: string): Promise<void> {
    await this.locks.take(assigning(pathId));
    await this.end(this.knex('assignments').where({ path_id: pathId }));
  }

  /** The current pupils of an assignment, by family name. */
  async pupilsOf(row: Pick<AssignmentRow, 'id' | 'class_id' | 'whole_class'>): Promise<PersonSummary[]> {
    const inClass = await this.directory.classes.pupilsOf(row.class_id);
    if (row.whole_class) return inClass;
    const chosen: string[] = await this.knex('assignment_pupils').where({ assignment_id: row.id }).pluck('pupil_id');
    return inClass.filter((each) => chosen.includes(each.id));
  }

  /** Like {@link pupilsOf}, for several assignments, in two queries. Keys are ids of assignments. */
  async pupilsOfMany(rows: readonly AssignmentRow[]): Promise<Map<string, PersonSummary[]>> {
    const classIds = [...new Set(rows.map((row) => row.class_id))];
    const pupils = await this.directory.classes.pupilsOfMany(classIds);
    const inClass = new Map(classIds.map((id, index) => [id, pupils[index] ?? []]));
    const partial = rows.filter((row) => !row.whole_class).map((row) => row.id);
    const chosen: { assignment_id: string; pupil_id: string }[] =
      partial.length === 0
        ? []
        : await this.knex('assignment_pupils').whereIn('assignment_id', partial).select('assignment_id', 'pupil_id');
    const names = new Set(chosen.map((each) => `${each.assignment_id} ${each.pupil_id}`));
    return new Map(
      rows.map((row) => {
        const all = inClass.get(row.class_id) ?? [];
        return [row.id, row.whole_class ? all : all.filter((pupil) => names.has(`${row.id} ${pupil.id}`))];
      }),
    );
  }

  /** The assigned path, even if it has been removed. */
  async shapeOf(row: Pick<AssignmentRow, 'path_id'>): Promise<PathShape> {
    return (await this.pathShapes.ofIds([row.path_id]))[0] as PathShape;
  }

  /** Like {@link shapeOf}, for several assignments. Keys are ids of paths. */
  async shapesOf(rows: readonly Pick<AssignmentRow, 'path_id'>[]): Promise<Map<string, PathShape>> {
    const shapes = await this.pathShapes.ofIds([...new Set(rows.map((row) => row.path_id))]);
    return new Map(shapes.map((shape) => [shape.row.id, shape]));
  }

  /** @param known the assignment's class, if already loaded */
  async describe(row: AssignmentRow, shape: PathShape, known?: ClassSummary): Promise<Assignment> {
    const group = known ?? (await this.directory.classes.get(row.class_id));
    return {
      id: row.id,
      path: { id: shape.row.id, title: shape.row.title, language: shape.row.language, sequence: shape.row.sequence },
      area: shape.area,
      class: { id: row.class_id, name: group?.name ?? '', kind: group?.kind ?? 'class' },
      wholeClass: row.whole_class,
      beginsOn: row.begins_on,
      dueOn: row.due_on,
      endedAt: row.ended_at?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
    };
  }

  /** Query of assignments to classes, with the due date as text because it is a calendar day. */
  rows(): Knex.QueryBuilder<AssignmentRow, AssignmentRow[]> {
    return this.allRows().whereNotNull('class_id') as Knex.QueryBuilder as Knex.QueryBuilder<AssignmentRow, AssignmentRow[]>;
  }

  /** Like {@link rows}, with those of colleagues who follow a path for themselves. */
  allRows(): Knex.QueryBuilder<FollowedRow, FollowedRow[]> {
    return this.knex('assignments').select(
      ...['id', 'school_id', 'path_id', 'class_id', 'learner_id', 'whole_class', 'ended_at', 'created_at'],
      { begins_on: this.knex.raw('begins_on::text'), due_on: this.knex.raw('due_on::text') },
    );
  }

  /** The columns of a first day: the day, and its first moment in the time zone of the school. */
  private async begin(beginsOn: string | null, school: string) {
    if (beginsOn === null) return { begins_on: null, begins_at: null };
    const zone = await this.calendar.timeZone(school);
    return { begins_on: beginsOn, begins_at: this.knex.raw('?::date::timestamp at time zone ?', [beginsOn, zone]) };
  }

  private async end(rows: Knex.QueryBuilder): Promise<void> {
    const ended: Pick<FollowedRow, 'id' | 'school_id' | 'path_id' | 'class_id'>[] = await rows
      .whereNull('ended_at')
      .update({ ended_at: this.knex.fn.now(), updated_at: this.knex.fn.now() })
      .returning(['id', 'school_id', 'path_id', 'class_id']);
    await Promise.all(
      ended.flatMap(({ class_id, ...row }) => [
        ...(class_id === null ? [] : [this.publish('assignment-withdrawn', { ...row, class_id })]),
        this.live.publish('board', { assignmentId: row.id }, { kind: 'assignment' }),
      ]),
    );
  }

  private publish(
    event: 'assignment-given' | 'assignment-changed' | 'assignment-withdrawn',
    row: Pick<AssignmentRow, 'id' | 'school_id' | 'path_id' | 'class_id'>,
  ): Promise<void> {
    const payload = { school: row.school_id, assignmentId: row.id, pathId: row.path_id, classId: row.class_id };
    return this.events.publish(event, payload);
  }

  /** Tells pupils that they have a path. */
  async notifyPupils(assignmentId: string, title: string, pupilIds: readonly string[]): Promise<void> {
    const place = `/mijn-paden/${assignmentId}`;
    await this.notifications?.notify.send({ kind: pathGiven, to: pupilIds, place, params: { title } });
  }

  /** @throws 409 if the path was removed, or some of the pupils have it through another assignment */
  private async checkReopening(row: AssignmentRow): Promise<void> {
    await this.locks.take(assigning(row.path_id));
    const path = await this.knex('paths').where({ id: row.path_id }).whereNull('deleted_at').first('id');
    if (!path) throw conflicting('path-removed', 'The path was removed, so it cannot be given again.');
    const pupilIds = (await this.pupilsOf(row)).map((each) => each.id);
    await this.refuseOverlap({ pathId: row.path_id, classId: row.class_id, wholeClass: row.whole_class, pupilIds }, row.id);
  }

  private async teaches(teacherId: string, classId: string): Promise<boolean> {
    return (await this.directory.classes.teachersOf(classId)).some((teacher) => teacher.id === teacherId);
  }

  /** A pupil may have a path only once, so that results are not split over two assignments. */
  private async refuseOverlap(recipients: Recipients, except: string | null = null): Promise<void> {
    const { pupilIds, sameClass } = await findOverlap(this.knex, recipients, except);
    if (pupilIds.length === 0 && !sameClass) return;
    const all = pupilIds.length === recipients.pupilIds.length;
    throw conflicting(
      all ? 'already-given' : 'already-given-to-some',
      all
        ? 'They have this path already, and it has not ended.'
        : 'Some of them have this path already, and it has not ended. Give it to the others, or end it there first.',
      { pupilIds },
    );
  }
}

/**
 * Whether machines may see an assignment: it is for a whole class of the school. A group is private to the teacher who made it, and so is
 * the choice of some pupils: both may say that a child needs help.
 */
export const isForMachines = (row: Pick<AssignmentRow, 'whole_class'>, group: Pick<ClassSummary, 'kind'> | null): boolean =>
  row.whole_class && group?.kind === 'class';

const assigning = (pathId: string): string => `assign ${pathId}`;

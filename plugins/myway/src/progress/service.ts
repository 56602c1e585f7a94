import { type CursorPage, notFound, type Position, pageOf, type RouteRequest } from '@ilearn/core';
import type { ClassSummary } from '@ilearn/plugin-directory';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { AssignmentRow } from '../assignments/model.js';
import { stepAnswered } from '../assignments/notification-kinds.js';
import { type Assignments, isForMachines } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import { unacceptable } from '../problems.js';
import type { BranchChoices } from '../trail/choices.js';
import { type ExtraSteps, withExtraSteps } from '../trail/extra-steps.js';
import type { Milestones } from '../trail/milestones.js';
import type { Override, Placement } from '../trail/result.js';
import type { ResultRows } from '../trail/result-rows.js';
import type { Results } from '../trail/results.js';
import { otherActivities } from '../trail/variants.js';
import { boardRow, stationsOf } from './board-row.js';
import type { Board, BoardStep, Followed, override, PupilDetail, TriesPage } from './model.js';
import { countsOf } from './rows.js';
import { type Tries, triesPage } from './tries.js';

interface FollowedQuery {
  ended: boolean;
  /** Id of the only path whose assignments are asked for. */
  path?: string | undefined;
  limit: number;
  offset: number;
}

/** The board without what only its page needs. */
export type Reading = Omit<Board, 'siblings'>;

/** Maximum number of classes in the class switcher. */
const mostSiblings = 100;

/**
 * Progress of a class in its assignments. Of people, only the teachers of the class may see it, not colleagues or the school's principal;
 * machines see that of whole classes of their schools.
 */
export class Progress {
  private readonly config;
  private readonly knex;
  private readonly directory;
  private readonly principal;
  private readonly assignments;
  private readonly results;
  private readonly resultRows;
  private readonly choices;
  private readonly tries;
  private readonly clock;
  private readonly notifications;
  private readonly library;
  private readonly extraSteps;
  private readonly milestones;

  constructor({
    config,
    knex,
    directory,
    principal,
    assignments,
    results,
    resultRows,
    choices,
    tries,
    clock,
    notifications,
    library,
    extraSteps,
    milestones,
  }: Dependencies & {
    assignments: Assignments;
    results: Results;
    resultRows: ResultRows;
    choices: BranchChoices;
    tries: Tries;
    extraSteps: ExtraSteps;
    milestones: Milestones;
  }) {
    this.config = config;
    this.knex = knex;
    this.directory = directory;
    this.principal = principal;
    this.assignments = assignments;
    this.results = results;
    this.resultRows = resultRows;
    this.choices = choices;
    this.tries = tries;
    this.clock = clock;
    this.notifications = notifications;
    this.library = library;
    this.extraSteps = extraSteps;
    this.milestones = milestones;
  }

  /**
   * A page of the assignments to the classes that the principal teaches, newest first, with the pupils' progress; for a machine, of those to
   * whole classes. A page for a machine may have fewer rows than `limit` before the last page.
   */
  async list(query: FollowedQuery, request: Pick<RouteRequest, 'after' | 'next'>): Promise<CursorPage<Followed>> {
    const { rows, classes, ...page } = await this.pageFor(query, request);
    return { ...page, rows: await this.followed(rows, classes) };
  }

  /** These assignments with the progress of their pupils; the same number of queries for any number of them. */
  async followed(assignments: readonly AssignmentRow[], classes: ReadonlyMap<string, ClassSummary>): Promise<Followed[]> {
    const boards = await this.read(assignments, classes);
    return boards.map(
      ({ assignment, steps, rows: pupils }): Followed => ({ ...assignment, stations: steps, counts: countsOf(pupils) }),
    );
  }

  private async pageFor(
    { ended, path, limit, offset }: FollowedQuery,
    request: Pick<RouteRequest, 'after' | 'next'>,
  ): Promise<CursorPage<AssignmentRow> & { classes: Map<string, ClassSummary> }> {
    const isMachine = this.principal.kind === 'service';
    const taught = isMachine ? [] : await this.assignments.classesOf(this.principal);
    const found: Knex.QueryBuilder = this.assignments.rows().select({ sorted: this.knex.raw('created_at::text') });
    if (path !== undefined) found.where('path_id', path);
    if (isMachine) found.where('whole_class', true);
    else {
      found.whereIn(
        'class_id',
        taught.map((each) => each.id),
      );
    }
    const after = request.after();
    if (after !== null) found.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [...after] as string[]);
    const rows: (AssignmentRow & { sorted: string })[] = await found
      .where((state) => (ended ? state.whereNotNull('ended_at') : state.whereNull('ended_at')))
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit + 1)
      .offset(after === null ? offset : 0);
    const page = pageOf(rows, limit, ({ sorted, id }): Position => [sorted, id], request);
    const known = isMachine ? await this.directory.classes.getMany(page.rows.map((row) => row.class_id)) : taught;
    const classes = new Map(known.map((each) => [each.id, each]));
    return {
      ...page,
      rows: isMachine ? page.rows.filter((row) => isForMachines(row, classes.get(row.class_id) ?? null)) : page.rows,
      classes,
    };
  }

  async board(assignmentId: string): Promise<Board> {
    const taught = await this.taught();
    const row = await this.assignments.followed(assignmentId, taught);
    const [reading] = await this.read([row], taught);
    return { ...(reading as Reading), siblings: await this.siblingsOf(row, taught) };
  }

  /** Classes that the principal teaches, by id; none for a machine. */
  private async taught(): Promise<Map<string, ClassSummary>> {
    const classes = this.principal.kind === 'service' ? [] : await this.assignments.classesOf(this.principal);
    return new Map(classes.map((each) => [each.id, each]));
  }

  /** Running assignments of the same path to classes that the principal teaches, by class name, with this one. */
  private async siblingsOf(row: AssignmentRow, taught: ReadonlyMap<string, ClassSummary>): Promise<Board['siblings']> {
    if (this.principal.kind === 'service') return [];
    const rows: Pick<AssignmentRow, 'id' | 'class_id'>[] = await this.assignments
      .rows()
      .where({ path_id: row.path_id })
      .whereIn('class_id', [...taught.keys()])
      .where((either) => either.whereNull('ended_at').orWhere({ id: row.id }))
      .orderByRaw('id = ? desc, created_at desc', [row.id])
      .limit(mostSiblings);
    return rows
      .map(({ id, class_id }) => ({ id, name: taught.get(class_id)?.name ?? '' }))
      .sort((a, b) => a.name.localeCompare(b.name, 'nl', { numeric: true }));
  }

  async pupil(assignmentId: string, pupilId: string): Promise<PupilDetail> {
    const row = await this.assignments.followed(assignmentId);
    const { assignment, steps: columns, rows } = await this.readOne(row);
    const found = rows.find((each) => each.pupil.id === pupilId);
    if (!found) throw notFound();
    const own = await this.resultRows.of([row.id], pupilId);
    const results = new Map(own.map((result) => [result.stepId, result]));
    const extra = (await this.extraSteps.of([row.id], pupilId)).get(row.id) ?? [];
    const shape = withExtraSteps(await this.assignments.shapeOf(row), extra);
    const doneBy = new Map(columns.map((step) => [step.id, step.done]));
    const steps = stationsOf(shape).map((step): BoardStep => ({ ...step, done: doneBy.get(step.id) ?? 0 }));
    const activityOf = new Map(shape.steps.map((step) => [step.id, step.activityId]));
    const cellOf = new Map([...found.cells, ...found.extra].map((cell) => [cell.stepId, cell]));
    const extraIds = new Set(extra.map(({ step }) => step.id));
    const newest = await this.tries.newest(
      row.id,
      pupilId,
      steps.map((step) => step.id),
    );
    return {
      assignment,
      row: { ...found, cells: steps.flatMap(({ id }) => cellOf.get(id) ?? []) },
      steps: steps.map((step) => {
        const result = results.get(step.id);
        return {
          ...step,
          state: result?.state ?? 'todo',
          doneBy: result?.doneBy ?? null,
          startedAt: result?.startedAt?.toISOString() ?? null,
          doneAt: result?.doneAt?.toISOString() ?? null,
          comment: result?.comment ?? null,
          teacherNote: result?.teacherNote ?? null,
          unlocked: result?.unlocked ?? false,
          activityId: activityOf.get(step.id) ?? null,
          other: result?.otherTitle ?? null,
          extra: extraIds.has(step.id),
          ...triesPage(newest.get(step.id) ?? []),
        };
      }),
    };
  }

  /** A page of a pupil's attempts at a step before `before`, newest first. */
  async triesOf(assignmentId: string, pupilId: string, stepId: string, before: string | null): Promise<TriesPage> {
    const row = await this.assignments.followed(assignmentId);
    const pupils = await this.assignments.pupilsOf(row);
    if (!pupils.some((each) => each.id === pupilId)) throw notFound();
    return triesPage(await this.tries.page({ assignmentId: row.id, pupilId, stepId }, before));
  }

  /** Completes or resets a pupil's step for a teacher. */
  async set(assignmentId: string, pupilId: string, stepId: string, state: 'done' | 'todo'): Promise<PupilDetail> {
    const placement = await this.placement(assignmentId, pupilId, stepId);
    if (state === 'done') await this.results.done(placement, 'teacher');
    else await this.results.reset(placement);
    return this.pupil(assignmentId, pupilId);
  }

  /** Records what a teacher decides for a pupil at a step. The pupil is notified of a score or words. */
  async override(assignmentId: string, pupilId: string, stepId: string, change: z.output<typeof override>): Promise<PupilDetail> {
    const placement = await this.placement(assignmentId, pupilId, stepId);
    const { activityId, ...decided } = change;
    const note = change.note === '' ? null : change.note;
    await this.results.override(placement, { ...decided, note, other: await this.otherFor(activityId) });
    const detail = await this.pupil(assignmentId, pupilId);
    const title = detail.steps.find((step) => step.id === stepId)?.title ?? '';
    if (note || change.score) {
      await this.notifications?.notify.send({
        kind: stepAnswered,
        to: [pupilId],
        place: `/mijn-paden/${assignmentId}`,
        params: { title },
      });
    }
    return detail;
  }

  /** Adds a step for one pupil, after this step. */
  async addStep(assignmentId: string, pupilId: string, stepId: string, activityId: string): Promise<PupilDetail> {
    const placement = await this.placement(assignmentId, pupilId, stepId);
    const { path_id } = await this.assignments.followed(assignmentId);
    await this.extraSteps.add(placement, path_id, activityId);
    return this.pupil(assignmentId, pupilId);
  }

  /** Takes away a step that was added for one pupil. @throws 404 for a step of the path */
  async removeStep(assignmentId: string, pupilId: string, stepId: string): Promise<PupilDetail> {
    const placement = await this.placement(assignmentId, pupilId, stepId);
    const removed = await this.milestones.around(placement, () => this.extraSteps.remove(placement));
    if (!removed) throw notFound();
    return this.pupil(assignmentId, pupilId);
  }

  /** @throws 422 if the library does not show the activity, or it is not for pupils */
  private async otherFor(activityId: string | null | undefined): Promise<Override['other']> {
    if (activityId === undefined || activityId === null) return activityId;
    const found = await this.library.activities.get(activityId);
    if (found === null || !found.available || found.teacherOnly)
      throw unacceptable(
        'activity-unknown',
        '/activityId',
        'The library has no such activity for pupils, or it cannot be opened now.',
      );
    return { activityId, title: found.title };
  }

  /** @throws 404 unless the caller follows the assignment, the pupil has it and the step is one for pupils */
  private async placement(assignmentId: string, pupilId: string, stepId: string): Promise<Placement> {
    const row = await this.assignments.followed(assignmentId);
    const shape = await this.assignments.shapeOf(row);
    const pupils = await this.assignments.pupilsOf(row);
    if (!pupils.some((each) => each.id === pupilId)) throw notFound();
    const extra = (await this.extraSteps.of([row.id], pupilId)).get(row.id) ?? [];
    if (!stepsForPupils(withExtraSteps(shape, extra)).some((step) => step.id === stepId)) throw notFound();
    return { assignmentId: row.id, stepId, pupilId, school: row.school_id };
  }

  private async readOne(row: AssignmentRow): Promise<Reading> {
    const [only] = await this.read([row]);
    return only as Reading;
  }

  /** The boards of assignments that the caller may follow. Uses the same number of queries for any number of them. */
  async read(assignments: readonly AssignmentRow[], classOf?: ReadonlyMap<string, ClassSummary>): Promise<Reading[]> {
    if (assignments.length === 0) return [];
    const shapes = await this.assignments.shapesOf(assignments);
    const pupilsOf = await this.assignments.pupilsOfMany(assignments);
    const ids = assignments.map((row) => row.id);
    const all = await this.resultRows.of(ids);
    const resultsOf = groupBy(all, (result) => result.assignmentId);
    const others = await otherActivities(this.library.activities, all);
    const extraOf = await this.extraSteps.ofAll(ids);
    const choicesOf = await this.choices.of(assignments, shapes);
    const now = this.clock.now();
    const boards: Reading[] = [];
    for (const row of assignments) {
      const shape = shapes.get(row.path_id) as PathShape;
      const results = groupBy(resultsOf.get(row.id) ?? [], (result) => result.pupilId);
      const rows = (pupilsOf.get(row.id) ?? []).map((pupil) => {
        const follows = {
          shape,
          others,
          results: results.get(pupil.id) ?? [],
          extra: extraOf(row.id, pupil.id),
          choices: choicesOf(row.id, pupil.id),
        };
        return boardRow(pupil, follows, this.config, now);
      });
      const steps = stationsOf(shape).map(
        (step, index): BoardStep => ({ ...step, done: rows.filter((each) => each.cells[index]?.state === 'done').length }),
      );
      const assignment = await this.assignments.describe(row, shape, classOf?.get(row.class_id));
      boards.push({ assignment, steps, rows, at: now.toISOString() });
    }
    return boards;
  }
}

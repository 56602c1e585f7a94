import { notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { AssignmentRow } from '../assignments/model.js';
import type { Cradle } from '../cradle.js';
import { groupBy } from '../group-by.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import { draw } from '../trail/draw.js';
import type { Board, BoardRow, BoardStep, Cell, Followed, PupilDetail } from './model.js';
import type { Attempt, Placement, Result } from './results.js';
import { stuckOn } from './stuck.js';

/** What the teachers of a class see of an assignment to it. Nobody else: not colleagues, nor the head of the school. */
export class Progress {
  private readonly config;
  private readonly principal;
  private readonly assignments;
  private readonly results;

  constructor({ config, principal, assignments, results }: Cradle) {
    this.config = config;
    this.principal = principal;
    this.assignments = assignments;
    this.results = results;
  }

  /** Assignments to the classes that the principal teaches, newest first, with how far the pupils are. */
  async list({ ended }: { ended: boolean }): Promise<Followed[]> {
    const classes = this.principal.id === null ? [] : await this.assignments.classesOf(this.principal.id);
    const rows = await this.assignments
      .rows()
      .whereIn(
        'class_id',
        classes.map((each) => each.id),
      )
      .where((state) => (ended ? state.whereNotNull('ended_at') : state.whereNull('ended_at')))
      .orderBy('created_at', 'desc');
    const followed: Followed[] = [];
    for (const row of rows) {
      const { assignment, steps, rows: pupils } = await this.read(row);
      const complete = pupils.filter((each) => each.complete).length;
      const notStarted = pupils.filter((each) => !each.complete && each.cells.every((cell) => cell.state === 'todo')).length;
      followed.push({
        ...assignment,
        stations: steps,
        counts: {
          pupils: pupils.length,
          complete,
          notStarted,
          busy: pupils.length - complete - notStarted,
          stuck: pupils.filter((each) => each.stuck).length,
        },
      });
    }
    return followed;
  }

  async board(assignmentId: string): Promise<Board> {
    return this.read(await this.assignments.followed(assignmentId));
  }

  async pupil(assignmentId: string, pupilId: string): Promise<PupilDetail> {
    const row = await this.assignments.followed(assignmentId);
    const { assignment, steps, rows } = await this.read(row);
    const pupilRow = rows.find((each) => each.pupil.id === pupilId);
    if (!pupilRow) throw notFound();
    const results = new Map((await this.results.of([row.id], pupilId)).map((result) => [result.stepId, result]));
    const attempts = groupBy(await this.results.attemptsOf([row.id], pupilId), (attempt) => attempt.stepId);
    return {
      assignment,
      row: pupilRow,
      steps: steps.map((step) => {
        const result = results.get(step.id);
        return {
          ...step,
          state: result?.state ?? 'todo',
          doneBy: result?.doneBy ?? null,
          startedAt: result?.startedAt?.toISOString() ?? null,
          doneAt: result?.doneAt?.toISOString() ?? null,
          attempts: (attempts.get(step.id) ?? []).map((attempt) => ({
            given: attempt.scoreGiven,
            maximum: attempt.scoreMaximum,
            at: attempt.scoredAt.toISOString(),
            comment: attempt.comment,
          })),
        };
      }),
    };
  }

  /** A teacher ticks a step off for a pupil, or lets the pupil begin it anew. */
  async set(assignmentId: string, pupilId: string, stepId: string, state: 'done' | 'todo'): Promise<PupilDetail> {
    const row = await this.assignments.followed(assignmentId);
    const shape = await this.assignments.shapeOf(row);
    const pupils = await this.assignments.pupilsOf(row);
    if (!pupils.some((each) => each.id === pupilId)) throw notFound();
    if (!stepsForPupils(shape).some((step) => step.id === stepId)) throw notFound();
    const placement: Placement = { assignmentId: row.id, stepId, pupilId, school: row.school_id };
    if (state === 'done') await this.results.done(placement, 'teacher');
    else await this.results.reset(placement);
    return this.pupil(assignmentId, pupilId);
  }

  private async read(row: AssignmentRow): Promise<Board> {
    const shape = await this.assignments.shapeOf(row);
    const pupils = await this.assignments.pupilsOf(row);
    const results = groupBy(await this.results.of([row.id]), (result) => result.pupilId);
    const attempts = groupBy(await this.results.attemptsOf([row.id]), (attempt) => attempt.pupilId);
    const now = new Date();
    const rows = pupils.map((pupil) => this.row(shape, pupil, results.get(pupil.id) ?? [], attempts.get(pupil.id) ?? [], now));
    const steps = stepsForPupils(shape).map(
      (step, index): BoardStep => ({
        id: step.id,
        title: step.shownTitle,
        kind: step.kind,
        required: step.required,
        available: step.available,
        done: rows.filter((each) => each.cells[index]?.state === 'done').length,
      }),
    );
    return { assignment: await this.assignments.describe(row, shape), steps, rows, at: now.toISOString() };
  }

  private row(shape: PathShape, pupil: PersonSummary, results: Result[], attempts: Attempt[], now: Date): BoardRow {
    const resultOf = new Map(results.map((result) => [result.stepId, result]));
    const attemptsOf = groupBy(attempts, (attempt) => attempt.stepId);
    const { steps, done, total, complete } = draw(shape, results);
    const cells = steps.map((step): Cell => {
      const tries = attemptsOf.get(step.id) ?? [];
      const result = resultOf.get(step.id);
      return {
        stepId: step.id,
        state: step.state,
        locked: step.lock?.reason === 'previous',
        next: step.next,
        score: step.score,
        low: step.score !== null && step.score.given / step.score.maximum < this.config.goodEnough,
        tries: tries.length,
        stuck: stuckOn(result, tries, this.config, now),
        lastActiveAt: result?.lastActiveAt?.toISOString() ?? null,
      };
    });
    const active = cells.flatMap((cell) => cell.lastActiveAt ?? []).sort();
    return {
      pupil: { id: pupil.id, givenName: pupil.givenName, familyName: pupil.familyName },
      cells,
      done,
      total,
      complete,
      stuck: cells.some((cell) => cell.stuck !== null),
      lastActiveAt: active.at(-1) ?? null,
    };
  }
}

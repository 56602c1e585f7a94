import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import { mostExtra } from '../paths/limits.js';
import { type StepDetail, type StepRow, stepColumns } from '../paths/model.js';
import { detail, type PathShape } from '../paths/shapes.js';
import { conflicting, unacceptable } from '../problems.js';
import type { Placement } from './result.js';

/** A step that one pupil has in addition, and the step of the path after which it comes; null: at the end. */
export interface ExtraStep {
  step: StepDetail;
  after: string | null;
}

type ExtraRow = StepRow & { activity_id: string; assignment_id: string; pupil_id: string; after_step: string | null };

/** Steps that teachers add for one pupil, without a copy of the path. */
export class ExtraSteps {
  private readonly knex;
  private readonly library;
  private readonly live;

  constructor({ knex, library, live }: Dependencies) {
    this.knex = knex;
    this.library = library;
    this.live = live;
  }

  /** Of a pupil, by assignment; two queries, or one if there are none. */
  async of(assignmentIds: readonly string[], pupilId: string): Promise<Map<string, ExtraStep[]>> {
    const rows = await this.rows(assignmentIds).where('x.pupil_id', pupilId);
    return this.details(rows, (row) => row.assignment_id);
  }

  /** Of all pupils; two queries, or one if there are none. Returns those of a pupil in an assignment. */
  async ofAll(assignmentIds: readonly string[]): Promise<(assignmentId: string, pupilId: string) => readonly ExtraStep[]> {
    const keyOf = (assignmentId: string, pupilId: string) => `${assignmentId} ${pupilId}`;
    const found = await this.details(await this.rows(assignmentIds), (row) => keyOf(row.assignment_id, row.pupil_id));
    return (assignmentId, pupilId) => found.get(keyOf(assignmentId, pupilId)) ?? [];
  }

  private rows(assignmentIds: readonly string[]): Knex.QueryBuilder<ExtraRow, ExtraRow[]> {
    return this.knex('extra_steps as x')
      .join('steps as s', 's.id', 'x.step_id')
      .whereRaw('x.assignment_id = any(?::uuid[])', [[...assignmentIds]])
      .whereNull('s.removed_at')
      .orderBy(['s.position', 's.id'])
      .select(stepColumns.map((column) => `s.${column}`))
      .select('x.assignment_id', 'x.pupil_id', 'x.after_step');
  }

  private async details(rows: readonly ExtraRow[], keyOf: (row: ExtraRow) => string): Promise<Map<string, ExtraStep[]>> {
    if (rows.length === 0) return new Map();
    const found = await this.library.activities.getMany([...new Set(rows.map((row) => row.activity_id))]);
    const activities = new Map(found.map((activity) => [activity.id, activity]));
    const grouped = groupBy(rows, keyOf);
    return new Map(
      [...grouped].map(([key, ofOne]) => [
        key,
        ofOne.map((row) => ({ step: detail(row, activities.get(row.activity_id)), after: row.after_step })),
      ]),
    );
  }

  /**
   * Adds a step for the pupil of `at`, after the step of `at`.
   *
   * @throws 409 if there are too many, 422 if the library does not show the activity, or it is not for pupils
   */
  async add(at: Placement, pathId: string, activityId: string): Promise<void> {
    const activity = await this.library.activities.get(activityId);
    if (activity === null || !activity.available || activity.teacherOnly)
      throw unacceptable(
        'activity-unknown',
        '/activityId',
        'The library has no such activity for pupils, or it cannot be opened now.',
      );
    const mine = { assignment_id: at.assignmentId, pupil_id: at.pupilId };
    const had = (await this.knex('extra_steps').where(mine).limit(mostExtra).pluck('step_id')).length;
    if (had >= mostExtra) throw conflicting('too-many-extra', `A pupil has at most ${mostExtra} extra steps in a path.`);
    const path = await this.knex('paths').where({ id: pathId }).first('school_id');
    const [step] = await this.knex('steps')
      .insert({
        path_id: pathId,
        school_id: path.school_id ?? at.school,
        position: had,
        activity_id: activityId,
        activity_title: activity.title,
        extra: true,
      })
      .returning('id');
    await this.knex('extra_steps').insert({ ...mine, step_id: step.id, school_id: at.school, after_step: at.stepId });
    await this.tell(at);
  }

  /** Takes an extra step away; its results are kept. Returns whether it is one of this pupil's. */
  async remove(at: Placement): Promise<boolean> {
    const removed = await this.knex('steps')
      .whereIn(
        'id',
        this.knex('extra_steps')
          .where({ step_id: at.stepId, assignment_id: at.assignmentId, pupil_id: at.pupilId })
          .select('step_id'),
      )
      .whereNull('removed_at')
      .update({ removed_at: this.knex.fn.now() });
    if (removed > 0) await this.tell(at);
    return removed > 0;
  }

  private async tell({ assignmentId, pupilId }: Placement): Promise<void> {
    await this.live.publish('board', { assignmentId }, { kind: 'result' });
    await this.live.publish('trail', { assignmentId, pupilId }, { kind: 'result' });
  }
}

/** The path with a pupil's extra steps in their places. */
export function withExtraSteps(shape: PathShape, extra: readonly ExtraStep[]): PathShape {
  if (extra.length === 0) return shape;
  const ids = new Set(shape.steps.map(({ id }) => id));
  const after = (id: string) => extra.filter((each) => each.after === id).map(({ step }) => step);
  const atEnd = extra.filter((each) => each.after === null || !ids.has(each.after)).map(({ step }) => step);
  return { ...shape, steps: [...shape.steps.flatMap((step) => [step, ...after(step.id)]), ...atEnd] };
}

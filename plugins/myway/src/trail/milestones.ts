import type { Dependencies } from '../dependencies.js';
import type { PathShapes } from '../paths/shapes.js';
import { buildTrail } from './build-trail.js';
import type { BranchChoices } from './choices.js';
import type { Placement, Result } from './result.js';

/** Publishes what a pupil has reached: `myway.step-done` and `myway.path-finished`. */
export class Milestones {
  private readonly knex;
  private readonly events;
  private readonly pathShapes;
  private readonly choices;
  private readonly config;

  constructor({ knex, events, pathShapes, choices, config }: Dependencies & { pathShapes: PathShapes; choices: BranchChoices }) {
    this.knex = knex;
    this.events = events;
    this.pathShapes = pathShapes;
    this.choices = choices;
    this.config = config;
  }

  /**
   * Call this when a step becomes done.
   *
   * @param results the pupil's results in this assignment, read under a lock on it, so that of two steps done at the same time the second
   * sees the first
   */
  async stepDone(at: Placement, doneBy: NonNullable<Result['doneBy']>, results: readonly Result[]): Promise<void> {
    const { school, assignmentId, stepId, pupilId } = at;
    await this.events.publish('step-done', { school, assignmentId, stepId, pupilId, doneBy });
    await this.finished(
      at,
      results.filter((result) => result.stepId !== stepId),
      results,
    );
  }

  /**
   * Call this when a step that was done is scored again, which may end the repetition that a branch asks for.
   *
   * @param before the step's result before this score
   */
  async scoredAgain(at: Placement, before: Pick<Result, 'tries' | 'best'>, results: readonly Result[]): Promise<void> {
    await this.finished(
      at,
      results.map((result) => (result.stepId === at.stepId ? { ...result, ...before } : result)),
      results,
    );
  }

  private async finished({ school, assignmentId, pupilId }: Placement, before: readonly Result[], now: readonly Result[]) {
    const path = await this.knex('paths')
      .whereIn('id', this.knex('assignments').where({ id: assignmentId }).select('path_id'))
      .first();
    if (path === undefined) return;
    const shape = await this.pathShapes.of(path);
    const choicesOf = await this.choices.of([{ id: assignmentId, path_id: path.id }], new Map([[path.id, shape]]), pupilId);
    const isComplete = (some: readonly Result[]) =>
      buildTrail(shape, some, this.config, choicesOf(assignmentId, pupilId)).complete;
    if (!isComplete(now) || isComplete(before)) return;
    await this.events.publish('path-finished', { school, assignmentId, pathId: path.id, pupilId });
  }
}

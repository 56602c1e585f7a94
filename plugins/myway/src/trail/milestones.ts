import type { Dependencies } from '../dependencies.js';
import type { PathShapes } from '../paths/shapes.js';
import { buildTrail } from './build-trail.js';
import type { Placement, Result } from './result.js';

/** Publishes what a pupil has reached: `myway.step-done` and `myway.path-finished`. */
export class Milestones {
  private readonly knex;
  private readonly events;
  private readonly pathShapes;
  private readonly config;

  constructor({ knex, events, pathShapes, config }: Dependencies & { pathShapes: PathShapes }) {
    this.knex = knex;
    this.events = events;
    this.pathShapes = pathShapes;
    this.config = config;
  }

  /**
   * Call this when a step becomes done.
   *
   * @param results the pupil's results in this assignment, read under a lock on it, so that of two steps done at the same time the second
   * sees the first
   */
  async stepDone(
    { school, assignmentId, stepId, pupilId }: Placement,
    doneBy: NonNullable<Result['doneBy']>,
    results: readonly Result[],
  ) {
    await this.events.publish('step-done', { school, assignmentId, stepId, pupilId, doneBy });
    const path = await this.knex('paths')
      .whereIn('id', this.knex('assignments').where({ id: assignmentId }).select('path_id'))
      .first();
    if (path === undefined) return;
    const shape = await this.pathShapes.of(path);
    const before = results.filter((result) => result.stepId !== stepId);
    const isComplete = (some: readonly Result[]) => buildTrail(shape, some, this.config).complete;
    if (!isComplete(results) || isComplete(before)) return;
    await this.events.publish('path-finished', { school, assignmentId, pathId: path.id, pupilId });
  }
}

import type { Dependencies } from '../dependencies.js';
import type { PathShape, PathShapes } from '../paths/shapes.js';
import { buildTrail } from './build-trail.js';
import type { BranchChoices } from './choices.js';
import { type ExtraSteps, withExtraSteps } from './extra-steps.js';
import type { Placement, Result } from './result.js';
import type { ResultRows } from './result-rows.js';
import { otherActivities, variantOf } from './variants.js';

/** A pupil in an assignment. */
type Follower = Omit<Placement, 'stepId'>;

/** Publishes what a pupil has reached: `myway.step-done` and `myway.path-finished`. */
export class Milestones {
  private readonly knex;
  private readonly events;
  private readonly locks;
  private readonly library;
  private readonly pathShapes;
  private readonly choices;
  private readonly extraSteps;
  private readonly resultRows;
  private readonly config;

  constructor({
    knex,
    events,
    locks,
    library,
    pathShapes,
    choices,
    extraSteps,
    resultRows,
    config,
  }: Dependencies & { pathShapes: PathShapes; choices: BranchChoices; extraSteps: ExtraSteps; resultRows: ResultRows }) {
    this.knex = knex;
    this.events = events;
    this.locks = locks;
    this.library = library;
    this.pathShapes = pathShapes;
    this.choices = choices;
    this.extraSteps = extraSteps;
    this.resultRows = resultRows;
    this.config = config;
  }

  /**
   * Call this when a step has become done.
   *
   * @param scored tries and best score before the attempt that came with it; null: there was none
   */
  async stepDone(
    at: Placement,
    doneBy: NonNullable<Result['doneBy']>,
    scored: Pick<Result, 'tries' | 'best'> | null,
  ): Promise<void> {
    const { school, assignmentId, stepId, pupilId } = at;
    await this.events.publish('step-done', { school, assignmentId, stepId, pupilId, doneBy });
    await this.finishedBy(at, { state: 'started', ...scored });
  }

  /**
   * Call this when a step that was done is scored again, which may end the repetition that a branch asks for.
   *
   * @param before tries and best score before this score
   */
  scoredAgain(at: Placement, before: Pick<Result, 'tries' | 'best'>): Promise<void> {
    return this.finishedBy(at, before);
  }

  /** Whether the pupil has done all that counts. */
  async isFinished(follower: Follower): Promise<boolean> {
    const path = await this.pathOf(follower);
    return path !== null && this.isComplete(path, path.results);
  }

  /** Carries out what a teacher decides for one pupil, and publishes `path-finished` if it leaves the pupil nothing more to do. */
  async around<T>(follower: Follower, change: () => Promise<T>): Promise<T> {
    await this.lock(follower);
    const isDone = async () => {
      const path = await this.pathOf(follower);
      return path === null || this.isComplete(path, path.results);
    };
    const wasDone = await isDone();
    const changed = await change();
    if (!wasDone && (await isDone())) await this.publishFinished(follower);
    return changed;
  }

  /** Publishes `path-finished` if the path is complete now, and was not while the result of this step was as `before` says. */
  private async finishedBy(at: Placement, before: Partial<Result>): Promise<void> {
    await this.lock(at);
    const path = await this.pathOf(at);
    if (path === null || !this.isComplete(path, path.results)) return;
    const earlier = path.results.map((result) => (result.stepId === at.stepId ? { ...result, ...before } : result));
    if (!this.isComplete(path, earlier)) await this.publishFinished(at);
  }

  /** Without it, two steps done at the same time would not see each other, and the path would never count as finished. */
  private lock({ assignmentId, pupilId }: Follower): Promise<void> {
    return this.locks.take(`finish ${assignmentId} ${pupilId}`);
  }

  /** The path as this pupil has it; null: the path is gone. */
  private async pathOf({ assignmentId, pupilId }: Follower) {
    const path = await this.knex('paths')
      .whereIn('id', this.knex('assignments').where({ id: assignmentId }).select('path_id'))
      .first();
    if (path === undefined) return null;
    const results = await this.resultRows.of([assignmentId], pupilId);
    const given = await this.pathShapes.of(path);
    const extra = (await this.extraSteps.of([assignmentId], pupilId)).get(assignmentId) ?? [];
    const others = await otherActivities(this.library.activities, results);
    const shape = variantOf(withExtraSteps(given, extra), results, others);
    const choicesOf = await this.choices.of([{ id: assignmentId, path_id: path.id }], new Map([[path.id, given]]), pupilId);
    return { shape, results, choices: choicesOf(assignmentId, pupilId) };
  }

  private isComplete(
    { shape, choices }: { shape: PathShape; choices: ReadonlyMap<string, string> },
    results: readonly Result[],
  ): boolean {
    return buildTrail(shape, results, this.config, choices).complete;
  }

  private async publishFinished({ school, assignmentId, pupilId }: Follower): Promise<void> {
    const { path_id: pathId } = await this.knex('assignments').where({ id: assignmentId }).first('path_id');
    await this.events.publish('path-finished', { school, assignmentId, pathId, pupilId });
  }
}

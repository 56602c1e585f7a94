import { randomUUID } from 'node:crypto';
import type { ScoreReceived } from '@ilearn/plugin-lti';
import type { Dependencies } from '../dependencies.js';
import { scoreIdOf } from './attempt-id.js';
import type { Milestones } from './milestones.js';
import type { Marking } from './model.js';
import type { Override, Placement } from './result.js';
import type { Attempt, ResultRows } from './result-rows.js';

/** The message that delivered a score. */
export interface Delivery {
  /** When the message was published. */
  at: Date;
}

const placement = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The LTI resource link of a step in an assignment. */
export const resourceLinkOf = (assignmentId: string, stepId: string): string => `${assignmentId}:${stepId}`;

/** What happens to results: by the pupil, by a teacher and by tools. */
export class Results {
  private readonly knex;
  private readonly clock;
  private readonly lti;
  private readonly events;
  private readonly milestones;
  private readonly rows;

  constructor({
    knex,
    clock,
    lti,
    events,
    milestones,
    resultRows,
  }: Dependencies & { milestones: Milestones; resultRows: ResultRows }) {
    this.knex = knex;
    this.clock = clock;
    this.lti = lti;
    this.events = events;
    this.milestones = milestones;
    this.rows = resultRows;
  }

  /** Records that the pupil opened the step. A done step stays done. */
  async started(at: Placement): Promise<void> {
    await this.write(at, { started_at: this.rows.now(), last_active_at: this.rows.now() });
  }

  /** Records that the pupil or a teacher completed the step. */
  async done(at: Placement, by: 'pupil' | 'teacher'): Promise<void> {
    const activity = by === 'pupil' ? { started_at: this.rows.now(), last_active_at: this.rows.now() } : {};
    await this.write(at, { done_by: by, done_at: this.rows.now(), ...activity });
  }

  /** Records what a teacher decided for the pupil at this step. A score of their own completes the step. */
  async override(at: Placement, { skipped, unlocked, score, note, other }: Override): Promise<void> {
    const decided = {
      ...(skipped === undefined ? {} : { skipped_at: skipped ? this.rows.now() : null }),
      ...(unlocked === undefined ? {} : { unlocked_at: unlocked ? this.rows.now() : null }),
      ...(score === undefined ? {} : { own_given: score?.given ?? null, own_maximum: score?.maximum ?? null }),
      ...(note === undefined ? {} : { teacher_note: note }),
      ...(other === undefined ? {} : { other_activity: other?.activityId ?? null, other_title: other?.title ?? null }),
      updated_at: this.rows.now(),
    };
    const write = () =>
      this.knex('results')
        .insert({ ...this.rows.keyOf(at), state: 'todo', ...decided })
        .onConflict(['assignment_id', 'step_id', 'pupil_id'])
        .merge(decided);
    // A step that need not be done may have been the last.
    if (skipped) await this.milestones.around(at, write);
    else await write();
    if (score) await this.done(at, 'teacher');
    else await this.rows.tell(at);
  }

  /**
   * Resets the step for a teacher. Discards scores accepted earlier, including those whose message is not delivered yet, and withdraws them
   * from tools.
   */
  async reset(at: Placement): Promise<void> {
    // This waits for scores in progress, so that each is accepted either before or after `reset_at`.
    const resourceLinkId = resourceLinkOf(at.assignmentId, at.stepId);
    await this.lti.gradebook.withdraw({ school: at.school, resourceLinkId, personId: at.pupilId });
    // Update the row first: recording a score locks it, and the score's attempt must be visible here.
    await this.knex.raw(
      `? on conflict (assignment_id, step_id, pupil_id) do update set
         state = 'todo', done_by = null, score_given = null, score_maximum = null, scored_at = null, score_id = null,
         comment = null, marking = null, own_given = null, own_maximum = null, teacher_note = null, skipped_at = null,
         started_at = null, done_at = null, tries = 0, best = null, reset_at = clock_timestamp(),
         reset_scored_at = greatest(results.reset_scored_at, results.scored_at), updated_at = excluded.updated_at`,
      [this.knex('results').insert({ ...this.rows.keyOf(at), state: 'todo', reset_at: this.knex.raw('clock_timestamp()') })],
    );
    const place = { assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId };
    await this.knex('attempts').where(place).delete();
    await this.knex('work').whereIn('id', this.knex('handed_in_files').where(place).select('file_id')).delete();
    await this.knex('handed_in').where(place).delete();
    const { school, assignmentId, stepId, pupilId } = at;
    await this.events.publish('step-reset', { school, assignmentId, stepId, pupilId });
    await this.rows.tell(at);
  }

  /**
   * Records a score that the LTI platform accepted (AGS 2.0 §3.4). Messages may arrive late, repeatedly and in any order; the result is the
   * same. Each graded score is one attempt. The score with the latest timestamp is shown if it is final (`FullyGraded`). The times at which
   * the pupil started, finished and was last active come from `submission`, or from when scores were accepted. `Completed`, or submitted
   * and fully graded, completes the step unless grading failed; a done step stays done.
   *
   * @returns the outcome; `foreign`: not a placement of this plugin; `before-reset`: the score was accepted before a teacher reset the step
   */
  async score(
    score: ScoreReceived,
    delivery: Delivery = { at: this.clock.now() },
  ): Promise<'recorded' | 'before-reset' | 'foreign'> {
    const at = await this.placementOf(score);
    if (at === null) return 'foreign';
    const { activityProgress, gradingProgress } = score;
    const final = gradingProgress === 'FullyGraded' && score.scoreGiven !== null;
    const finished =
      (activityProgress === 'Completed' && gradingProgress !== 'Failed') ||
      (activityProgress === 'Submitted' && gradingProgress === 'FullyGraded');
    // A Date has milliseconds, the database's clock microseconds. Round up, so that the time is never too early.
    const received = score.receivedAt ?? new Date(delivery.at.getTime() + 1).toISOString();
    const id = score.scoreId ?? scoreIdOf(at, score.timestamp);
    // The tool's clock may be ahead, but the pupil cannot have worked after the score was accepted.
    const upToNow = (moment: string) => this.knex.raw('least(?::timestamptz, ?::timestamptz)', [moment, received]);
    const worked = upToNow(score.submittedAt ?? received);
    const recorded = await this.write(
      at,
      {
        ...(finished ? { done_by: 'tool', done_at: worked } : {}),
        score_given: final ? score.scoreGiven : null,
        score_maximum: final ? score.scoreMaximum : null,
        marking: markingOf(gradingProgress),
        comment: score.comment,
        scored_at: score.timestamp,
        score_id: id,
        started_at: upToNow(score.startedAt ?? score.submittedAt ?? received),
        last_active_at: worked,
      },
      this.knex.raw(
        `?::timestamptz > coalesce(results.reset_at, '-infinity')
         and excluded.scored_at > coalesce(results.reset_scored_at, '-infinity')`,
        [received],
      ),
      final && score.scoreMaximum !== null
        ? { id, given: score.scoreGiven as number, maximum: score.scoreMaximum, comment: score.comment, at: score.timestamp }
        : undefined,
    );
    if (!recorded) {
      // A reset does not change when the pupil was last active.
      await this.knex('results')
        .where({ assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId })
        .update({ last_active_at: this.knex.raw('greatest(last_active_at, ?)', [worked]) });
      return 'before-reset';
    }
    return 'recorded';
  }

  /**
   * Records a score that the portal or a teacher gives, which completes the step.
   *
   * @param score null: the teacher answers without a score
   * @param id of the attempt; one that is stored already is not counted again
   */
  async graded(
    at: Placement,
    by: 'pupil' | 'teacher',
    score: { given: number; maximum: number } | null,
    comment: string | null = null,
    id: string = randomUUID(),
  ): Promise<void> {
    const moment = this.knex.raw('clock_timestamp()');
    const activity = by === 'pupil' ? { started_at: this.rows.now(), last_active_at: this.rows.now() } : {};
    await this.write(
      at,
      {
        done_by: by,
        done_at: this.rows.now(),
        score_given: score?.given ?? null,
        score_maximum: score?.maximum ?? null,
        marking: null,
        comment,
        scored_at: moment,
        score_id: id,
        ...activity,
      },
      undefined,
      score === null ? undefined : { id, ...score, comment, at: moment },
    );
  }

  /** Records that the pupil handed in work, which completes the step and waits for the teacher's answer. */
  async handedIn(at: Placement): Promise<void> {
    await this.write(at, {
      done_by: 'pupil',
      done_at: this.rows.now(),
      started_at: this.rows.now(),
      last_active_at: this.rows.now(),
      marking: 'pending',
      scored_at: this.knex.raw('clock_timestamp()'),
      score_id: randomUUID(),
    });
  }

  /** Opens a step again for a better version. Its attempts stay. */
  async sentBack(at: Placement, comment: string | null): Promise<void> {
    await this.knex('results')
      .where({ assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId })
      .update({ state: 'started', done_by: null, done_at: null, marking: null, comment, updated_at: this.rows.now() });
    await this.rows.tell(at);
  }

  private async placementOf(score: ScoreReceived): Promise<Placement | null> {
    const [, assignmentId, stepId] = placement.exec(score.resourceLinkId) ?? [];
    if (assignmentId === undefined || stepId === undefined) return null;
    const found = await this.knex('assignments as a')
      .join('steps as s', 's.path_id', 'a.path_id')
      .where({ 'a.id': assignmentId, 's.id': stepId, 'a.school_id': score.school })
      .first('a.id');
    return found ? { assignmentId, stepId, pupilId: score.personId, school: score.school } : null;
  }

  /**
   * Writes what happened, and publishes what the pupil has reached with it.
   *
   * @param only a condition on an existing row
   * @param attempt the graded attempt that the event brings
   * @returns whether the row was written
   */
  private async write(
    at: Placement,
    happened: Record<string, unknown>,
    only = this.knex.raw('true'),
    attempt?: Attempt,
  ): Promise<boolean> {
    const state = 'done_at' in happened ? 'done' : 'started';
    const wasDone = state === 'done' && (await this.rows.lockedState(at)) === 'done';
    const written = await this.rows.merge(at, { state, ...happened }, only);
    if (written === null) return false;
    // First, because the way at a branch depends on it.
    const before = attempt === undefined ? null : await this.rows.addTry(at, attempt);
    const isNewlyDone = state === 'done' && !wasDone;
    if (isNewlyDone && written.doneBy !== null) await this.milestones.stepDone(at, written.doneBy, before);
    else if (before !== null) await this.milestones.scoredAgain(at, before);
    await this.rows.tell(at);
    if (attempt !== undefined && before !== null) await this.publishAttempt(at, attempt);
    return true;
  }

  private async publishAttempt({ school, assignmentId, stepId, pupilId }: Placement, { given, maximum }: Attempt): Promise<void> {
    const row = await this.knex('steps as s')
      .leftJoin('results as r', (join) =>
        join.on('r.step_id', 's.id').andOnVal('r.assignment_id', assignmentId).andOnVal('r.pupil_id', pupilId),
      )
      .where('s.id', stepId)
      .first(this.knex.raw('coalesce(r.other_activity, s.activity_id) as activity_id'));
    const activityId: string | null = row?.activity_id ?? null;
    await this.events.publish('attempt-scored', { school, pupilId, activityId, given, maximum });
  }
}

/** Whether marking is pending or has failed; otherwise null (AGS 2.0 §3.4, gradingProgress). */
function markingOf(gradingProgress: ScoreReceived['gradingProgress']): Marking | null {
  if (gradingProgress === 'Failed') return 'failed';
  return gradingProgress === 'Pending' || gradingProgress === 'PendingManual' ? 'pending' : null;
}

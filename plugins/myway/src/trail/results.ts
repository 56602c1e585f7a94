import { createHash, randomUUID } from 'node:crypto';
import type { ScoreReceived } from '@ilearn/plugin-lti';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Milestones } from './milestones.js';
import type { Marking } from './model.js';
import type { StepState } from './path-to-walk.js';
import type { Override, Placement, Result } from './result.js';

/** The message that delivered a score. */
export interface Delivery {
  /** When the message was published. */
  at: Date;
}

const placement = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The LTI resource link of a step in an assignment. */
export const resourceLinkOf = (assignmentId: string, stepId: string): string => `${assignmentId}:${stepId}`;

/** A graded attempt. */
interface Attempt {
  id: string;
  given: number;
  maximum: number;
  comment: string | null;
  /** Time of the score. */
  at: string | Knex.Raw;
}

/** The only writer of results, so that the rules for a row are in one place. */
export class Results {
  private readonly knex;
  private readonly clock;
  private readonly lti;
  private readonly events;
  private readonly live;
  private readonly locks;
  private readonly milestones;

  constructor({ knex, clock, lti, events, live, locks, milestones }: Dependencies & { milestones: Milestones }) {
    this.knex = knex;
    this.clock = clock;
    this.lti = lti;
    this.events = events;
    this.live = live;
    this.locks = locks;
    this.milestones = milestones;
  }

  /** The results in these assignments, of all pupils or of one. */
  async of(assignmentIds: readonly string[], pupilId?: string): Promise<Result[]> {
    const rows = await this.knex('results')
      .whereIn('assignment_id', assignmentIds)
      .where(pupilId === undefined ? {} : { pupil_id: pupilId });
    return rows.map((row) => ({
      assignmentId: row.assignment_id,
      stepId: row.step_id,
      pupilId: row.pupil_id,
      state: row.state,
      doneBy: row.done_by,
      scoreGiven: row.own_given ?? row.score_given,
      scoreMaximum: row.own_maximum ?? row.score_maximum,
      marking: row.own_given === null ? row.marking : null,
      comment: row.comment,
      startedAt: row.started_at,
      doneAt: row.done_at,
      lastActiveAt: row.last_active_at,
      tries: row.tries,
      best: row.own_given === null ? row.best : row.own_given / row.own_maximum,
      skipped: row.skipped_at !== null,
      unlocked: row.unlocked_at !== null,
      ownScore: row.own_given !== null,
      teacherNote: row.teacher_note,
      otherActivity: row.other_activity,
      otherTitle: row.other_title,
    }));
  }

  /** Records that the pupil opened the step. A done step stays done. */
  async started(at: Placement): Promise<void> {
    await this.write(at, { started_at: this.now(), last_active_at: this.now() });
  }

  /** Records that the pupil or a teacher completed the step. */
  async done(at: Placement, by: 'pupil' | 'teacher'): Promise<void> {
    const activity = by === 'pupil' ? { started_at: this.now(), last_active_at: this.now() } : {};
    await this.write(at, { done_by: by, done_at: this.now(), ...activity });
  }

  /** Records what a teacher decided for the pupil at this step. A score of their own completes the step. */
  async override(at: Placement, { skipped, unlocked, score, note, other }: Override): Promise<void> {
    const decided = {
      ...(skipped === undefined ? {} : { skipped_at: skipped ? this.now() : null }),
      ...(unlocked === undefined ? {} : { unlocked_at: unlocked ? this.now() : null }),
      ...(score === undefined ? {} : { own_given: score?.given ?? null, own_maximum: score?.maximum ?? null }),
      ...(note === undefined ? {} : { teacher_note: note }),
      ...(other === undefined ? {} : { other_activity: other?.activityId ?? null, other_title: other?.title ?? null }),
      updated_at: this.now(),
    };
    await this.knex('results')
      .insert({ ...this.keyOf(at), state: 'todo', ...decided })
      .onConflict(['assignment_id', 'step_id', 'pupil_id'])
      .merge(decided);
    if (score) await this.done(at, 'teacher');
    else await this.tell(at);
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
      [this.knex('results').insert({ ...this.keyOf(at), state: 'todo', reset_at: this.knex.raw('clock_timestamp()') })],
    );
    const place = { assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId };
    await this.knex('attempts').where(place).delete();
    await this.knex('work').whereIn('id', this.knex('handed_in_files').where(place).select('file_id')).delete();
    await this.knex('handed_in').where(place).delete();
    const { school, assignmentId, stepId, pupilId } = at;
    await this.events.publish('step-reset', { school, assignmentId, stepId, pupilId });
    await this.tell(at);
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
    const id = score.scoreId ?? idOf(at, score.timestamp);
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
    const activity = by === 'pupil' ? { started_at: this.now(), last_active_at: this.now() } : {};
    await this.write(
      at,
      {
        done_by: by,
        done_at: this.now(),
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
      done_at: this.now(),
      started_at: this.now(),
      last_active_at: this.now(),
      marking: 'pending',
      scored_at: this.knex.raw('clock_timestamp()'),
      score_id: randomUUID(),
    });
  }

  /** Opens a step again for a better version. Its attempts stay. */
  async sentBack(at: Placement, comment: string | null): Promise<void> {
    await this.knex('results')
      .where({ assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId })
      .update({ state: 'started', done_by: null, done_at: null, marking: null, comment, updated_at: this.now() });
    await this.tell(at);
  }

  /**
   * Adds an attempt to a row that {@link write} has locked, unless the attempt is already stored.
   *
   * @returns tries and best score before it; null if the attempt was stored before
   */
  private async addTry(at: Placement, attempt: Attempt): Promise<Pick<Result, 'tries' | 'best'> | null> {
    const { updated_at: _, ...key } = this.keyOf(at);
    const { id, given, maximum, comment } = attempt;
    const added = this.knex('attempts')
      .insert({ id, ...key, score_given: given, score_maximum: maximum, comment, scored_at: attempt.at })
      .onConflict('id')
      .ignore()
      .returning('id');
    const place = { assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId };
    const before = await this.knex('results').where(place).first('tries', 'best');
    const [changed] = await this.knex
      .with('added', added)
      .from('results')
      .updateFrom('added')
      .where(place)
      .update({
        tries: this.knex.raw('results.tries + 1'),
        // Divide here, because PostgreSQL raises an error if the quotient is out of range.
        best: this.knex.raw('greatest(results.best, ?)', [Math.min(given / maximum, Number.MAX_VALUE)]),
      })
      .returning('results.tries');
    return changed === undefined ? null : before;
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
   * Merges an event into a row. The order of events does not matter: the row keeps the earliest start and end, the latest activity, and the
   * score with the latest timestamp (of equal timestamps, the one with the greater id).
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
    const wasDone = state === 'done' && (await this.lockedState(at)) === 'done';
    const { rows } = await this.knex.raw(
      `? on conflict (assignment_id, step_id, pupil_id) do update set
         state = case when coalesce(results.done_at, excluded.done_at) is null then 'started' else 'done' end,
         done_by = case when excluded.done_at is null or (results.done_at, results.done_by) <= (excluded.done_at, excluded.done_by)
           then results.done_by else excluded.done_by end,
         done_at = least(results.done_at, excluded.done_at),
         started_at = least(results.started_at, greatest(excluded.started_at, results.reset_at)),
         last_active_at = greatest(results.last_active_at, excluded.last_active_at),
         score_given = case when ${newer} then excluded.score_given else results.score_given end,
         score_maximum = case when ${newer} then excluded.score_maximum else results.score_maximum end,
         scored_at = case when ${newer} then excluded.scored_at else results.scored_at end,
         score_id = case when ${newer} then excluded.score_id else results.score_id end,
         comment = case when ${newer} then excluded.comment else results.comment end,
         marking = case when ${newer} then excluded.marking else results.marking end,
         updated_at = excluded.updated_at
       where ? returning done_by`,
      [this.knex('results').insert({ ...this.keyOf(at), state, ...happened }), only],
    );
    const [written] = rows;
    if (written === undefined) return false;
    // First, because the way at a branch depends on it.
    const before = attempt === undefined ? null : await this.addTry(at, attempt);
    const isNewlyDone = state === 'done' && !wasDone;
    if (isNewlyDone || before !== null) {
      // Without this lock, two steps done at the same time would not see each other, and the path would never count as finished.
      await this.locks.take(`finish ${at.assignmentId} ${at.pupilId}`);
      const results = await this.of([at.assignmentId], at.pupilId);
      if (isNewlyDone) await this.milestones.stepDone(at, written.done_by, results);
      else if (before !== null) await this.milestones.scoredAgain(at, before, results);
    }
    await this.tell(at);
    return true;
  }

  /** The state of a row, which is created if it does not exist and stays locked until the end of the unit of work. */
  private async lockedState(at: Placement): Promise<StepState> {
    const { rows } = await this.knex.raw(
      '? on conflict (assignment_id, step_id, pupil_id) do update set updated_at = results.updated_at returning state',
      [this.knex('results').insert({ ...this.keyOf(at), state: 'todo' })],
    );
    return rows[0].state;
  }

  /** Notifies the class board and the pupil's page after the commit. */
  private async tell({ assignmentId, pupilId }: Placement): Promise<void> {
    await Promise.all([
      this.live.publish('board', { assignmentId }, { kind: 'result' }),
      this.live.publish('trail', { assignmentId, pupilId }, { kind: 'result' }),
    ]);
  }

  private keyOf(at: Placement) {
    return {
      assignment_id: at.assignmentId,
      step_id: at.stepId,
      pupil_id: at.pupilId,
      school_id: at.school,
      updated_at: this.now(),
    };
  }

  private now() {
    return this.knex.fn.now();
  }
}

/** Whether marking is pending or has failed; otherwise null (AGS 2.0 §3.4, gradingProgress). */
function markingOf(gradingProgress: ScoreReceived['gradingProgress']): Marking | null {
  if (gradingProgress === 'Failed') return 'failed';
  return gradingProgress === 'Pending' || gradingProgress === 'PendingManual' ? 'pending' : null;
}

/** SQL condition: the new score replaces the shown one. Old rows have no `score_id`. */
const newer = `(excluded.scored_at is not null and (results.scored_at is null or
  (results.scored_at, coalesce(results.score_id, '00000000-0000-0000-0000-000000000000')) < (excluded.scored_at, excluded.score_id)))`;

/** An id for a score without one. It is unique, because the LTI platform accepts one score for a pupil, placement and timestamp. */
function idOf({ assignmentId, stepId, pupilId }: Placement, timestamp: string): string {
  const hash = createHash('sha256')
    .update([assignmentId, stepId, pupilId, instantOf(timestamp)].join(' '))
    .digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** A timestamp in UTC with microseconds, the precision of the database. */
function instantOf(timestamp: string): string {
  const fraction = /\.(\d+)/.exec(timestamp)?.[1] ?? '';
  return `${new Date(timestamp.replace(/\.\d+/, '')).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}`;
}

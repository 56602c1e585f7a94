import type { ScoreReceived } from '@ilearn/plugin-lti';
import type { Cradle } from '../cradle.js';
import type { StepState } from '../trail/rules.js';

/** One pupil at one step of one assignment. */
export interface Placement {
  assignmentId: string;
  stepId: string;
  pupilId: string;
  school: string;
}

export interface Result {
  assignmentId: string;
  stepId: string;
  pupilId: string;
  state: StepState;
  doneBy: 'pupil' | 'tool' | 'teacher' | null;
  scoreGiven: number | null;
  scoreMaximum: number | null;
  startedAt: Date | null;
  doneAt: Date | null;
  lastActiveAt: Date | null;
}

export interface Attempt {
  assignmentId: string;
  stepId: string;
  pupilId: string;
  scoreGiven: number;
  scoreMaximum: number;
  comment: string | null;
  scoredAt: Date;
}

const placement = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The LTI placement of a step: one step in one assignment. */
export const resourceLinkOf = (assignmentId: string, stepId: string): string => `${assignmentId}:${stepId}`;

/** What pupils did. Everything that writes a result is here, so that the rules of one row stand in one place. */
export class Results {
  private readonly knex;

  constructor({ knex }: Cradle) {
    this.knex = knex;
  }

  /** Of all pupils, or of one. */
  async of(assignmentIds: readonly string[], pupilId?: string): Promise<Result[]> {
    const rows = await this.rowsOf('results', assignmentIds, pupilId);
    return rows.map((row) => ({
      assignmentId: row.assignment_id,
      stepId: row.step_id,
      pupilId: row.pupil_id,
      state: row.state,
      doneBy: row.done_by,
      scoreGiven: row.score_given,
      scoreMaximum: row.score_maximum,
      startedAt: row.started_at,
      doneAt: row.done_at,
      lastActiveAt: row.last_active_at,
    }));
  }

  /** Graded tries, oldest first. */
  async attemptsOf(assignmentIds: readonly string[], pupilId?: string): Promise<Attempt[]> {
    const rows = await this.rowsOf('attempts', assignmentIds, pupilId).orderBy('scored_at');
    return rows.map((row) => ({
      assignmentId: row.assignment_id,
      stepId: row.step_id,
      pupilId: row.pupil_id,
      scoreGiven: row.score_given,
      scoreMaximum: row.score_maximum,
      comment: row.comment,
      scoredAt: row.scored_at,
    }));
  }

  /** The pupil opened the step. Done stays done. */
  async started(at: Placement): Promise<void> {
    await this.write(at, { state: 'started', started_at: this.now(), last_active_at: this.now() }, [
      `state = case results.state when 'done' then 'done' else 'started' end`,
      'started_at = coalesce(results.started_at, excluded.started_at)',
      'last_active_at = excluded.last_active_at',
    ]);
  }

  /** The pupil or a teacher ticked the step off. */
  async done(at: Placement, by: 'pupil' | 'teacher'): Promise<void> {
    const activity = by === 'pupil' ? { started_at: this.now(), last_active_at: this.now() } : {};
    await this.write(at, { state: 'done', done_by: by, done_at: this.now(), ...activity }, [
      `state = 'done'`,
      'done_by = coalesce(results.done_by, excluded.done_by)',
      'done_at = coalesce(results.done_at, excluded.done_at)',
      'started_at = coalesce(results.started_at, excluded.started_at)',
      'last_active_at = coalesce(excluded.last_active_at, results.last_active_at)',
    ]);
  }

  /** A teacher lets the pupil begin anew. Scores that the tool sent before stay behind: they are older than `scored_at`. */
  async reset(at: Placement): Promise<void> {
    const row = { assignment_id: at.assignmentId, step_id: at.stepId, pupil_id: at.pupilId };
    await this.knex('attempts').where(row).delete();
    await this.knex('results').where(row).update({
      state: 'todo',
      done_by: null,
      score_given: null,
      score_maximum: null,
      started_at: null,
      done_at: null,
      updated_at: this.now(),
    });
  }

  /**
   * Takes a tool's score (AGS 2.0 §3.4.8). Only a newer timestamp counts, so a repeated or late message changes nothing.
   * `Completed`, or handed in and fully graded, makes the step done; done stays done. A score without `scoreGiven` means
   * that there is none now.
   *
   * @returns what became of it; `foreign`: the placement is none of ours
   */
  async score(score: ScoreReceived): Promise<'recorded' | 'outdated' | 'foreign'> {
    const at = await this.placementOf(score);
    if (at === null) return 'foreign';
    const finished =
      score.activityProgress === 'Completed' ||
      (score.activityProgress === 'Submitted' && score.gradingProgress === 'FullyGraded');
    const written = await this.write(
      at,
      {
        state: finished ? 'done' : 'started',
        ...(finished ? { done_by: 'tool', done_at: this.now() } : {}),
        score_given: score.scoreGiven,
        score_maximum: score.scoreGiven === null ? null : score.scoreMaximum,
        scored_at: score.timestamp,
        started_at: this.now(),
        last_active_at: this.now(),
      },
      [
        `state = case results.state when 'done' then 'done' else excluded.state end`,
        'done_by = coalesce(results.done_by, excluded.done_by)',
        'done_at = coalesce(results.done_at, excluded.done_at)',
        'score_given = excluded.score_given',
        'score_maximum = excluded.score_maximum',
        'scored_at = excluded.scored_at',
        'started_at = coalesce(results.started_at, excluded.started_at)',
        'last_active_at = excluded.last_active_at',
      ],
      'results.scored_at is null or results.scored_at < excluded.scored_at',
    );
    if (!written) return 'outdated';
    if (score.gradingProgress === 'FullyGraded' && score.scoreGiven !== null && score.scoreMaximum !== null) {
      await this.knex('attempts').insert({
        assignment_id: at.assignmentId,
        step_id: at.stepId,
        pupil_id: at.pupilId,
        school_id: at.school,
        score_given: score.scoreGiven,
        score_maximum: score.scoreMaximum,
        comment: score.comment,
        scored_at: score.timestamp,
      });
    }
    return 'recorded';
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

  /** Inserts, or updates what is there by `change`; false when `only` let it be. */
  private async write(at: Placement, row: Record<string, unknown>, change: string[], only = 'true'): Promise<boolean> {
    const values = {
      assignment_id: at.assignmentId,
      step_id: at.stepId,
      pupil_id: at.pupilId,
      school_id: at.school,
      updated_at: this.now(),
      ...row,
    };
    const { rows } = await this.knex.raw(
      `? on conflict (assignment_id, step_id, pupil_id) do update set ${[...change, 'updated_at = excluded.updated_at'].join(', ')} where ${only} returning step_id`,
      [this.knex('results').insert(values)],
    );
    return rows.length > 0;
  }

  private rowsOf(table: 'results' | 'attempts', assignmentIds: readonly string[], pupilId?: string) {
    return this.knex(table)
      .whereIn('assignment_id', assignmentIds)
      .where(pupilId === undefined ? {} : { pupil_id: pupilId });
  }

  private now() {
    return this.knex.fn.now();
  }
}

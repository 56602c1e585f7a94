import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { StepState } from './path-to-walk.js';
import type { Placement, Result } from './result.js';

/** A graded attempt. */
export interface Attempt {
  id: string;
  given: number;
  maximum: number;
  comment: string | null;
  /** Time of the score. */
  at: string | Knex.Raw;
}

/** The rows of results and attempts. Only `Results` writes them. */
export class ResultRows {
  private readonly knex;
  private readonly live;

  constructor({ knex, live }: Dependencies) {
    this.knex = knex;
    this.live = live;
  }

  /** The results in these assignments, of all pupils or of one. */
  async of(assignmentIds: readonly string[], pupilId?: string): Promise<Result[]> {
    // A board reads many rows, so only the columns that count.
    const rows = await this.knex('results')
      .whereIn('assignment_id', assignmentIds)
      .where(pupilId === undefined ? {} : { pupil_id: pupilId })
      .select('assignment_id', 'step_id', 'pupil_id', 'state', 'done_by', 'score_given', 'score_maximum', 'marking', 'comment')
      .select('started_at', 'done_at', 'last_active_at', 'tries', 'best', 'own_given', 'own_maximum', 'teacher_note')
      .select('other_activity', 'other_title')
      .select(this.knex.raw('skipped_at is not null as skipped, unlocked_at is not null as unlocked'));
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
      skipped: row.skipped,
      unlocked: row.unlocked,
      ownScore: row.own_given !== null,
      teacherNote: row.teacher_note,
      otherActivity: row.other_activity,
      otherTitle: row.other_title,
    }));
  }

  /**
   * Merges an event into a row. The order of events does not matter: the row keeps the earliest start and end, the latest activity, and the
   * score with the latest timestamp (of equal timestamps, the one with the greater id).
   *
   * @param only a condition on an existing row
   * @returns who completed the step; null: the condition does not hold, and nothing was written
   */
  async merge(
    at: Placement,
    happened: Record<string, unknown>,
    only: Knex.Raw = this.knex.raw('true'),
  ): Promise<{ doneBy: Result['doneBy'] } | null> {
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
      [this.knex('results').insert({ ...this.keyOf(at), ...happened }), only],
    );
    return rows[0] === undefined ? null : { doneBy: rows[0].done_by };
  }

  /**
   * Adds an attempt to a row that {@link merge} has locked, unless the attempt is already stored.
   *
   * @returns tries and best score before it; null if the attempt was stored before
   */
  async addTry(at: Placement, attempt: Attempt): Promise<Pick<Result, 'tries' | 'best'> | null> {
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

  /** The state of a row, which is created if it does not exist and stays locked until the end of the unit of work. */
  async lockedState(at: Placement): Promise<StepState> {
    const { rows } = await this.knex.raw(
      '? on conflict (assignment_id, step_id, pupil_id) do update set updated_at = results.updated_at returning state',
      [this.knex('results').insert({ ...this.keyOf(at), state: 'todo' })],
    );
    return rows[0].state;
  }

  /** Notifies the class board and the pupil's page after the commit. */
  async tell({ assignmentId, pupilId }: Placement): Promise<void> {
    await Promise.all([
      this.live.publish('board', { assignmentId }, { kind: 'result' }),
      this.live.publish('trail', { assignmentId, pupilId }, { kind: 'result' }),
    ]);
  }

  /** The columns that every row of this placement has. */
  keyOf(at: Placement) {
    return {
      assignment_id: at.assignmentId,
      step_id: at.stepId,
      pupil_id: at.pupilId,
      school_id: at.school,
      updated_at: this.now(),
    };
  }

  /** The time of the unit of work, in the database's clock. */
  now() {
    return this.knex.fn.now();
  }
}

/** SQL condition: the new score replaces the shown one. Old rows have no `score_id`. */
const newer = `(excluded.scored_at is not null and (results.scored_at is null or
  (results.scored_at, coalesce(results.score_id, '00000000-0000-0000-0000-000000000000')) < (excluded.scored_at, excluded.score_id)))`;

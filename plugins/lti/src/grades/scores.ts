import { conflict, notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { ScoreReceived } from '../exports.js';
import type { LaunchRecords } from '../launches/launch-records.js';
import type { Subjects } from '../launches/subjects.js';
import type { Members } from '../members/members.js';
import type { LineItemService } from './line-items.js';
import { finalGrading, type ScoreInput } from './score.js';

/** How far a tool's clock may be ahead. A timestamp far in the future would block all later scores. */
const leewaySeconds = 300;
/** If `scoreGiven` exceeds `scoreMaximum` by at most this fraction, it is a rounding error, not extra credit. */
const roundingError = 1e-6;
/** How much a row says: a grade more than points, and points more than none. */
const weightOf = (row: 'results' | 'excluded') =>
  `(case when ${row}.score_given is null then 0 when ${row}.grading_progress = '${finalGrading}' then 2 else 1 end)`;
const saysMore = `(results.scored_at < excluded.scored_at and ${weightOf('results')} <= ${weightOf('excluded')})
  or (results.scored_at = excluded.scored_at
    and (${weightOf('results')}, results.activity_progress = 'Completed') < (${weightOf('excluded')}, excluded.activity_progress = 'Completed'))`;

type Services = Dependencies & { subjects: Subjects; launchRecords: LaunchRecords; members: Members; lineItems: LineItemService };

/** Receives scores from the acting tool (AGS 2.0 §3.4): stores each, makes the latest the result, and publishes `lti.score-received`. */
export class ScoreService {
  readonly #knex: Knex;
  readonly #config: Dependencies['config'];
  readonly #clock: Dependencies['clock'];
  readonly #events: Dependencies['events'];
  readonly #subjects: Subjects;
  readonly #launchRecords: LaunchRecords;
  readonly #members: Members;
  readonly #lineItems: LineItemService;

  constructor({ knex, config, clock, events, subjects, launchRecords, members, lineItems }: Services) {
    this.#members = members;
    this.#knex = knex;
    this.#config = config;
    this.#clock = clock;
    this.#events = events;
    this.#subjects = subjects;
    this.#launchRecords = launchRecords;
    this.#lineItems = lineItems;
  }

  /**
   * Repeating the latest score (a retry after a lost response) has no effect.
   *
   * @param mayBeOld a score that is older or says less than the result has no effect, instead of being a conflict; of one moment, the one that says more holds
   * @throws Problem 400 if the score is out of range, 404 if the line item or user is unknown, 409 if the timestamp is not later
   */
  async receive(
    toolId: string,
    contextId: string,
    lineItemId: string,
    input: ScoreInput,
    { mayBeOld = false } = {},
  ): Promise<void> {
    const lineItem = await this.#lineItems.row(contextId, lineItemId, { lock: true });
    this.#checkRange(input);
    const personId = await this.#subjects.personBehind(toolId, input.userId);
    if (
      personId === null ||
      !(
        (await this.#launchRecords.hasLaunched(toolId, contextId, personId)) ||
        (await this.#members.hasPupil(contextId, personId))
      )
    ) {
      throw notFound('userId is not a pupil who launched this tool in this context, or is a member of it.');
    }
    const score = {
      line_item_id: lineItem.id,
      school_id: lineItem.school_id,
      person_id: personId,
      score_given: input.scoreGiven ?? null,
      score_maximum: input.scoreMaximum ?? null,
      activity_progress: input.activityProgress,
      grading_progress: input.gradingProgress,
      comment: input.comment ?? null,
      scored_at: input.timestamp,
      started_at: input.submission?.startedAt ?? null,
      submitted_at: input.submission?.submittedAt ?? null,
    };
    if (!(await this.#becomeResult(score, mayBeOld))) return;
    const [stored] = await this.#knex('scores')
      .insert({ ...score, created_at: this.#knex.raw('clock_timestamp()') })
      .returning(['id', this.#knex.raw(`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as received`)]);
    // The event is only for line items of placements; other plugins read a tool's own line items through the gradebook.
    if (!lineItem.of_placement || lineItem.resource_link_id === null) return;
    await this.#events.publish('score-received', {
      school: lineItem.school_id,
      resourceLinkId: lineItem.resource_link_id,
      personId,
      scoreGiven: score.score_given,
      scoreMaximum: score.score_maximum,
      activityProgress: score.activity_progress,
      gradingProgress: score.grading_progress,
      comment: score.comment,
      timestamp: input.timestamp,
      startedAt: score.started_at,
      submittedAt: score.submitted_at,
      scoreId: stored.id,
      receivedAt: stored.received,
    } satisfies ScoreReceived);
  }

  /**
   * Makes the score the result if its timestamp is later. It is one statement, so that the later of two concurrent scores wins.
   *
   * @returns false if the score already is the result, or has no effect
   * @throws Problem 409
   */
  async #becomeResult(score: Record<string, unknown> & { scored_at: string }, mayBeOld: boolean): Promise<boolean> {
    const [stored] = await this.#knex('results')
      .insert(score)
      .onConflict(['line_item_id', 'person_id'])
      .merge({ ...score, updated_at: this.#knex.fn.now() })
      .whereRaw(mayBeOld ? saysMore : 'results.scored_at < excluded.scored_at')
      .returning('line_item_id');
    if (stored !== undefined) return true;
    if (mayBeOld) return false;
    const repeated = await this.#knex('results')
      .modify((query) => {
        for (const [column, value] of Object.entries(score))
          query.whereRaw('?? is not distinct from ?', [column, value as string]);
      })
      .first('line_item_id');
    if (repeated !== undefined) return false;
    throw conflict('lti/score-outdated', 'timestamp is not later than that of the last score for this user and line item.');
  }

  #checkRange({ scoreGiven, scoreMaximum, timestamp }: ScoreInput): void {
    if (
      !this.#config.allowExtraCredit &&
      typeof scoreGiven === 'number' &&
      typeof scoreMaximum === 'number' &&
      scoreGiven > scoreMaximum * (1 + roundingError)
    ) {
      throw invalid(
        'lti/score-out-of-range',
        '/scoreGiven',
        `scoreGiven (${scoreGiven}) is greater than scoreMaximum (${scoreMaximum}), and this portal does not allow extra credit.`,
      );
    }
    if (Date.parse(timestamp) > this.#clock.now().getTime() + leewaySeconds * 1000) {
      throw invalid('lti/score-from-future', '/timestamp', 'timestamp is in the future. Set the clock of the tool.');
    }
  }
}

function invalid(type: string, pointer: string, message: string): Problem {
  return new Problem({ type, status: 400, title: 'Bad request', detail: message, errors: [{ in: 'body', pointer, message }] });
}

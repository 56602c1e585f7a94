import { conflict, notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import type { ScoreReceived } from '../exports.js';
import type { ScoreInput } from './score.js';

/** A tool's clock may run this far ahead; a score from later would shut out all that follow. */
const leewaySeconds = 300;

/** Takes the scores of the acting tool (AGS 2.0 §3.4): each is kept, the latest is the result, and the portal is told. */
export class ScoreService {
  readonly #knex: Knex;
  readonly #config: Cradle['config'];
  readonly #clock: Cradle['clock'];
  readonly #events: Cradle['events'];
  readonly #subjects: Cradle['subjects'];
  readonly #launchRecords: Cradle['launchRecords'];
  readonly #lineItems: Cradle['lineItems'];

  constructor({ knex, config, clock, events, subjects, launchRecords, lineItems }: Cradle) {
    this.#knex = knex;
    this.#config = config;
    this.#clock = clock;
    this.#events = events;
    this.#subjects = subjects;
    this.#launchRecords = launchRecords;
    this.#lineItems = lineItems;
  }

  /** @throws Problem 400 for a score out of range, 404 for an unknown line item or user, 409 for an old timestamp */
  async receive(toolId: string, contextId: string, lineItemId: string, input: ScoreInput): Promise<void> {
    const lineItem = await this.#lineItems.row(contextId, lineItemId);
    this.#checkRange(input);
    const personId = await this.#subjects.personBehind(toolId, input.userId);
    if (personId === null || !(await this.#launchRecords.hasLaunched(toolId, contextId, personId))) {
      throw notFound('userId names nobody whom this tool met in this context.');
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
    };
    await this.#becomeResult(score);
    const [kept] = await this.#knex('scores')
      .insert({ ...score, created_at: this.#knex.raw('clock_timestamp()') })
      .returning(['id', this.#knex.raw(`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as received`)]);
    // Only the line item of the placement speaks for it; others that a tool made for itself are read as results.
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
      scoreId: kept.id,
      receivedAt: kept.received,
    } satisfies ScoreReceived);
  }

  /** The later timestamp wins, in one statement: of two calls at once the older is refused whichever comes first. */
  async #becomeResult(score: Record<string, unknown> & { scored_at: string }): Promise<void> {
    const [stored] = await this.#knex('results')
      .insert(score)
      .onConflict(['line_item_id', 'person_id'])
      .merge({ ...score, updated_at: this.#knex.fn.now() })
      .whereRaw('results.scored_at < excluded.scored_at')
      .returning('line_item_id');
    if (stored === undefined) {
      throw conflict('lti/score-outdated', 'The timestamp is not later than that of the last score for this user and line item.');
    }
  }

  #checkRange({ scoreGiven, scoreMaximum, timestamp }: ScoreInput): void {
    if (
      typeof scoreGiven === 'number' &&
      typeof scoreMaximum === 'number' &&
      scoreGiven > scoreMaximum &&
      !this.#config.allowExtraCredit
    ) {
      throw invalid(
        'lti/score-out-of-range',
        '/scoreGiven',
        `scoreGiven (${scoreGiven}) is greater than scoreMaximum (${scoreMaximum}).`,
      );
    }
    if (Date.parse(timestamp) > this.#clock.now().getTime() + leewaySeconds * 1000) {
      throw invalid('lti/score-from-future', '/timestamp', 'timestamp lies in the future; set the clock of the tool.');
    }
  }
}

function invalid(type: string, pointer: string, message: string): Problem {
  return new Problem({ type, status: 400, title: 'Bad request', detail: message, errors: [{ in: 'body', pointer, message }] });
}

import { conflict, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { LineItemService } from './line-items.js';
import type { ScoreService } from './scores.js';
import { type Outcome, outcomeOf, type Statement } from './statement.js';

type Services = Dependencies & { scores: ScoreService; lineItems: LineItemService };

/**
 * Takes in statements of xAPI for a line item, and keeps what they say of pupils as scores. It is no Learning Record Store: statements are not stored, and
 * cannot be asked for.
 */
export class StatementService {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * All or none. A statement from before the latest result changes nothing, and neither does one that says less: without a score after one with it, or
   * without a grade after one.
   *
   * @param sent one statement, or a list
   * @returns the ids, in the order of the statements
   * @throws Problem 400 for an account of elsewhere or a score out of range; 404 if the line item or the pupil is unknown; 409 (`lti/other-activity`) if the
   * results of the line item are of another activity
   */
  async take(toolId: string, contextId: string, lineItemId: string, sent: Statement | readonly Statement[]): Promise<string[]> {
    const { portal, scores, lineItems } = this.#services;
    const isList = Array.isArray(sent);
    const all: Statement[] = [sent].flat();
    const elsewhere = all.flatMap(({ actor }, at) =>
      actor.account.homePage.replace(/\/$/, '') === portal.url ? [] : [isList ? `/${at}` : ''],
    );
    if (elsewhere.length > 0) throw ofElsewhere(elsewhere, portal.url);
    const item = await lineItems.row(contextId, lineItemId);
    const outcomes = inOrder(all.map(outcomeOf));
    const activities = new Set(outcomes.flatMap(({ concluded }) => concluded ?? []));
    if (activities.size > 0) await this.#bind(item.id, activities);
    for (const { score } of outcomes) await scores.receive(toolId, contextId, lineItemId, score, { mayBeOld: true });
    return all.map(({ id }) => id ?? crypto.randomUUID());
  }

  /**
   * The first activity whose result is taken for a line item is the one that it is about, so that a part of it is not taken for the whole.
   *
   * @throws Problem 409
   */
  async #bind(id: string, activities: ReadonlySet<string>): Promise<void> {
    const { knex } = this.#services;
    const [first] = activities;
    await knex('line_items').where({ id }).whereNull('activity_id').update({ activity_id: first });
    const bound: { activity_id: string } | undefined = await knex('line_items').where({ id }).first('activity_id');
    const others = [...activities].filter((each) => each !== bound?.activity_id);
    if (others.length > 0)
      throw conflict(
        'lti/other-activity',
        `The results of this line item are those of ${bound?.activity_id}, not of ${others[0]}. Make a line item for each activity; tell of a question by "answered".`,
      );
  }
}

/** The earliest first. Of what is said of one pupil at one moment only one can be the result: the one that says most. */
function inOrder(all: readonly Outcome[]): Outcome[] {
  const best = new Map<string, Outcome>();
  for (const outcome of all) {
    const { userId, timestamp } = outcome.score;
    const key = JSON.stringify([userId, Date.parse(timestamp)]);
    const known = best.get(key);
    if (known === undefined || weightOf(outcome) >= weightOf(known)) best.set(key, outcome);
  }
  return [...best.values()].sort((one, other) => Date.parse(one.score.timestamp) - Date.parse(other.score.timestamp));
}

const weightOf = ({ score: { scoreGiven, gradingProgress, activityProgress } }: Outcome): number =>
  (scoreGiven === undefined ? 0 : gradingProgress === 'FullyGraded' ? 4 : 2) + (activityProgress === 'Completed' ? 1 : 0);

const ofElsewhere = (places: readonly string[], home: string): Problem => {
  const message = `must be ${home}, which gave the account at the launch`;
  return new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: places.length === 1 ? 'One field is invalid.' : `${places.length} fields are invalid.`,
    errors: places.map((place) => ({ in: 'body', pointer: `${place}/actor/account/homePage`, message })),
  });
};

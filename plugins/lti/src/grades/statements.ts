import { Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Subjects } from '../launches/subjects.js';
import type { ScoreInput } from './score.js';
import type { ScoreService } from './scores.js';
import { type Statement, scoreOf } from './statement.js';

type Services = Dependencies & { scores: ScoreService; subjects: Subjects };

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
   * All or none. A statement from before the latest result changes nothing, and neither does one without a score after one with it.
   *
   * @returns the ids, in the order of the statements
   * @throws Problem 400 for an account of elsewhere or a score out of range; 404 if the line item or the pupil is unknown
   */
  async take(toolId: string, contextId: string, lineItemId: string, all: readonly Statement[]): Promise<string[]> {
    const { portal, scores } = this.#services;
    all.forEach(({ actor: { account } }, at) => {
      if (account.homePage.replace(/\/$/, '') !== portal.url) throw elsewhere(at, portal.url);
    });
    for (const score of inOrder(all.map(scoreOf))) {
      if (score.scoreGiven === undefined && (await this.#hasScore(toolId, lineItemId, score.userId))) continue;
      await scores.receive(toolId, contextId, lineItemId, score).catch((problem: unknown) => {
        if (!(problem instanceof Problem && problem.type === 'lti/score-outdated')) throw problem;
      });
    }
    return all.map(({ id }) => id ?? crypto.randomUUID());
  }

  async #hasScore(toolId: string, lineItemId: string, sub: string): Promise<boolean> {
    const { subjects, knex } = this.#services;
    const person_id = await subjects.personBehind(toolId, sub);
    if (person_id === null) return false;
    const found = await knex('results')
      .where({ line_item_id: lineItemId, person_id })
      .whereNotNull('score_given')
      .first('person_id');
    return found !== undefined;
  }
}

/** The earliest first. Of what is said of one pupil at one moment only one can be the result: the one that says most. */
function inOrder(all: readonly ScoreInput[]): ScoreInput[] {
  const best = new Map<string, ScoreInput>();
  for (const score of all) {
    const key = JSON.stringify([score.userId, score.timestamp]);
    const known = best.get(key);
    if (known === undefined || weightOf(score) >= weightOf(known)) best.set(key, score);
  }
  return [...best.values()].sort((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp));
}

const weightOf = ({ scoreGiven, activityProgress }: ScoreInput): number =>
  (scoreGiven === undefined ? 0 : 2) + (activityProgress === 'Completed' ? 1 : 0);

const elsewhere = (at: number, home: string): Problem => {
  const message = `must be ${home}, which gave the account at the launch`;
  return new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: 'One field is invalid.',
    errors: [{ in: 'body', pointer: `/${at}/actor/account/homePage`, message }],
  });
};

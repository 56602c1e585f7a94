import { Problem } from '@ilearn/core';
import { schoolYearOf } from '@ilearn/plugin-cube';
import type { Activity } from '../activity/activity.js';
import type { Ledger } from '../budget/ledger.js';
import type { Dependencies } from '../dependencies.js';
import { drawAnswer } from './answer.js';
import { type GroupValue, periodOfQuestion, type Question, questionKey, snapshotKey } from './question.js';

interface Needs extends Dependencies {
  activity: Activity;
  ledger: Ledger;
}

/** Answers with noise: paid first, drawn once, and the same for whoever asks again. */
export class Answers {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Until the cube has published the period, it may not know yet where the schools are.
   *
   * @throws Problem 409 (`data-space/period-not-ready`) if the period is not over and published, or too long ago
   */
  async check(asked: Question): Promise<void> {
    const { activity, knex } = this.#needs;
    const published = knex('cube.published_periods').where({ grain: asked.grain, starts_on: asked.startsOn }).first('starts_on');
    if ((await activity.isReady(periodOfQuestion(asked))) && (await published) !== undefined) return;
    throw new Problem({
      type: 'data-space/period-not-ready',
      status: 409,
      title: 'Nothing can be computed for this period',
      detail: `The ${asked.grain} that begins on ${asked.startsOn} is not over, not in the published reports yet, or too long ago. Data are kept for 15 months.`,
    });
  }

  /** Whether a question was paid before, so that it costs nothing. */
  async isPaid(asked: Question): Promise<boolean> {
    return (await this.#row(asked).first('question')) !== undefined;
  }

  /** Whether its answer has been drawn, so that no data are read for it any more. */
  async isDrawn(asked: Question): Promise<boolean> {
    return (await this.#row(asked).whereNotNull('groups').first('question')) !== undefined;
  }

  /**
   * Pays a question, unless it was paid before. Its answer is drawn later, after this unit of work has committed.
   *
   * @throws Problem 409 (`data-space/period-not-ready`), or (`data-space/budget-spent`) if not enough is left
   */
  async pay(asked: Question): Promise<void> {
    const { epsilon, delta } = asked;
    // Of two at once, one waits here for the other and finds it paid.
    const [added] = await this.#needs
      .knex('answers')
      .insert({ ...this.#key(asked), epsilon, delta })
      .onConflict(['question', 'snapshot'])
      .ignore()
      .returning('question');
    if (added === undefined) return;
    await this.check(asked);
    await this.#needs.ledger.charge(schoolYearOf(asked.startsOn), { epsilon, delta });
  }

  /** The answer to a question that was paid: drawn now, or what was drawn before. */
  async of(asked: Question): Promise<GroupValue[]> {
    const paid = await this.#row(asked).forUpdate().first('groups');
    if (paid === undefined) throw new Error('a question is answered only after it was paid');
    if (paid.groups !== null) return paid.groups;
    const drawn = await drawAnswer(asked, this.#needs.activity.pupils(periodOfQuestion(asked), asked.measure, asked.by));
    await this.#row(asked).update({ groups: JSON.stringify(drawn) });
    return drawn;
  }

  #key = (asked: Question) => ({ question: questionKey(asked), snapshot: snapshotKey(asked) });
  #row = (asked: Question) => this.#needs.knex('answers').where(this.#key(asked));
}

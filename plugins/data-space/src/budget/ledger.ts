import { conflict } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/** What an answer costs, in 10⁻⁹. Integers: sums of fractions would lose small costs. */
export interface Cost {
  epsilon: number;
  delta: number;
}

export interface Budget {
  /** First day of the school year. */
  scope: string;
  spent: Cost;
  cap: Cost;
}

/**
 * What was spent of the privacy budget of each school year: of everything that is released with noise about its pupils, for whoever it is. A
 * cost is never given back. By basic composition the pupils of a year are protected with the sum of all ε and δ.
 */
export class Ledger {
  readonly #knex: Dependencies['knex'];
  readonly #config: Dependencies['config'];

  constructor({ knex, config }: Dependencies) {
    this.#knex = knex;
    this.#config = config;
  }

  /**
   * Takes a cost from the budget, in one conditional update: two at once cannot both take what is left. Commit it before any noise is drawn.
   *
   * @throws RangeError unless ε is a positive integer and δ an integer that is not negative
   * @throws Problem 409 (`data-space/budget-spent`) if not enough is left
   */
  async charge(scope: string, { epsilon, delta }: Cost): Promise<void> {
    if (!Number.isSafeInteger(epsilon) || epsilon < 1 || !Number.isSafeInteger(delta) || delta < 0)
      throw new RangeError('a cost is a positive integer ε and an integer δ that is not negative');
    const { epsilon: epsilon_cap, delta: delta_cap } = this.#config.budget;
    await this.#knex('budgets').insert({ scope, epsilon_cap, delta_cap }).onConflict('scope').ignore();
    const charged = await this.#knex('budgets')
      .where({ scope })
      .whereRaw('epsilon_spent + ?::bigint <= epsilon_cap and delta_spent + ?::bigint <= delta_cap', [epsilon, delta])
      .update({
        epsilon_spent: this.#knex.raw('epsilon_spent + ?::bigint', [epsilon]),
        delta_spent: this.#knex.raw('delta_spent + ?::bigint', [delta]),
      });
    if (charged === 0) throw spent(scope);
  }

  async of(scope: string): Promise<Budget> {
    const row = await this.#knex('budgets').where({ scope }).first();
    if (row === undefined) return { scope, spent: { epsilon: 0, delta: 0 }, cap: { ...this.#config.budget } };
    return {
      scope,
      spent: { epsilon: Number(row.epsilon_spent), delta: Number(row.delta_spent) },
      cap: { epsilon: Number(row.epsilon_cap), delta: Number(row.delta_cap) },
    };
  }
}

const spent = (scope: string) =>
  conflict(
    'data-space/budget-spent',
    `Too little is left of the privacy budget of the school year that begins on ${scope}. Ask less, or with a smaller epsilon.`,
  );

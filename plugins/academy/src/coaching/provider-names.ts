import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

const most = 200;

/** Names of training providers, as their trainings carry them: people of schools do not see the directory of providers. */
export class ProviderNames {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];

  constructor({ knex, actAs }: Dependencies) {
    this.#knex = knex;
    this.#actAs = actAs;
  }

  /** Names by id; runs as the portal. */
  async of(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows: { id: string; name: string }[] = await this.#knex('trainings')
      .whereRaw('provider_id = any(?::uuid[])', [[...ids]])
      .distinctOn('provider_id')
      .orderBy(['provider_id', { column: 'updated_at', order: 'desc' }])
      .select('provider_id as id', 'provider_name as name');
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Providers with a published training, by name. */
  published(): Promise<{ id: string; name: string }[]> {
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const rows: { id: string; name: string }[] = await knex('trainings')
        .where({ state: 'published' })
        .groupBy('provider_id')
        .select('provider_id as id', knex.raw('min(provider_name) as name'))
        .orderBy('name')
        .limit(most);
      return rows;
    });
  }
}

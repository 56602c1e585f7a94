import { notFound } from '@ilearn/core';
import { brusselsDay } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';
import { conflicting, unacceptable } from '../problems.js';

export interface LicensedTool {
  key: string;
  name: string;
  /** Id of the provider. */
  provider: string;
}

/** The most tools that need a licence. A portal of fifty providers has some fifty. */
export const mostTools = 1_000;

/** The tools that need a licence, and the providers that give it. The others are free to use. */
export class LicensedTools {
  readonly #knex: Dependencies['knex'];
  readonly #directory: Dependencies['directory'];
  readonly #clock: Dependencies['clock'];

  constructor({ knex, directory, clock }: Dependencies) {
    this.#knex = knex;
    this.#clock = clock;
    this.#directory = directory;
  }

  /** By name. @param provider null: of all */
  async list(provider: string | null = null): Promise<LicensedTool[]> {
    const found = this.#knex('tools').orderBy(['name', 'tool_key']).limit(mostTools);
    if (provider !== null) found.where({ provider_id: provider });
    return found.select({ key: 'tool_key', name: 'name', provider: 'provider_id' });
  }

  /** Names by key. */
  async names(): Promise<Map<string, string>> {
    return new Map((await this.list()).map(({ key, name }) => [key, name]));
  }

  /** Says that a tool needs a licence of this provider. For the portal administrator. @throws 409 while another provider has plans for it, 422 for an unknown provider */
  async set(key: string, { provider, name }: { provider: string; name: string }): Promise<void> {
    const found = await this.#directory.providers.get(provider);
    if (found?.kind !== 'tool-provider') {
      throw unacceptable('provider-unknown', '/provider', 'There is no such provider of tools.');
    }
    const before: { provider_id: string } | undefined = await this.#knex('tools').where({ tool_key: key }).first('provider_id');
    if (before !== undefined && before.provider_id !== provider) {
      const plan = await this.#knex('plans')
        .where({ provider_id: before.provider_id })
        .whereNull('withdrawn_at')
        .whereRaw('? = any(tools) and ends_on + grace_days >= ?::date', [key, brusselsDay(this.#clock.now())])
        .first('id');
      if (plan !== undefined) throw conflicting('tool-has-plans', 'Another provider has plans for this tool that are not over.');
    }
    const row = { provider_id: provider, name };
    await this.#knex('tools')
      .insert({ tool_key: key, ...row })
      .onConflict('tool_key')
      .merge({ ...row, updated_at: this.#knex.fn.now() });
  }

  /** The tool needs no licence any more: every school may use it. Plans stay. @throws 404 */
  async remove(key: string): Promise<void> {
    if ((await this.#knex('tools').where({ tool_key: key }).delete()) === 0) throw notFound();
  }
}

import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { unacceptable } from '../problems.js';

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

  constructor({ knex, directory }: Dependencies) {
    this.#knex = knex;
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

  /** Says that a tool needs a licence of this provider. For the portal administrator. @throws 422 for an unknown provider */
  async set(key: string, { provider, name }: { provider: string; name: string }): Promise<void> {
    const found = await this.#directory.providers.get(provider);
    if (found?.kind !== 'tool-provider') {
      throw unacceptable('provider-unknown', '/provider', 'There is no such provider of tools.');
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

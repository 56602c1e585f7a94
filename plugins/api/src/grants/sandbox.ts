import { conflict, Problem, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Apps } from '../apps/apps.js';
import type { Dependencies } from '../dependencies.js';
import type { AccessTokens } from '../tokens/access-tokens.js';

/** Number of the school in which nobody is real; no school in Flanders has it. The plugin `joining` makes it for demo accounts. */
export const sandboxNumber = '000000';

export interface TryOut {
  token: string;
  /** Seconds for which it holds. */
  expiresIn: number;
  school: string;
}

/** Lets developers try their apps out in the school in which nobody is real, without asking a principal. */
export class Sandbox {
  readonly #apps: Apps;
  readonly #accessTokens: AccessTokens;
  readonly #config: Dependencies['config'];
  readonly #actAs: Dependencies['actAs'];

  constructor({ apps, accessTokens, config, actAs }: Dependencies & { apps: Apps; accessTokens: AccessTokens }) {
    this.#apps = apps;
    this.#accessTokens = accessTokens;
    this.#config = config;
    this.#actAs = actAs;
  }

  /**
   * A token with all scopes that the portal approved, for the sandbox only, which thereby grants them.
   *
   * @throws Problem 404 for an app of another provider; 409 unless it is approved and the portal has a sandbox; 429 for too many tokens
   */
  async tryOut(id: string): Promise<TryOut> {
    await this.#apps.get(id);
    const app = await this.#apps.lockApproved(id);
    if (app === undefined) throw conflict('api/not-approved', 'The portal has not approved this app, or stopped it.');
    if (await this.#accessTokens.tooMany(id)) {
      const headers = { 'retry-after': '60' };
      throw new Problem({
        type: 'api/too-many-tokens',
        status: 429,
        title: 'Too many tokens',
        detail: 'Keep the token.',
        headers,
      });
    }
    const school = await this.#actAs(systemPrincipal(), async ({ directory, knex }: Dependencies & { knex: Knex }) => {
      const found = await directory.schools.byInstellingsnummer(sandboxNumber);
      if (found === null) throw conflict('api/no-sandbox', `This portal has no school with the number ${sandboxNumber}.`);
      await knex('grants')
        .insert({ app_id: id, school_id: found.id, provider_id: app.providerId, scopes: app.scopes })
        .onConflict(['app_id', 'school_id'])
        .merge({ scopes: app.scopes, updated_at: knex.fn.now() });
      return found;
    });
    const token = await this.#accessTokens.issue(id, app.scopes, school.id);
    return { token, expiresIn: this.#config.tokenSeconds, school: school.name };
  }
}

import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { isInService } from '../registrations/in-service.js';
import type { ServiceScope } from '../scopes.js';

export const tokenLifetimeSeconds = 3600;

const digest = (token: string) => createHash('sha256').update(token).digest();

/** Bearer tokens of tools: random, for one tool and a set of scopes. Only their hashes are stored. */
export class AccessTokens {
  readonly #knex: Knex;
  readonly #contributions: Dependencies['contributions'];

  constructor({ knex, contributions }: Dependencies) {
    this.#knex = knex;
    this.#contributions = contributions;
  }

  async issue(registrationId: string, scopes: readonly ServiceScope[]): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#knex('access_tokens').insert({
      token_hash: digest(token),
      registration_id: registrationId,
      scopes,
      expires_at: this.#knex.raw('now() + make_interval(secs => ?)', [tokenLifetimeSeconds]),
    });
    return token;
  }

  /** The tool and scopes of a token; null if it is unknown or expired, or its tool is not active. */
  async holder(token: string): Promise<{ registrationId: string; scopes: string[] } | null> {
    const row = await this.#knex('access_tokens as token')
      .join('registrations as tool', 'tool.id', 'token.registration_id')
      .where({ 'token.token_hash': digest(token), 'tool.active': true })
      .where('token.expires_at', '>', this.#knex.fn.now())
      .first('token.registration_id', 'token.scopes', 'tool.source', 'tool.key');
    if (row === undefined || !isInService(this.#contributions, row)) return null;
    return { registrationId: row.registration_id, scopes: row.scopes };
  }

  async clearExpired(): Promise<void> {
    await this.#knex('access_tokens').where('expires_at', '<=', this.#knex.fn.now()).delete();
  }
}

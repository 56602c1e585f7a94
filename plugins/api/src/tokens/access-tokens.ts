import { createHash, randomBytes } from 'node:crypto';
import { type MachineClient, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

const digest = (token: string) => createHash('sha256').update(token).digest();

/** Tokens that an app may get in a minute; they are valid for minutes, so a client that needs more does not keep them. */
const mostInAMinute = 60;

/** The app that a token was issued to, and the schools that it reaches now. */
interface Held {
  app: string;
  scopes: string[];
  schools: string[];
}

/**
 * Bearer tokens of apps: opaque, for a set of scopes, and for one school or all that granted the scopes. Only their SHA-256 is stored. Which
 * schools a token reaches is read at each request (a token to try the app out reaches the sandbox), so what a school takes back is gone with its commit, on every process.
 */
export class AccessTokens {
  readonly #knex: Knex;
  readonly #config: Dependencies['config'];

  constructor({ knex, config }: Dependencies) {
    this.#knex = knex;
    this.#config = config;
  }

  /** @param school the only one that it reaches; null: all that granted the scopes */
  issue(appId: string, scopes: readonly string[], school: string | null): Promise<string> {
    return this.#add({ app_id: appId, scopes, school_id: school });
  }

  /** A token that reaches the sandbox for as long as it holds, whoever granted what. */
  issueTryOut(appId: string, scopes: readonly string[], sandbox: string): Promise<string> {
    return this.#add({ app_id: appId, scopes, school_id: sandbox, tries_out: true });
  }

  async #add(row: object): Promise<string> {
    const token = `ilt_${randomBytes(32).toString('base64url')}`;
    await this.#knex('access_tokens').insert({
      ...row,
      token_hash: digest(token),
      expires_at: this.#knex.raw('now() + make_interval(secs => ?)', [this.#config.tokenSeconds]),
    });
    return token;
  }

  /** Whether the app got as many tokens in the last minute as it may; those to try it out are counted apart. */
  async tooMany(appId: string, { triesOut = false } = {}): Promise<boolean> {
    const recent = await this.#knex('access_tokens')
      .where({ app_id: appId, tries_out: triesOut })
      .whereRaw(`created_at > now() - interval '1 minute'`)
      .limit(mostInAMinute)
      .select('app_id');
    return recent.length >= mostInAMinute;
  }

  /**
   * The app that holds a token, with the schools that grant all of its scopes now. Null if the token is unknown, expired or revoked, or the app
   * is not approved.
   *
   * @throws Problem 403 (`api/no-grant`) if no school grants them any more
   */
  async holder(token: string): Promise<MachineClient | null> {
    const { rows } = await this.#knex.raw<{ rows: Held[] }>(
      `select token.app_id as app, token.scopes,
              case when token.tries_out then array[token.school_id] else array(select granted.school_id from grants granted
                     where granted.app_id = token.app_id and granted.scopes @> token.scopes
                       and (token.school_id is null or granted.school_id = token.school_id)
                     order by granted.school_id) end as schools
         from access_tokens token
         join apps app on app.id = token.app_id and app.state = 'approved' and app.approved_scopes @> token.scopes
        where token.token_hash = ? and token.expires_at > now()`,
      [digest(token)],
    );
    const [held] = rows;
    if (held === undefined) return null;
    const { app, scopes, schools } = held;
    if (schools.length === 0) throw noGrant(scopes);
    return { client: app, scopes, tenants: schools, budget: this.#config.budget };
  }

  /** Ends a token of this app; does nothing if there is none (RFC 7009 §2.2). */
  async revoke(appId: string, token: string): Promise<void> {
    await this.#knex('access_tokens')
      .where({ app_id: appId, token_hash: digest(token) })
      .delete();
  }

  async clearExpired(): Promise<void> {
    await this.#knex('access_tokens').whereRaw('expires_at <= now()').delete();
    await this.#knex('used_assertions').whereRaw('expires_at <= now()').delete();
    await this.#knex('app_secrets').whereRaw('ends_at <= now()').delete();
  }
}

const noGrant = (scopes: readonly string[]): Problem =>
  new Problem({
    type: 'api/no-grant',
    status: 403,
    title: 'No school lets the app do this',
    detail: `No school that the token is for has switched on ${scopes.join(', ')} for this app. A school does so on its page Apps.`,
    extra: { scope: scopes.join(' ') },
  });

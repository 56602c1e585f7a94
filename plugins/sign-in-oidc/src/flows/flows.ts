import { createHash, createHmac, randomBytes } from 'node:crypto';
import { addressBlock } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { FlowSecrets } from '../protocols/protocol.js';
import { browserOf, rememberBrowser } from './browser-cookie.js';
import { safeReturnPath } from './return-path.js';

const MINUTES = 10;
const MINUTE_MS = 60_000;
const statePattern = /^[A-Za-z0-9_-]{43}$/;
/** The longest answer of a provider that is kept. */
const ANSWER_LIMIT = 16_384;

/** Flows under way from one address, which a whole school may share. */
const MOST_FROM_ADDRESS = 2_000;

/** What a flow is for. */
export interface FlowPurpose {
  provider: string;
  returnPath: string;
  /** Id of the school that the person chose on the sign-in page. */
  school: string | null;
  /** For a second way to sign in: the person, and the session in which they asked for it. */
  link: { person: string; session: string } | null;
  /** The provider is to ask the person again who they are. */
  fresh: boolean;
}

export interface Flow extends FlowPurpose {
  secrets: FlowSecrets;
  startedAt: Date;
  /** Query of the provider's answer by a form; null: none came. */
  answer: string | null;
}

/** The browser that begins a flow. */
export interface Browser {
  address: string;
  cookies: string | undefined;
}

interface Row {
  provider: string;
  return_path: string;
  school_id: string | null;
  person_id: string | null;
  session_handle: string | null;
  fresh: boolean;
  answer: string | null;
  created_at: Date;
}

/**
 * Sign-ins on their way to a provider and back. A flow is known by its `state`, works once, for ten minutes, for one provider and in one
 * browser. The table has hashes only; nonce and PKCE verifier are derived from `state` with a key of the portal.
 */
export class Flows {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #portal: Dependencies['portal'];
  readonly #clock: Dependencies['clock'];

  constructor({ knex, secrets, portal, clock }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#portal = portal;
    this.#clock = clock;
  }

  newSecrets(): Promise<FlowSecrets> {
    return this.#secretsOf(randomBytes(32).toString('base64url'));
  }

  /**
   * Stores a flow. Returns the `Set-Cookie` header that binds it to the browser. If too many are under way from its address, the oldest end:
   * whoever begins many keeps nobody else from signing in.
   */
  async begin({ state }: FlowSecrets, purpose: FlowPurpose, { address, cookies }: Browser): Promise<string> {
    const { hash, setCookie } = rememberBrowser(this.#portal.url, cookies);
    const now = this.#clock.now();
    const address_hash = await this.#derived(`address ${addressBlock(address)}`);
    const theirs = () => this.#knex('flows').where({ address_hash });
    const latest = theirs()
      .orderBy('created_at', 'desc')
      .offset(MOST_FROM_ADDRESS - 1)
      .limit(1);
    await theirs().where('created_at', '<=', latest.select('created_at')).delete();
    await this.#knex('flows').insert({
      state_hash: hashOf(state),
      browser_hash: hash,
      address_hash,
      provider: purpose.provider,
      return_path: safeReturnPath(purpose.returnPath),
      school_id: purpose.school,
      person_id: purpose.link?.person ?? null,
      session_handle: purpose.link?.session ?? null,
      fresh: purpose.fresh,
      created_at: now,
      expires_at: new Date(now.getTime() + MINUTES * MINUTE_MS),
    });
    return setCookie;
  }

  /** The flow with this state, if it is of this provider and browser; null otherwise. It stays usable. */
  async find(provider: string, state: string | null, cookies: string | undefined): Promise<Flow | null> {
    const key = this.#keyOf(provider, state, cookies);
    if (key === null || state === null) return null;
    const row: Row | undefined = await this.#knex('flows')
      .where(key)
      .andWhere('expires_at', '>', this.#clock.now())
      .first('provider', 'return_path', 'school_id', 'person_id', 'session_handle', 'fresh', 'answer', 'created_at');
    if (row === undefined) return null;
    const { person_id: person, session_handle: session } = row;
    return {
      provider: row.provider,
      returnPath: row.return_path,
      school: row.school_id,
      link: person !== null && session !== null ? { person, session } : null,
      fresh: row.fresh,
      secrets: await this.#secretsOf(state),
      startedAt: row.created_at,
      answer: row.answer,
    };
  }

  /** Ends the flow. False if another request did so first. */
  async take(provider: string, state: string | null, cookies: string | undefined): Promise<boolean> {
    const key = this.#keyOf(provider, state, cookies);
    return key !== null && (await this.#knex('flows').where(key).delete()) === 1;
  }

  /**
   * Keeps the provider's answer by a form, which comes from another site and so without cookies, for the request of the browser that
   * follows. The first answer counts.
   */
  async keepAnswer(provider: string, state: string | null, answer: string): Promise<void> {
    if (state === null || !statePattern.test(state) || answer.length > ANSWER_LIMIT) return;
    await this.#knex('flows')
      .where({ state_hash: hashOf(state), provider })
      .whereNull('answer')
      .update({ answer });
  }

  async removeExpired(): Promise<number> {
    const now = this.#clock.now();
    await this.#knex('notices').where('expires_at', '<=', now).delete();
    return this.#knex('flows').where('expires_at', '<=', now).delete();
  }

  #keyOf(provider: string, state: string | null, cookies: string | undefined) {
    const browser = browserOf(this.#portal.url, cookies);
    if (browser === null || state === null || !statePattern.test(state)) return null;
    return { state_hash: hashOf(state), browser_hash: browser.hash, provider };
  }

  async #secretsOf(state: string): Promise<FlowSecrets> {
    const derived = async (what: string) => (await this.#derived(`${what} ${state}`)).toString('base64url');
    return { state, nonce: await derived('nonce'), verifier: await derived('verifier') };
  }

  async #derived(text: string): Promise<Buffer> {
    return createHmac('sha256', await this.#secrets.key('flows'))
      .update(text)
      .digest();
  }
}

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

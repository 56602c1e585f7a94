import { createHmac } from 'node:crypto';
import type { ThrottlePolicy } from '../config.js';
import type { Cradle } from '../cradle.js';
import { addressBlock } from './address-block.js';

/** Seconds to wait after so many failures in a row. */
export function waitAfter(failures: number, policy: ThrottlePolicy): number {
  const beyond = failures - policy.free;
  return beyond <= 0 ? 0 : Math.min(policy.longestWaitSeconds, policy.firstWaitSeconds * 2 ** (beyond - 1));
}

/** Whom an attempt counts for. The username is normalised; it need not exist. */
export interface Attempt {
  username: string;
  /** The client's address as the kernel gives it. */
  address: string;
}

/**
 * Slows guessing down, per account and per address, over all processes: the counters are rows. A counter's key is an HMAC
 * under a key of the portal's, so the table tells neither names nor addresses. While one waits, attempts are not looked at and
 * do not count.
 */
export class Throttle {
  readonly #knex: Cradle['knex'];
  readonly #secrets: Cradle['secrets'];
  readonly #config: Cradle['config']['throttle'];

  constructor({ knex, secrets, config }: Cradle) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#config = config.throttle;
  }

  /** Lets one attempt on an account through at a time, so that guesses sent at once count one by one. Held until the commit. */
  async enter(attempt: Attempt): Promise<void> {
    const { account } = await this.#keys(attempt);
    await this.#knex.raw('select pg_advisory_xact_lock(?::bigint)', [account.readBigInt64BE().toString()]);
  }

  /** Whole seconds that the attempt has to wait; 0: it may go on. */
  async secondsToWait(attempt: Attempt): Promise<number> {
    const keys = Object.values(await this.#keys(attempt));
    const row = await this.#knex('throttles')
      .whereIn('key', keys)
      .first<{ seconds: number | null }>(
        this.#knex.raw('ceil(extract(epoch from max(blocked_until) - clock_timestamp()))::int as seconds'),
      );
    return Math.max(0, row?.seconds ?? 0);
  }

  /** Counts a failed attempt. Returns the seconds to wait before the next. */
  async countFailure(attempt: Attempt): Promise<number> {
    const { account, address } = await this.#keys(attempt);
    const waits = [await this.#count(account, this.#config.account), await this.#count(address, this.#config.address)];
    return Math.max(...waits);
  }

  /** A success clears the account; the address keeps its count, or whoever owns one account could go on guessing others. */
  async clear(attempt: Attempt): Promise<void> {
    const { account } = await this.#keys(attempt);
    await this.#knex('throttles').where('key', account).delete();
  }

  /** Removes what has been forgotten. Returns how many. */
  removeForgotten(): Promise<number> {
    return this.#knex('throttles').whereRaw('forgotten_at < now() and (blocked_until is null or blocked_until < now())').delete();
  }

  /**
   * One timestamp is the whole counter (the generic cell rate algorithm): each failure moves it `forgetSeconds` on, and its
   * distance from now, in those, is the number of failures not yet forgotten.
   */
  async #count(key: Buffer, policy: ThrottlePolicy): Promise<number> {
    const { rows } = await this.#knex.raw<{ rows: { failures: number }[] }>(
      `insert into throttles as t (key, forgotten_at) values (:key, clock_timestamp() + make_interval(secs => :step))
       on conflict (key) do update set forgotten_at = greatest(t.forgotten_at, clock_timestamp()) + make_interval(secs => :step)
       returning ceil(extract(epoch from forgotten_at - clock_timestamp()) / :step)::int as failures`,
      { key, step: policy.forgetSeconds },
    );
    const wait = waitAfter(rows[0]?.failures ?? 0, policy);
    if (wait > 0) {
      await this.#knex('throttles')
        .where('key', key)
        .update({ blocked_until: this.#knex.raw('clock_timestamp() + make_interval(secs => ?)', [wait]) });
    }
    return wait;
  }

  async #keys({ username, address }: Attempt): Promise<{ account: Buffer; address: Buffer }> {
    const secret = await this.#secrets.key('throttle');
    const mac = (text: string) => createHmac('sha256', secret).update(text).digest();
    return { account: mac(`account:${username}`), address: mac(`address:${addressBlock(address)}`) };
  }
}

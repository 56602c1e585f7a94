import { createHmac } from 'node:crypto';
import { addressBlock } from '@ilearn/core';
import type { ThrottlePolicy } from '../config.js';
import type { Dependencies } from '../dependencies.js';

/** Seconds to wait after this many failures. */
export function waitAfter(failures: number, policy: ThrottlePolicy): number {
  const beyond = failures - policy.free;
  return beyond <= 0 ? 0 : Math.min(policy.longestWaitSeconds, policy.firstWaitSeconds * 2 ** (beyond - 1));
}

/** Identifies the counters of an attempt. The username is normalised and need not exist. */
export interface Attempt {
  username: string;
  /** The client's address as reported by the kernel. */
  address: string;
  /** Id of a device on which this account has signed in before, or `session` for a person signed in to it; null for other clients. */
  known: string | null;
}

/** An attempt that may be checked. It counts as a failure until {@link Throttle.succeeded} undoes that. */
export interface Permit {
  attempt: Attempt;
  /** Seconds to wait before the next attempt if this one fails. */
  wait: number;
}

interface Counter {
  key: Buffer;
  policy: ThrottlePolicy;
}

/**
 * Slows down guessing of passwords. The counters are rows, so they apply to all processes together. A counter's key is an HMAC, so the
 * table contains no names or addresses. During a wait, attempts are not checked and do not count.
 *
 * Each attempt on an account counts in two counters. Its own counter, for the account and the known device or address, prevents that one
 * client's failures make others wait. The common counter allows many more failures and limits guessing from many addresses. Known devices
 * have a separate common counter, which only those who once had the password can use.
 *
 * Passwords are checked outside a transaction, and an attempt is counted before its outcome is used. So simultaneous guesses count one by
 * one, and an attempt that is throttled by then is refused even if its password was right.
 */
export class Throttle {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #config: Dependencies['config']['throttle'];

  constructor({ knex, secrets, config }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#config = config.throttle;
  }

  /** Whole seconds that an attempt would have to wait now. Does not count the attempt; {@link admit} decides. */
  async secondsToWait(attempt: Attempt): Promise<number> {
    const { own, common, address } = await this.#counters(attempt);
    return this.#longestWait(address === null ? [own, common] : [own, common, address]);
  }

  /** Counts an attempt. `throttled`: the attempt is refused, and the next one is allowed after this many seconds. */
  async admit(attempt: Attempt): Promise<Permit | { throttled: number }> {
    const { own, common, address } = await this.#counters(attempt);
    const counters = [own, common];
    await this.#lock(counters);
    const throttled = await this.#longestWait(address === null ? counters : [...counters, address]);
    if (throttled > 0) return { throttled };
    let wait = 0;
    for (const { key, policy } of counters) wait = Math.max(wait, await this.#count(key, policy));
    return { attempt, wait };
  }

  /** The password was wrong. Returns the seconds until the next attempt is allowed. */
  async failed({ attempt, wait }: Permit): Promise<number> {
    const { address } = await this.#counters(attempt);
    return address === null ? wait : Math.max(wait, await this.#count(address.key, address.policy));
  }

  /**
   * Clears the attempt's own counter. Earlier failures stay in the common counter, because otherwise each success would allow more guesses.
   */
  async succeeded({ attempt }: Permit): Promise<void> {
    const { own, common } = await this.#counters(attempt);
    const { forgetSeconds, free } = common.policy;
    await this.#knex('throttles').where('key', own.key).delete();
    await this.#knex.raw(
      `update throttles set forgotten_at = forgotten_at - make_interval(secs => :step),
         blocked_until = case when forgotten_at - make_interval(secs => :step) > clock_timestamp() + make_interval(secs => :tolerated)
           then blocked_until end
       where key = :key`,
      { key: common.key, step: forgetSeconds, tolerated: forgetSeconds * free },
    );
  }

  /** Whole seconds that a client at this address would have to wait before it tries a secret of this kind, such as an invitation. */
  async secondsToWaitAt(address: string, kind: string): Promise<number> {
    return this.#longestWait([await this.#counterAt(address, kind)]);
  }

  /** Counts a wrong secret of this kind. Returns the seconds until the next attempt is allowed. */
  async failedAt(address: string, kind: string): Promise<number> {
    const { key, policy } = await this.#counterAt(address, kind);
    return this.#count(key, policy);
  }

  /** Deletes counters without failures. Returns their number. */
  removeForgotten(): Promise<number> {
    return this.#knex('throttles').whereRaw('forgotten_at < now() and (blocked_until is null or blocked_until < now())').delete();
  }

  /** Serialises attempts on the same counters. */
  async #lock(counters: readonly Counter[]): Promise<void> {
    // Always lock in the same order, so that two attempts do not deadlock.
    const keys = counters.map(({ key }) => key).sort(Buffer.compare);
    await this.#knex.raw(
      `insert into throttles (key, forgotten_at) values ${keys.map(() => '(?, clock_timestamp())').join(', ')}
       on conflict (key) do update set key = excluded.key`,
      keys,
    );
  }

  async #longestWait(counters: readonly Counter[]): Promise<number> {
    const keys = counters.map(({ key }) => key);
    const row = await this.#knex('throttles')
      .whereIn('key', keys)
      .first<{ seconds: number | null }>(
        this.#knex.raw('ceil(extract(epoch from max(blocked_until) - clock_timestamp()))::int as seconds'),
      );
    return Math.max(0, row?.seconds ?? 0);
  }

  /**
   * Counts a failure. A counter is a single timestamp (generic cell rate algorithm): each failure moves it forward by `forgetSeconds`; its
   * distance from now in that unit is the number of failures not yet forgotten.
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

  async #counterAt(address: string, kind: string): Promise<Counter> {
    const what = JSON.stringify(['secret', kind, addressBlock(address)]);
    const key = createHmac('sha256', await this.#secrets.key('throttle'))
      .update(what)
      .digest();
    return { key, policy: this.#config.address };
  }

  async #counters({ username, address, known }: Attempt): Promise<{ own: Counter; common: Counter; address: Counter | null }> {
    const secret = await this.#secrets.key('throttle');
    const { account, everywhere, address: ofAddress } = this.#config;
    const counter = (policy: ThrottlePolicy, ...what: string[]): Counter => ({
      key: createHmac('sha256', secret).update(JSON.stringify(what)).digest(),
      policy,
    });
    if (known !== null) {
      return {
        own: counter(account, 'device', known, username),
        common: counter(everywhere, 'devices', username),
        // No address counter: a session can only guess the password of one account, and other clients at its address must not lock it out.
        address: null,
      };
    }
    const block = addressBlock(address);
    return {
      own: counter(account, 'address', block, username),
      common: counter(everywhere, 'account', username),
      address: counter(ofAddress, 'address', block),
    };
  }
}

import { createHmac } from 'node:crypto';
import type { ThrottlePolicy } from '../config.js';
import type { Dependencies } from '../dependencies.js';
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
  /** A device on which this account has signed in before, or `session`: whoever holds a session of it. Null: any other client. */
  known: string | null;
}

/** One attempt that may be looked at. It stands counted as a failure until {@link Throttle.succeeded} takes that back. */
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
 * Slows guessing down, over all processes: the counters are rows. A counter's key is an HMAC under a key of the portal's, so the
 * table tells neither names nor addresses. While one waits, attempts are not looked at and do not count.
 *
 * Each attempt on an account counts twice. The counter of its own, for the account together with the known device or else the address,
 * keeps whoever fails from making others wait. The common one takes many more failures and bounds guessing from many addresses; known
 * devices have one apart, which nobody reaches who never had the password.
 *
 * Passwords are checked while no transaction is open, and an attempt is counted before the outcome of its check is: guesses that are sent
 * at once count one by one, and one that has to wait by then is told nothing, though it were right.
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

  /** Whole seconds that an attempt would have to wait by now. Counts nothing: whether it may be looked at {@link admit} decides. */
  async secondsToWait(attempt: Attempt): Promise<number> {
    const { own, common, address } = await this.#counters(attempt);
    return this.#longestWait(address === null ? [own, common] : [own, common, address]);
  }

  /** Counts an attempt. `throttled`: it must not be looked at before so many seconds have passed. */
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

  /** The password was wrong. Returns the seconds to wait before the next attempt. */
  async failed({ attempt, wait }: Permit): Promise<number> {
    const { address } = await this.#counters(attempt);
    return address === null ? wait : Math.max(wait, await this.#count(address.key, address.policy));
  }

  /** Clears the attempt's own counter; in the common one its earlier failures stay, or each success would let others guess on. */
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

  /** Removes what has been forgotten. Returns how many. */
  removeForgotten(): Promise<number> {
    return this.#knex('throttles').whereRaw('forgotten_at < now() and (blocked_until is null or blocked_until < now())').delete();
  }

  /** So that attempts on the same counters are admitted one after the other. */
  async #lock(counters: readonly Counter[]): Promise<void> {
    // In one order everywhere, or two attempts could wait for each other.
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
        // It guesses at one account only, and an address full of guessers must not keep it out.
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

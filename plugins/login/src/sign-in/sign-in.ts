import type { AccountRow, AccountService } from '../accounts/account-service.js';
import type { PreparedPassword } from '../accounts/password-hash.js';
import { normaliseUsername } from '../accounts/username.js';
import type { Dependencies } from '../dependencies.js';
import type { Factors, Step } from '../factors/factors.js';
import type { StepCookie } from '../factors/step-cookie.js';
import type { Begun, CheckedPassword } from './checked-password.js';
import type { KnownDevices } from './known-devices.js';
import type { SessionStart } from './session-start.js';
import type { Attempt, Permit, Throttle } from './throttle.js';

/** The client that tries to sign in. */
interface Client {
  username: string;
  address: string;
  /** The Cookie header as sent; it may contain the cookie of a known device. */
  cookies: string | undefined;
}

/** The outcome of an attempt. `wait`: seconds until the next one is allowed. `step`: the password was right, but is not enough. */
export type Outcome =
  | { kind: 'signed-in'; displayName: string; username: string }
  | { kind: 'step'; step: Step; cookie: string }
  | { kind: 'refused'; wait: number }
  | { kind: 'throttled'; wait: number };

/**
 * Signing in with username and password: the database work before and after the password check. An unknown name, a wrong password, an
 * expired account and an account without a person cause the same statements, hashing and outcome, so that they cannot be distinguished.
 */
export class SignIn {
  readonly #accounts: AccountService;
  readonly #throttle: Throttle;
  readonly #knownDevices: KnownDevices;
  readonly #sessions: Dependencies['sessions'];
  readonly #sessionStart: SessionStart;
  readonly #factors: Factors;
  readonly #stepCookie: StepCookie;

  constructor({
    accounts,
    throttle,
    knownDevices,
    sessions,
    sessionStart,
    factors,
    stepCookie,
  }: Dependencies & {
    accounts: AccountService;
    throttle: Throttle;
    knownDevices: KnownDevices;
    sessionStart: SessionStart;
    factors: Factors;
    stepCookie: StepCookie;
  }) {
    this.#accounts = accounts;
    this.#throttle = throttle;
    this.#knownDevices = knownDevices;
    this.#sessions = sessions;
    this.#sessionStart = sessionStart;
    this.#factors = factors;
    this.#stepCookie = stepCookie;
  }

  /** Reads the data needed to check the password of an attempt. Changes nothing. */
  async begin(input: Client): Promise<Begun> {
    const attempt = await this.#attemptOf(input);
    const wait = await this.#throttle.secondsToWait(attempt);
    if (wait > 0) return { wait, hash: null };
    return { wait, hash: (await this.#accounts.byUsername(attempt.username))?.password_hash ?? null };
  }

  async attempt(input: Client, checked: CheckedPassword): Promise<Outcome> {
    const attempt = await this.#attemptOf(input);
    const permit = await this.#admit(attempt, checked);
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };

    const { username } = attempt;
    const account = await this.#accounts.byUsername(username);
    const person = isOf(account, checked) ? await this.#sessionStart.personOf(account) : null;
    if (account === null || person === null) return { kind: 'refused', wait: await this.#throttle.failed(permit) };

    await this.#throttle.succeeded(permit);
    const { rehashed } = checked;
    const step = await this.#factors.stepFor(person);
    if (step !== null) {
      if (rehashed !== undefined) await this.#accounts.markUsed(person.id, rehashed);
      const cookie = await this.#stepCookie.make({ personId: person.id, step }, rehashed ?? account.password_hash);
      return { kind: 'step', step, cookie };
    }
    return {
      kind: 'signed-in',
      ...(await this.#sessionStart.start(account, person, { isNewDevice: attempt.known === null, rehashed })),
    };
  }

  /** Like {@link begin}, for the current password of the signed-in person. Null if they have no account. */
  async beginChange(input: { personId: string; address: string }): Promise<Begun | null> {
    const account = await this.#accounts.ofPerson(input.personId);
    if (account === null) return null;
    const wait = await this.#throttle.secondsToWait(ofSession(account.username, input.address));
    return { wait, hash: account.password_hash };
  }

  /**
   * Changes the password of the signed-in person. Their other sessions end; this one gets a new id and proves no more than before, since
   * nobody was asked for a second factor. Attempts with a wrong current password are throttled like sign-ins. Null if the person has no
   * account.
   *
   * @param password the new password; null if the current one was wrong
   */
  async changePassword(
    input: { personId: string; address: string; password: PreparedPassword | null },
    checked: CheckedPassword,
  ): Promise<Outcome | null> {
    const account = await this.#accounts.ofPerson(input.personId);
    const session = this.#sessions.current();
    if (account === null || session === null) return null;
    const { username } = account;
    const permit = await this.#admit(ofSession(username, input.address), checked);
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };
    if (!isOf(account, checked) || input.password === null) {
      return { kind: 'refused', wait: await this.#throttle.failed(permit) };
    }

    await this.#accounts.choosePassword(account, input.password);
    await this.#throttle.succeeded(permit);
    await this.#sessions.renew();
    return { kind: 'signed-in', displayName: session.displayName, username };
  }

  async #attemptOf({ username: typed, address, cookies }: Client): Promise<Attempt> {
    const username = normaliseUsername(typed);
    return { username, address, known: await this.#knownDevices.idFor(username, cookies) };
  }

  /** An attempt that was throttled at its turn was not checked and does not count. */
  async #admit(attempt: Attempt, { wait }: CheckedPassword): Promise<Permit | { throttled: number }> {
    return wait > 0 ? { throttled: wait } : this.#throttle.admit(attempt);
  }
}

/** Signed-in persons have a separate counter, so that their attempts and those of others do not throttle each other. */
const ofSession = (username: string, address: string): Attempt => ({ username, address, known: 'session' });

/** Whether the password matched the account's current hash, which may have changed since the check. */
const isOf = (account: AccountRow | null, { fits, hash }: CheckedPassword): boolean =>
  fits && account !== null && account.password_hash === hash;

import type { AccountRow, AccountService } from '../accounts/account-service.js';
import type { PreparedPassword } from '../accounts/password-hash.js';
import { normaliseUsername } from '../accounts/username.js';
import type { Dependencies } from '../dependencies.js';
import type { Begun, CheckedPassword } from './checked-password.js';
import type { KnownDevices } from './known-devices.js';
import type { Attempt, Permit, Throttle } from './throttle.js';

/** Who tries to sign in. */
interface Client {
  username: string;
  address: string;
  /** The header as the client sent it, which may hold the mark of a known device. */
  cookies: string | undefined;
}

/** How an attempt ended. `wait`: seconds before the next attempt is looked at. */
export type Outcome =
  | { kind: 'signed-in'; displayName: string; username: string }
  | { kind: 'refused'; wait: number }
  | { kind: 'throttled'; wait: number };

/**
 * Signing in with an own account: what is asked of the database before the password is checked, and what comes of it after. An unknown name, a wrong password, an expired account and one whose person is gone go the
 * same way: the same statements, the same hashing, the same outcome.
 */
export class SignIn {
  readonly #accounts: AccountService;
  readonly #throttle: Throttle;
  readonly #knownDevices: KnownDevices;
  readonly #sessions: Dependencies['sessions'];
  readonly #clock: Dependencies['clock'];

  constructor({
    accounts,
    throttle,
    knownDevices,
    sessions,
    clock,
  }: Dependencies & { accounts: AccountService; throttle: Throttle; knownDevices: KnownDevices }) {
    this.#accounts = accounts;
    this.#throttle = throttle;
    this.#knownDevices = knownDevices;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** What the password of an attempt is to be checked against. Changes nothing. */
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
    const fits = isOf(account, checked);
    const expired = account?.expires_at != null && account.expires_at <= this.#clock.now();
    const person = account !== null && fits && !expired ? await this.#accounts.personOf(account.person_id) : null;
    if (account === null || person === null) return { kind: 'refused', wait: await this.#throttle.failed(permit) };

    await this.#throttle.succeeded(permit);
    await this.#accounts.markUsed(person.id, checked.rehashed);
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    return { kind: 'signed-in', displayName, username };
  }

  /** As {@link begin}, for the current password of whoever is signed in. Null: there is no own account. */
  async beginChange(input: { personId: string; address: string }): Promise<Begun | null> {
    const account = await this.#accounts.ofPerson(input.personId);
    if (account === null) return null;
    const wait = await this.#throttle.secondsToWait(ofSession(account.username, input.address));
    return { wait, hash: account.password_hash };
  }

  /**
   * Changes the password of whoever is signed in; other sessions of theirs end, this one goes on under a new id.
   * Guessing the current password is throttled as signing in is. Null: there is no own account.
   *
   * @param password the new one; null where the current one did not fit
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
    await this.#sessions.endAll(input.personId);
    const { displayName, language } = session;
    await this.#sessions.start({
      id: input.personId,
      displayName,
      language,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    return { kind: 'signed-in', displayName, username };
  }

  async #attemptOf({ username: typed, address, cookies }: Client): Promise<Attempt> {
    const username = normaliseUsername(typed);
    return { username, address, known: await this.#knownDevices.idFor(username, cookies) };
  }

  /** What had to wait as its turn came was not looked at, so it does not count. */
  async #admit(attempt: Attempt, { wait }: CheckedPassword): Promise<Permit | { throttled: number }> {
    return wait > 0 ? { throttled: wait } : this.#throttle.admit(attempt);
  }
}

/** Who holds a session is not held up by those who try to sign in, nor holds them up. */
const ofSession = (username: string, address: string): Attempt => ({ username, address, known: 'session' });

/** Did the password fit what the account has now? It may have been changed since it was checked. */
const isOf = (account: AccountRow | null, { fits, hash }: CheckedPassword): boolean =>
  fits && account !== null && account.password_hash === hash;

import { hashPassword, isOutdated } from '../accounts/password-hash.js';
import { normaliseUsername } from '../accounts/username.js';
import type { Cradle } from '../cradle.js';

/** How an attempt ended. `wait`: seconds before the next attempt is looked at. */
export type Outcome =
  | { kind: 'signed-in'; displayName: string; username: string }
  | { kind: 'refused'; wait: number }
  | { kind: 'throttled'; wait: number };

/**
 * Signing in with an own account. An unknown name, a wrong password, an expired account and one whose person is gone go the
 * same way: the same statements, the same hashing, the same outcome.
 */
export class SignIn {
  readonly #accounts: Cradle['accounts'];
  readonly #throttle: Cradle['throttle'];
  readonly #knownDevices: Cradle['knownDevices'];
  readonly #sessions: Cradle['sessions'];
  readonly #clock: Cradle['clock'];

  constructor({ accounts, throttle, knownDevices, sessions, clock }: Cradle) {
    this.#accounts = accounts;
    this.#throttle = throttle;
    this.#knownDevices = knownDevices;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** @param input `cookies`: the header as the client sent it, which may hold the mark of a known device */
  async attempt(input: { username: string; password: string; address: string; cookies: string | undefined }): Promise<Outcome> {
    const { address, cookies } = input;
    const username = normaliseUsername(input.username);
    const permit = await this.#throttle.admit({ username, address, known: await this.#knownDevices.idFor(username, cookies) });
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };

    const account = await this.#accounts.byUsername(username);
    const fits = await this.#accounts.fits(account, input.password);
    const expired = account?.expires_at != null && account.expires_at <= this.#clock.now();
    const person = account !== null && fits && !expired ? await this.#accounts.personOf(account.person_id) : null;
    if (account === null || person === null) return { kind: 'refused', wait: await this.#throttle.failed(permit) };

    await this.#throttle.succeeded(permit);
    const rehashed = isOutdated(account.password_hash) ? await hashPassword(input.password) : undefined;
    await this.#accounts.markUsed(person.id, rehashed);
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    return { kind: 'signed-in', displayName, username };
  }

  /**
   * Changes the password of whoever is signed in; other sessions of theirs end, this one goes on under a new id.
   * Guessing the current password is throttled as signing in is. Null: there is no own account.
   */
  async changePassword(input: { personId: string; current: string; password: string; address: string }): Promise<Outcome | null> {
    const account = await this.#accounts.ofPerson(input.personId);
    const session = this.#sessions.current();
    if (account === null || session === null) return null;
    const { username } = account;
    // Who holds a session is not held up by those who try to sign in, nor holds them up.
    const permit = await this.#throttle.admit({ username, address: input.address, known: 'session' });
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };
    if (!(await this.#accounts.fits(account, input.current))) {
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
}

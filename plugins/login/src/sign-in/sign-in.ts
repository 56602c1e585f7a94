import { hashPassword, isOutdated } from '../accounts/password-hash.js';
import { normaliseUsername } from '../accounts/username.js';
import type { Cradle } from '../cradle.js';
import type { Attempt } from './throttle.js';

/** How an attempt ended. `wait`: seconds before the next attempt is looked at. */
export type Outcome =
  | { kind: 'signed-in'; displayName: string }
  | { kind: 'refused'; wait: number }
  | { kind: 'throttled'; wait: number };

/**
 * Signing in with an own account. An unknown name, a wrong password, an expired account and one whose person is gone go the
 * same way: the same statements, the same hashing, the same outcome.
 */
export class SignIn {
  readonly #accounts: Cradle['accounts'];
  readonly #throttle: Cradle['throttle'];
  readonly #sessions: Cradle['sessions'];

  constructor({ accounts, throttle, sessions }: Cradle) {
    this.#accounts = accounts;
    this.#throttle = throttle;
    this.#sessions = sessions;
  }

  async attempt(input: { username: string; password: string; address: string }): Promise<Outcome> {
    const attempt: Attempt = { username: normaliseUsername(input.username), address: input.address };
    await this.#throttle.enter(attempt);
    const wait = await this.#throttle.secondsToWait(attempt);
    if (wait > 0) return { kind: 'throttled', wait };

    const account = await this.#accounts.byUsername(attempt.username);
    const fits = await this.#accounts.fits(account, input.password);
    const expired = account?.expires_at != null && account.expires_at.getTime() <= Date.now();
    const person = account !== null && fits && !expired ? await this.#accounts.personOf(account.person_id) : null;
    if (account === null || person === null) return { kind: 'refused', wait: await this.#throttle.countFailure(attempt) };

    await this.#throttle.clear(attempt);
    const rehashed = isOutdated(account.password_hash) ? await hashPassword(input.password) : undefined;
    await this.#accounts.markUsed(person.id, rehashed);
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    return { kind: 'signed-in', displayName };
  }

  /**
   * Changes the password of whoever is signed in; other sessions of theirs end, this one goes on under a new id.
   * Guessing the current password is throttled as signing in is. Null: there is no own account.
   */
  async changePassword(input: { personId: string; current: string; password: string; address: string }): Promise<Outcome | null> {
    const account = await this.#accounts.ofPerson(input.personId);
    const session = this.#sessions.current();
    if (account === null || session === null) return null;
    const attempt: Attempt = { username: account.username, address: input.address };
    await this.#throttle.enter(attempt);
    const wait = await this.#throttle.secondsToWait(attempt);
    if (wait > 0) return { kind: 'throttled', wait };
    if (!(await this.#accounts.fits(account, input.current))) {
      return { kind: 'refused', wait: await this.#throttle.countFailure(attempt) };
    }

    await this.#accounts.choosePassword(account, input.password);
    await this.#throttle.clear(attempt);
    await this.#sessions.endAll(input.personId);
    const { displayName, language } = session;
    await this.#sessions.start({
      id: input.personId,
      displayName,
      language,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    return { kind: 'signed-in', displayName };
  }
}

import type { PersonSummary } from '@ilearn/plugin-directory';
import type { AccountRow, AccountService } from '../accounts/account-service.js';
import type { Dependencies } from '../dependencies.js';

export interface SignedIn {
  displayName: string;
  username: string;
}

/** Begins the session of somebody who proved who they are with their own account. */
export class SessionStart {
  readonly #accounts: AccountService;
  readonly #sessions: Dependencies['sessions'];
  readonly #clock: Dependencies['clock'];
  readonly #notifications: Dependencies['notifications'];

  constructor({ accounts, sessions, clock, notifications }: Dependencies & { accounts: AccountService }) {
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#notifications = notifications;
  }

  /** The person of an account that has not expired; null if there is none. */
  async personOf(account: AccountRow | null): Promise<PersonSummary | null> {
    if (account === null || (account.expires_at !== null && account.expires_at <= this.#clock.now())) return null;
    return this.#accounts.personOf(account.person_id);
  }

  /** `isNewDevice`: the account was not used on this device before; members of staff are told. */
  async start(
    account: AccountRow,
    person: PersonSummary,
    { isNewDevice, rehashed }: { isNewDevice: boolean; rehashed?: string | undefined },
  ): Promise<SignedIn> {
    await this.#accounts.markUsed(person.id, rehashed);
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ageBand: person.kind === 'pupil' ? await this.#accounts.ageBandOf(person.id) : null,
      ...(account.expires_at === null ? {} : { expiresAt: account.expires_at }),
    });
    if (isNewDevice && person.kind === 'staff' && account.updated_at > account.created_at) await this.#tell(person.id);
    return { displayName, username: account.username };
  }

  /** Tells members of staff of a sign-in on a device that is new for their account. Pupils share devices, and would hear of it each day. */
  async #tell(personId: string): Promise<void> {
    await this.#notifications?.notify.send({ kind: 'login.new-device', to: [personId], place: '/account' });
  }
}

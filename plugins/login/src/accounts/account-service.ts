import { type AgeBand, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { Accounts } from '../exports.js';
import type { PreparedPassword } from './password-hash.js';
import { type PasswordFault, passwordFaults, shortestPassword } from './password-rules.js';
import { newUsername } from './username.js';

export interface AccountRow {
  person_id: string;
  username: string;
  password_hash: string;
  expires_at: Date | null;
  created_at: Date;
  /** Of the last sign-in or change. */
  updated_at: Date;
}

/** Accounts with a username and a password; at most one for each person. */
export class AccountService implements Accounts {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #unitOfWork: Dependencies['unitOfWork'];

  constructor({ knex, actAs, sessions, unitOfWork }: Dependencies) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#sessions = sessions;
    this.#unitOfWork = unitOfWork;
  }

  async set(account: { personId: string; username: string; password: PreparedPassword; expiresAt?: Date | null }): Promise<void> {
    const username = parseUsername(account.username);
    const person = await this.personOf(account.personId);
    if (person === null) throw notFound('There is no such person.');
    refuseWeak(account.password.text, username, person);

    const row = { username, password_hash: account.password.hash, expires_at: account.expiresAt ?? null };
    // Call this for a person without an account too: it throws if the requester may not give the person's roles.
    await this.#sessions.endAll(account.personId);
    await this.#store(() =>
      this.#knex('accounts')
        .insert({ person_id: account.personId, ...row })
        .onConflict('person_id')
        .merge({ ...row, updated_at: this.#knex.fn.now() }),
    );
  }

  /** Finds an account by its normalised username, even if it has expired. */
  async byUsername(username: string): Promise<AccountRow | null> {
    return (await this.#knex<AccountRow>('accounts').where('username', username).first()) ?? null;
  }

  async ofPerson(personId: string): Promise<AccountRow | null> {
    return (await this.#knex<AccountRow>('accounts').where('person_id', personId).first()) ?? null;
  }

  /** Those of these people who have an account. */
  async among(personIds: readonly string[]): Promise<ReadonlySet<string>> {
    const ids = await this.#knex('accounts')
      .whereRaw('person_id = any(?::uuid[])', [[...personIds]])
      .pluck('person_id');
    return new Set(ids);
  }

  /** The account's person, regardless of the schools that the caller may see; null if the person was removed. */
  personOf(personId: string): Promise<PersonSummary | null> {
    return this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.people.get(personId));
  }

  /** The age band of a person who signs in. */
  ageBandOf(personId: string): Promise<AgeBand | null> {
    return this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.people.ageBandOf(personId));
  }

  /** Records that the account is in use, which extends its retention. Also stores a new password hash, if given. */
  async markUsed(personId: string, password_hash?: string): Promise<void> {
    await this.#knex('accounts')
      .where('person_id', personId)
      .update({ updated_at: this.#knex.fn.now(), ...(password_hash === undefined ? {} : { password_hash }) });
  }

  /**
   * Stores a password that the person chose.
   *
   * @throws Problem 422 `login/weak-password`
   */
  async choosePassword(account: AccountRow, password: PreparedPassword): Promise<void> {
    const person = await this.personOf(account.person_id);
    if (person === null) throw notFound('There is no such person.');
    refuseWeak(password.text, account.username, person);
    await this.markUsed(account.person_id, password.hash);
  }

  /** What a person may see of their own account; null if they have none. */
  async summaryOf(personId: string): Promise<{ username: string; expiresAt: string | null; shortestPassword: number } | null> {
    const account = await this.ofPerson(personId);
    const person = account === null ? null : await this.personOf(personId);
    if (account === null || person === null) return null;
    return {
      username: account.username,
      expiresAt: account.expires_at?.toISOString() ?? null,
      shortestPassword: shortestPassword[person.kind],
    };
  }

  async dropUnverified(personId: string): Promise<boolean> {
    await this.#sessions.endAll(personId);
    const accepted = this.#knex('invitations').where({ person_id: personId }).whereNotNull('accepted_at');
    // The end of a temporary account is that of its person.
    const unverified = this.#knex('accounts').where({ person_id: personId }).whereNull('expires_at').whereNotExists(accepted);
    return (await unverified.delete()) > 0;
  }

  /** Removes accounts and their sessions. */
  async remove(personIds: readonly string[]): Promise<void> {
    await this.#sessions.endAllOfMany(personIds);
    await this.#knex('accounts')
      .whereIn('person_id', [...personIds])
      .delete();
  }

  async #store(write: () => PromiseLike<unknown>): Promise<void> {
    try {
      await this.#unitOfWork.savepoint(async () => void (await write()));
    } catch (error) {
      if ((error as { code?: string; constraint?: string }).constraint !== 'accounts_username_key') throw error;
      throw new Problem({
        type: 'login/username-taken',
        status: 409,
        title: 'Username taken',
        detail: 'Another account has this username. Choose another.',
        errors: [{ in: 'body', pointer: '/username', message: 'is taken' }],
      });
    }
  }
}

function parseUsername(text: string): string {
  const parsed = newUsername.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? 'not a username';
  throw new Problem({
    type: 'login/invalid-username',
    status: 422,
    title: 'Not a username',
    detail: message,
    errors: [{ in: 'body', pointer: '/username', message }],
  });
}

function refuseWeak(password: string, username: string, person: PersonSummary): void {
  const faults = passwordFaults(password, { kind: person.kind, names: [username, person.givenName, person.familyName] });
  if (faults.length === 0) return;
  const explanations: Record<PasswordFault, string> = {
    'too-short': `it has fewer than ${shortestPassword[person.kind]} characters`,
    'too-long': 'it is too long',
    common: 'it is one of the most common passwords',
    'own-name': "it is made of the person's own name",
  };
  const message = faults.map((fault) => explanations[fault]).join('; ');
  throw new Problem({
    type: 'login/weak-password',
    status: 422,
    title: 'Password too easy to guess',
    detail: `This password cannot be used: ${message}.`,
    errors: [{ in: 'body', pointer: '/password', message }],
    extra: { faults, shortest: shortestPassword[person.kind] },
  });
}

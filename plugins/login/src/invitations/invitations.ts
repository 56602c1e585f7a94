import { createHash, randomBytes } from 'node:crypto';
import { conflict, forbidden, notFound, type Problem, systemPrincipal } from '@ilearn/core';
import type { AccountService } from '../accounts/account-service.js';
import type { PreparedPassword } from '../accounts/password-hash.js';
import { shortestPassword } from '../accounts/password-rules.js';
import type { Dependencies } from '../dependencies.js';
import type { SchoolInvitations } from '../exports.js';

const DAYS = 7;
const DAY_MS = 86_400_000;
/** A provider has 500 people at most. */
export const mostInvitations = 500;

/**
 * - `waiting`: the e-mail is on its way; `held`: it lies in the outbox, because the portal has no mail server
 * - `undeliverable`: the e-mail could not be delivered; `unsent`: the portal sends no e-mail
 * - `none`: there is no account, and no invitation: none was sent, or it expired so long ago that retention deleted it
 */
export const invitationStates = [
  'waiting',
  'held',
  'sent',
  'undeliverable',
  'unsent',
  'accepted',
  'expired',
  'withdrawn',
  'none',
] as const;
export type InvitationState = (typeof invitationStates)[number];

interface Row {
  person_id: string;
  /** The provider, or the school. */
  provider_id: string;
  invited_by: string | null;
  letter_id: string | null;
  expires_at: Date;
  accepted_at: Date | null;
  withdrawn_at: Date | null;
}

/** Why a link does not work. */
export type Refusal = 'unknown' | 'used' | 'expired' | 'withdrawn';

/** What the page behind a link shows. */
export interface OpenInvitation {
  provider: string;
  /** Null if who invited them is gone, or is the portal itself. */
  invitedBy: string | null;
  givenName: string;
  shortestPassword: number;
}

/** What became of an invitation; `expiresAt` is null for somebody who has none. */
export interface ListedInvitation {
  person: string;
  name: string;
  state: InvitationState;
  expiresAt: string | null;
}

/**
 * Invitations for people of a provider, and for the first people of a school, to make their account. The link has a random token that works once, of which only a hash is stored:
 * SHA-256 suffices, since a token of 256 bits cannot be guessed.
 */
export class Invitations implements SchoolInvitations {
  readonly #knex: Dependencies['knex'];
  readonly #accounts: AccountService;
  readonly #directory: Dependencies['directory'];
  readonly #notifications: Dependencies['notifications'];
  readonly #principal: Dependencies['principal'];
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #clock: Dependencies['clock'];
  readonly #live: Dependencies['live'];
  readonly #locks: Dependencies['locks'];
  readonly #access: Dependencies['access'];

  constructor(cradle: Dependencies & { accounts: AccountService }) {
    this.#knex = cradle.knex;
    this.#accounts = cradle.accounts;
    this.#directory = cradle.directory;
    this.#notifications = cradle.notifications;
    this.#principal = cradle.principal;
    this.#actAs = cradle.actAs;
    this.#sessions = cradle.sessions;
    this.#clock = cradle.clock;
    this.#live = cradle.live;
    this.#locks = cradle.locks;
    this.#access = cradle.access;
  }

  /** Invites a person who was added to a provider; nobody who is gone by now, has an account or was invited already. */
  async invite({ provider, personId, by }: { provider: string; personId: string; by: string | null }): Promise<void> {
    if ((await this.#knex('invitations').where({ person_id: personId }).first('person_id')) !== undefined) return;
    if ((await this.#directory.people.get(personId)) === null) return;
    if ((await this.#accounts.ofPerson(personId)) !== null) return;
    await this.#issue(personId, provider, by);
  }

  async inviteToSchool({ school, personId }: { school: string; personId: string }): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself invites people of a school.');
    if ((await this.#accounts.ofPerson(personId)) === null) await this.#issue(personId, school, null);
  }

  /** Removes accounts and invitations of people who were removed from a provider and are nowhere else. */
  async forget(personIds: readonly string[]): Promise<void> {
    const present = new Set((await this.#directory.people.getMany(personIds)).map(({ id }) => id));
    const gone = personIds.filter((id) => !present.has(id));
    const rows: Row[] = await this.#knex('invitations').whereIn('person_id', gone).delete().returning('*');
    await this.#notifications?.letters.withdraw(rows.flatMap(({ letter_id }) => letter_id ?? []));
    await this.#accounts.remove(gone);
  }

  /** The people of a provider who were invited, or have no account yet; by family name. */
  async list(provider: string): Promise<ListedInvitation[]> {
    const people = await this.#directory.providers.peopleOf(provider);
    const rows: Row[] = await this.#knex('invitations').where({ provider_id: provider });
    const invitations = new Map(rows.map((row) => [row.person_id, row]));
    // Whoever asks has a way to sign in.
    const others = people.flatMap(({ id }) => (invitations.has(id) || id === this.#principal.id ? [] : id));
    const withAccount = await this.#accounts.among(others);
    const letters = (await this.#notifications?.letters.statesOf(rows.flatMap(({ letter_id }) => letter_id ?? []))) ?? {};
    return people.slice(0, mostInvitations).flatMap(({ id, givenName, familyName }) => {
      const row = invitations.get(id);
      if (row === undefined && (withAccount.has(id) || id === this.#principal.id)) return [];
      const state = row === undefined ? 'none' : this.#stateOf(row, letters[row.letter_id ?? '']);
      return { person: id, name: `${givenName} ${familyName}`, state, expiresAt: row?.expires_at.toISOString() ?? null };
    });
  }

  /**
   * The people of a school who were invited, the last {@link mostInvitations}, by family name; `may`: the caller may invite them again or withdraw that.
   *
   * @throws Problem 404 for a school for which the caller does not act
   */
  async listOfSchool(school: string): Promise<(ListedInvitation & { may: boolean })[]> {
    this.#mustActFor(school);
    const rows: Row[] = await this.#knex('invitations')
      .where({ provider_id: school })
      .orderBy('sent_at', 'desc')
      .orderBy('person_id')
      .limit(mostInvitations);
    const people = await this.#directory.people.getMany(rows.map(({ person_id }) => person_id));
    const letters = (await this.#notifications?.letters.statesOf(rows.flatMap(({ letter_id }) => letter_id ?? []))) ?? {};
    const held = await this.#access.rolesOfMany(people.map(({ id }) => id));
    const managed = new Set(
      held.flatMap(({ personId, roles }) =>
        roles.length > 0 && roles.every((role) => this.#access.mayGrant(role)) ? personId : [],
      ),
    );
    const byPerson = new Map(rows.map((row) => [row.person_id, row]));
    const order = new Intl.Collator('nl');
    people.sort((a, b) => order.compare(`${a.familyName} ${a.givenName}`, `${b.familyName} ${b.givenName}`));
    return people.flatMap(({ id, givenName, familyName }) => {
      const row = byPerson.get(id);
      if (row === undefined) return [];
      const state = this.#stateOf(row, letters[row.letter_id ?? '']);
      const may = state !== 'accepted' && id !== this.#principal.id && managed.has(id);
      return { person: id, name: `${givenName} ${familyName}`, state, expiresAt: row.expires_at.toISOString(), may };
    });
  }

  /** Sends somebody of a school a new link. @throws Problem 404 unless the caller may give their roles; 409 if they have an account */
  async sendAgainInSchool(school: string, personId: string): Promise<void> {
    await this.#ofSchool(school, personId);
    if ((await this.#accounts.ofPerson(personId)) !== null) throw accepted();
    await this.#issue(personId, school, this.#principal.id);
  }

  /**
   * Mends the address of somebody of a school, and sends them a new link there.
   *
   * @throws Problem as {@link sendAgainInSchool}; 409 `directory/person-from-file`
   */
  async sendToInSchool(school: string, personId: string, email: string): Promise<void> {
    await this.#ofSchool(school, personId);
    if ((await this.#accounts.ofPerson(personId)) !== null) throw accepted();
    await this.#asPortal(({ directory }) => directory.people.correctEmail(personId, email));
    await this.#issue(personId, school, this.#principal.id);
  }

  /** Withdraws the invitation of somebody of a school. @throws Problem as {@link sendAgainInSchool} */
  async withdrawInSchool(school: string, personId: string): Promise<void> {
    await this.#end(await this.#ofSchool(school, personId));
  }

  /** Invitations that nobody accepted or withdrew, by provider of the caller. Two statements for any number of providers. */
  async open(limit: number): Promise<{ provider: string; name: string; open: number; expired: number }[]> {
    const { id } = this.#principal;
    const own = id === null ? [] : (await this.#directory.providers.ofPerson(id)).slice(0, limit);
    const rows: { provider_id: string; open: number; expired: number }[] = await this.#knex('invitations')
      .whereIn(
        'provider_id',
        own.map((provider) => provider.id),
      )
      .whereNull('accepted_at')
      .whereNull('withdrawn_at')
      .groupBy('provider_id')
      .select('provider_id')
      .select(
        this.#knex.raw(
          `(count(*) filter (where expires_at > ?))::int as open, (count(*) filter (where expires_at <= ?))::int as expired`,
          [this.#clock.now(), this.#clock.now()],
        ),
      );
    return own.flatMap(({ id: provider, name }) => {
      const row = rows.find((each) => each.provider_id === provider);
      return row === undefined ? [] : [{ provider, name, open: row.open, expired: row.expired }];
    });
  }

  /** Sends a new link; the earlier one stops working. Also to somebody without an account whose invitation was deleted. */
  async sendAgain(personId: string): Promise<void> {
    const provider = await this.#providerOf(personId);
    if ((await this.#accounts.ofPerson(personId)) !== null) throw accepted();
    await this.#issue(personId, provider, this.#principal.id);
  }

  async withdraw(personId: string): Promise<void> {
    await this.#end(await this.#managed(personId));
  }

  async #end({ person_id, letter_id, provider_id }: Row): Promise<void> {
    await this.#knex('invitations').where({ person_id }).update({ withdrawn_at: this.#clock.now() });
    if (letter_id !== null) await this.#notifications?.letters.withdraw([letter_id]);
    await this.#changed(provider_id);
  }

  /** @throws Problem 404 unless the caller acts for the school */
  #mustActFor(school: string): void {
    const { tenants } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) throw notFound();
  }

  /** Nobody decides about their own invitation, or that of somebody whose roles they may not give. */
  async #mayInviteInSchool(personId: string): Promise<boolean> {
    return personId !== this.#principal.id && this.#directory.people.mayManage(personId);
  }

  async #ofSchool(school: string, personId: string): Promise<Row> {
    this.#mustActFor(school);
    const row = await this.#find(personId);
    if (row === undefined || row.provider_id !== school || !(await this.#mayInviteInSchool(personId))) throw notFound();
    if (row.accepted_at !== null) throw accepted();
    return row;
  }

  /** What a link opens, or why it does not. Changes nothing. */
  look(token: string): Promise<OpenInvitation | Refusal> {
    return this.#asPortal(async ({ knex, directory }) => {
      const row = await knex('invitations')
        .where({ token_hash: hashOf(token) })
        .first();
      const refusal = await this.#refusalOf(row);
      if (refusal !== null) return refusal;
      const person = await directory.people.get(row.person_id);
      const tenant = await nameOf(directory, row.provider_id);
      if (person === null || tenant === null) return 'unknown';
      const by = row.invited_by === null ? null : await directory.people.get(row.invited_by);
      return {
        provider: tenant,
        invitedBy: by === null ? null : `${by.givenName} ${by.familyName}`,
        givenName: person.givenName,
        shortestPassword: shortestPassword[person.kind],
      };
    });
  }

  /**
   * Makes the account and signs the person in.
   *
   * @throws Problem as `login.accounts.set`; the link then still works
   */
  async accept(token: string, username: string, password: PreparedPassword): Promise<{ displayName: string } | Refusal> {
    return this.#asPortal(async ({ knex, directory }) => {
      // Locked, so that of two requests at the same time one finds it used.
      const row = await knex('invitations')
        .where({ token_hash: hashOf(token) })
        .forUpdate()
        .first();
      const refusal = await this.#refusalOf(row);
      if (refusal !== null) return refusal;
      const person = await directory.people.get(row.person_id);
      if (person === null) return 'unknown';
      await this.#accounts.set({ personId: row.person_id, username, password });
      await knex('invitations').where({ person_id: row.person_id }).update({ accepted_at: this.#clock.now() });
      const displayName = `${person.givenName} ${person.familyName}`;
      await this.#sessions.start({ id: row.person_id, displayName });
      await this.#changed(row.provider_id);
      return { displayName };
    });
  }

  async #issue(personId: string, provider: string, by: string | null): Promise<void> {
    const token = randomBytes(32).toString('base64url');
    const now = this.#clock.now();
    const expiresAt = new Date(now.getTime() + DAYS * DAY_MS);
    await this.#locks.take(`invitation ${personId}`);
    const before = await this.#knex('invitations').where({ person_id: personId }).first('letter_id');
    if (before?.letter_id != null) await this.#notifications?.letters.withdraw([before.letter_id]);
    // Behind `#`, so that the token is in no request and in no log of a proxy.
    const path = `/uitnodiging#${token}`;
    const name = (await nameOf(this.#directory, provider)) ?? '';
    const letter = { letter: 'login.invitation', to: personId, path, until: expiresAt, params: { provider: name } };
    const row = {
      provider_id: provider,
      invited_by: by,
      token_hash: hashOf(token),
      letter_id: (await this.#notifications?.letters.send(letter)) ?? null,
      sent_at: now,
      expires_at: expiresAt,
      withdrawn_at: null,
    };
    await this.#knex('invitations')
      .insert({ person_id: personId, ...row })
      .onConflict('person_id')
      .merge(row);
    await this.#changed(provider);
  }

  /**
   * The provider whose invitation a person has, or for which they work.
   *
   * @throws Problem as {@link #managed}
   */
  async #providerOf(personId: string): Promise<string> {
    const row = await this.#find(personId);
    if (row !== undefined) return (await this.#managed(personId)).provider_id;
    const [provider] = await this.#directory.providers.ofPerson(personId);
    if (provider === undefined || !(await this.#directory.providers.mayManage(provider.id))) throw notFound();
    return provider.id;
  }

  #find(personId: string): Promise<Row | undefined> {
    return this.#knex('invitations').where({ person_id: personId }).forUpdate().first();
  }

  /** @throws Problem 404 if the caller does not manage the people of the provider; 409 if the invitation was accepted */
  async #managed(personId: string): Promise<Row> {
    const row = await this.#find(personId);
    if (row === undefined || !(await this.#directory.providers.mayManage(row.provider_id))) throw notFound();
    if (row.accepted_at !== null) throw accepted();
    return row;
  }

  async #refusalOf(row: Row | undefined): Promise<Refusal | null> {
    if (row === undefined) return 'unknown';
    if (row.accepted_at !== null) return 'used';
    if (row.withdrawn_at !== null) return 'withdrawn';
    if (row.expires_at <= this.#clock.now()) return 'expired';
    return (await this.#accounts.ofPerson(row.person_id)) === null ? null : 'used';
  }

  #stateOf(row: Row, letter: string | undefined): InvitationState {
    if (row.accepted_at !== null) return 'accepted';
    if (row.withdrawn_at !== null) return 'withdrawn';
    if (row.expires_at <= this.#clock.now()) return 'expired';
    if (letter === undefined) return 'unsent';
    return letter === 'sent' || letter === 'waiting' || letter === 'held' ? letter : 'undeliverable';
  }

  #changed(provider: string): Promise<void> {
    return this.#live.publish('invitations', { provider }, { kind: 'changed' });
  }

  #asPortal<T>(fn: (services: Dependencies) => Promise<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), fn);
  }
}

/** Name of the provider or school that invites. */
const nameOf = async ({ providers, schools }: Dependencies['directory'], tenant: string): Promise<string | null> =>
  ((await providers.get(tenant)) ?? (await schools.get(tenant)))?.name ?? null;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const accepted = (): Problem => conflict('login/invitation-accepted', 'This person has an account already.');

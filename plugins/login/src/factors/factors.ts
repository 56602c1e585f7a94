import { forbidden, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { AccountRow, AccountService } from '../accounts/account-service.js';
import type { Dependencies } from '../dependencies.js';
import type { AuthenticatorApp } from './authenticator-app.js';
import { mostPasskeys, type OwnPasskey, type Passkeys } from './passkeys.js';
import type { RecoveryCodes } from './recovery-codes.js';

const DAY_MS = 86_400_000;

/** What somebody whose password is right still has to do. `confirm`: use a second factor. `enrol`: add one first, since a role requires it. */
export type Step = 'confirm' | 'enrol';

export interface OwnFactors {
  /** False: only members of staff who signed in with an own account can have them. */
  may: boolean;
  passkeys: OwnPasskey[];
  appAddedAt: Date | null;
  recoveryCodes: number;
  /** Until when a second factor must be there; null: no role requires one, or there is one. */
  neededFrom: Date | null;
  required: boolean;
}

/** Somebody whose second factors are added or removed. */
export interface Holder {
  account: AccountRow;
  displayName: string;
}

/**
 * The second factors of members of staff with an own account: passkeys and an authenticator app, with recovery codes. A passkey signs in by
 * itself; after a password, one of them is asked for.
 */
export class Factors {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #settings: Dependencies['settings'];
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #directory: Dependencies['directory'];
  readonly #notifications: Dependencies['notifications'];
  readonly #principal: Dependencies['principal'];
  readonly #accounts: AccountService;
  readonly #passkeys: Passkeys;
  readonly #app: AuthenticatorApp;
  readonly #codes: RecoveryCodes;

  constructor({
    knex,
    clock,
    settings,
    actAs,
    sessions,
    directory,
    notifications,
    principal,
    accounts,
    passkeys,
    authenticatorApp,
    recoveryCodes,
  }: Dependencies & {
    accounts: AccountService;
    passkeys: Passkeys;
    authenticatorApp: AuthenticatorApp;
    recoveryCodes: RecoveryCodes;
  }) {
    this.#knex = knex;
    this.#clock = clock;
    this.#settings = settings;
    this.#actAs = actAs;
    this.#sessions = sessions;
    this.#directory = directory;
    this.#notifications = notifications;
    this.#principal = principal;
    this.#accounts = accounts;
    this.#passkeys = passkeys;
    this.#app = authenticatorApp;
    this.#codes = recoveryCodes;
  }

  /** What the person must do after their password before they are signed in; null: nothing. Begins the period of grace. */
  async stepFor(person: PersonSummary): Promise<Step | null> {
    // Whatever the person is now: a roster can make a member of staff a pupil, and takes no factor away by that.
    if (await this.#has(person.id)) return 'confirm';
    const until = await this.#neededFrom(person.id, true);
    return until !== null && until <= this.#clock.now() ? 'enrol' : null;
  }

  async own(): Promise<OwnFactors> {
    const personId = this.#principal.id as string;
    const passkeys = await this.#passkeys.ofPerson(personId);
    const appAddedAt = await this.#app.addedAt(personId);
    const has = passkeys.length > 0 || appAddedAt !== null;
    const holder = await this.#holder(personId);
    return {
      may: holder !== null && this.#isOfAccount(),
      passkeys,
      appAddedAt,
      recoveryCodes: await this.#codes.left(personId),
      neededFrom: has || holder === null ? null : await this.#neededFrom(personId, false),
      required: holder !== null && (await this.#isRequired(personId)),
    };
  }

  /**
   * The signed-in person, who adds or removes factors.
   *
   * @throws Problem 403 for pupils, for people without an own account, and in sessions that an account at a provider began, which prove no
   * more than that account
   */
  async requireHolder(): Promise<Holder> {
    const personId = this.#principal.id as string;
    // One after another, so that requests at once neither pass the limits nor make recovery codes twice.
    await this.#knex('accounts').where('person_id', personId).forUpdate().first('person_id');
    const holder = await this.#holder(personId);
    if (holder === null || !this.#isOfAccount()) throw forbidden('Sign in with your own account first.');
    return holder;
  }

  /** @throws Problem 403 as {@link requireHolder}; 404 without a second factor */
  async requireFactor(personId: string): Promise<void> {
    await this.requireHolder();
    if (!(await this.#has(personId))) throw notFound('Add a second factor first.');
  }

  /** @throws Problem 409 `login/too-many-passkeys` */
  async requireRoom(personId: string): Promise<void> {
    if ((await this.#passkeys.ofPerson(personId)).length < mostPasskeys) return;
    throw new Problem({ type: 'login/too-many-passkeys', status: 409, title: 'Too many passkeys', detail: 'Remove one first.' });
  }

  /** After a factor was added: tells the person, and returns recovery codes if there are none yet; null otherwise. */
  async added(personId: string): Promise<string[] | null> {
    await this.#tell(personId, 'factor-changed');
    return (await this.#codes.left(personId)) > 0 ? null : this.#codes.renew(personId);
  }

  /**
   * Removes a factor of the {@link requireHolder holder} by `remove`, which returns whether there was one.
   *
   * @throws Problem 404 if there was none; 409 `login/factor-required` if it is the last one and a role requires one
   */
  async remove(personId: string, remove: () => Promise<boolean>): Promise<void> {
    if (!(await remove())) throw notFound();
    if (!(await this.#has(personId))) {
      if (await this.#isRequired(personId)) {
        throw new Problem({
          type: 'login/factor-required',
          status: 409,
          title: 'A second factor is required',
          detail: 'Your role requires a second factor. Add another one first.',
        });
      }
      await this.#codes.clear(personId);
    }
    await this.#tell(personId, 'factor-changed');
  }

  /** Removes all factors and ends all sessions: for somebody who lost them. False if there were none. */
  async reset(personId: string): Promise<boolean> {
    const had = await this.#has(personId);
    await this.#sessions.endAll(personId);
    await this.#passkeys.clear(personId);
    await this.#app.remove(personId);
    await this.#codes.clear(personId);
    // Rows about a person whose data are restricted do not change.
    if (had && (await this.#has(personId))) {
      throw new Problem({
        type: 'login/restricted',
        status: 423,
        title: 'The data of this person are restricted: nothing changed',
      });
    }
    if (had) await this.#tell(personId, 'factors-reset');
    return had;
  }

  /** Whether {@link resetOf} would remove something. @throws Problem 404 for a person whom the caller may not see */
  async mayReset(personId: string): Promise<boolean> {
    if ((await this.#directory.people.get(personId)) === null) throw notFound();
    const may = personId !== this.#principal.id && (await this.#directory.people.mayManage(personId));
    return may && this.#has(personId);
  }

  /**
   * The same for a person whose account the caller manages.
   *
   * @throws Problem 404 for a person whom the caller may not see; 403 if they may not manage their roles, or it is themselves
   */
  async resetOf(personId: string): Promise<void> {
    if ((await this.#directory.people.get(personId)) === null) throw notFound();
    if (personId === this.#principal.id || !(await this.#directory.people.mayManage(personId))) {
      throw forbidden('You may not do this for this person.');
    }
    if (!(await this.reset(personId))) throw notFound('This person has no second factor.');
  }

  /** Tells the person that a passkey was refused because a copy of it may exist. */
  copied(personId: string): Promise<void> {
    return this.#tell(personId, 'passkey-copied');
  }

  /** Whether the session began with the own account. */
  #isOfAccount(): boolean {
    return this.#sessions.current()?.startedBy === 'login';
  }

  async #holder(personId: string): Promise<Holder | null> {
    const account = await this.#accounts.ofPerson(personId);
    const person = account === null ? null : await this.#accounts.personOf(personId);
    if (account === null || person === null) return null;
    if (person.kind !== 'staff' && !(await this.#has(personId)) && !(await this.#isRequired(personId))) return null;
    return { account, displayName: `${person.givenName} ${person.familyName}` };
  }

  async #has(personId: string): Promise<boolean> {
    const { rows } = await this.#knex.raw<{ rows: { has: boolean }[] }>(
      `select exists (select from passkeys where person_id = :personId)
         or exists (select from authenticator_apps where person_id = :personId) as has`,
      { personId },
    );
    return rows[0]?.has === true;
  }

  async #isRequired(personId: string): Promise<boolean> {
    const { secondFactorRoles } = await this.#settings.portal();
    if (secondFactorRoles.length === 0) return false;
    const roles = await this.#actAs(systemPrincipal(), ({ access }: Dependencies) => access.rolesOf(personId));
    return roles.some(({ role }) => (secondFactorRoles as readonly string[]).includes(role));
  }

  /** The end of the person's period of grace; null if no role requires a factor. `begin`: let the period begin if it has not. */
  async #neededFrom(personId: string, begin: boolean): Promise<Date | null> {
    if (!(await this.#isRequired(personId))) return null;
    const { secondFactorGraceDays } = await this.#settings.portal();
    const until = (since: Date): Date => new Date(since.getTime() + secondFactorGraceDays * DAY_MS);
    const known = await this.#knex('factor_periods').where('person_id', personId).first<{ since: Date } | undefined>('since');
    if (known !== undefined) return until(known.since);
    const since = this.#clock.now();
    if (begin) {
      const begun = await this.#knex('factor_periods')
        .insert({ person_id: personId, since })
        .onConflict('person_id')
        .ignore()
        .returning('person_id');
      if (begun.length > 0 && secondFactorGraceDays > 0) await this.#tell(personId, 'factor-needed');
    }
    return until(since);
  }

  async #tell(personId: string, kind: 'factor-changed' | 'factors-reset' | 'factor-needed' | 'passkey-copied'): Promise<void> {
    await this.#notifications?.notify.send({ kind: `login.${kind}`, to: [personId], place: '/account' });
  }
}

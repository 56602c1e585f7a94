import { forbidden, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { SchoolSummary } from '@ilearn/plugin-directory';
import type { AccountService } from '../accounts/account-service.js';
import { generateGuestName } from '../accounts/generate.js';
import type { PreparedPassword } from '../accounts/password-hash.js';
import type { Dependencies } from '../dependencies.js';
import type { Guests } from '../exports.js';

/** Maximum number of accounts in a list. */
export const mostListed = 1_000;
/** Roles in one school that a temporary account may have. */
export const temporaryRoles = ['pupil', 'teacher', 'ict-coordinator', 'principal'] as const;
export type TemporaryRole = (typeof temporaryRoles)[number];

export interface TemporaryAccount {
  /** The person's id. */
  id: string;
  username: string;
  displayName: string;
  school: string;
  role: string;
  expiresAt: string;
}

type Guest = Parameters<Guests['welcome']>[0];
type Welcomed = Awaited<ReturnType<Guests['welcome']>>;
type NewGuest = Guest & { role: TemporaryRole | 'guest-teacher' };

const DAY_MS = 86_400_000;

/** Temporary accounts for guests. Each consists of a person, an account and a role in one school. */
export class TemporaryAccounts implements Guests {
  readonly #knex: Dependencies['knex'];
  readonly #accounts: AccountService;
  readonly #directory: Dependencies['directory'];
  readonly #principal: Dependencies['principal'];
  readonly #actAs: Dependencies['actAs'];
  readonly #clock: Dependencies['clock'];
  readonly #config: Dependencies['config']['temporaryAccounts'];

  constructor({ knex, accounts, directory, principal, actAs, clock, config }: Dependencies & { accounts: AccountService }) {
    this.#knex = knex;
    this.#accounts = accounts;
    this.#directory = directory;
    this.#principal = principal;
    this.#actAs = actAs;
    this.#clock = clock;
    this.#config = config.temporaryAccounts;
  }

  /** @returns the account with its password, of which only the hash is stored */
  async create(
    wish: {
      school: string;
      role: TemporaryRole;
      givenName: string;
      familyName: string;
      days?: number | undefined;
      /** A class of the school in which a teacher teaches or a pupil learns. */
      classId?: string | undefined;
    },
    password: PreparedPassword,
  ): Promise<TemporaryAccount & { password: string }> {
    const { school, role, givenName, familyName, classId } = wish;
    const days = wish.days ?? this.#config.defaultDays;
    if (days > this.#config.longestDays) throw tooLong(this.#config.longestDays);
    if (!(await this.schools()).some(({ id }) => id === school)) throw notFound('There is no such school.');
    if (!(await this.#directory.people.mayGrant(school, role))) throw forbidden('Your roles do not allow you to give this one.');

    if (classId !== undefined) await this.#checkClass(classId, school, role);
    const {
      personId: id,
      username,
      expiresAt,
    } = await this.#make({ school, role, givenName, familyName, days, classId }, password);
    return {
      id,
      username,
      password: password.text,
      displayName: `${givenName} ${familyName}`,
      school,
      role,
      expiresAt: expiresAt.toISOString(),
    };
  }

  async welcome(guest: Guest, password: PreparedPassword): Promise<Welcomed> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself welcomes guests.');
    return this.#make({ ...guest, role: 'guest-teacher' }, password);
  }

  async #make({ school, role, givenName, familyName, days, classId }: NewGuest, password: PreparedPassword): Promise<Welcomed> {
    const username = generateGuestName();
    const expiresAt = new Date(this.#clock.now().getTime() + days * DAY_MS);
    const kind = role === 'pupil' ? 'pupil' : 'staff';
    const id = await this.#asPortal(({ directory }) =>
      directory.people.create({ givenName, familyName, kind, roles: [{ tenant: school, role }] }),
    );
    if (classId !== undefined) {
      await this.#asPortal(({ directory }) => directory.classes.addMember(classId, id, kind === 'pupil' ? 'pupil' : 'teacher'));
    }
    await this.#accounts.set({ personId: id, username, password, expiresAt });
    await this.#knex('temporary_accounts').insert({ person_id: id, school_id: school, role });
    return { personId: id, username, expiresAt };
  }

  /** @throws Problem 422 unless it is a class of the school, and the role one that is held in a class */
  async #checkClass(classId: string, school: string, role: TemporaryRole): Promise<void> {
    const one = await this.#directory.classes.get(classId);
    if ((role === 'teacher' || role === 'pupil') && one?.kind === 'class' && one.school === school) return;
    throw new Problem({
      type: 'login/unknown-class',
      status: 422,
      title: 'Unknown class',
      detail: 'Choose a class of this school, for a teacher or a pupil.',
      errors: [{ in: 'body', pointer: '/classId', message: 'is not a class of this school' }],
    });
  }

  /** Accounts in the schools where the caller manages them, by expiry. `more`: there are more than these. */
  async list(): Promise<{ accounts: TemporaryAccount[]; more: boolean }> {
    const found = await this.#knex('temporary_accounts as t')
      .join('accounts as a', 'a.person_id', 't.person_id')
      .where('a.expires_at', '>', this.#knex.fn.now())
      .orderBy(['a.expires_at', 'a.username'])
      .limit(mostListed + 1)
      .select<{ person_id: string; school_id: string; role: string; username: string; expires_at: Date }[]>(
        't.person_id',
        't.school_id',
        't.role',
        'a.username',
        'a.expires_at',
      );
    const rows = found.slice(0, mostListed);
    const people = await this.#directory.people.getMany(rows.map((row) => row.person_id));
    const names = new Map(people.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
    const accounts = rows.map((row) => ({
      id: row.person_id,
      username: row.username,
      displayName: names.get(row.person_id) ?? row.username,
      school: row.school_id,
      role: row.role,
      expiresAt: row.expires_at.toISOString(),
    }));
    return { accounts, more: found.length > mostListed };
  }

  /** Schools where the caller may create accounts. */
  async schools(): Promise<SchoolSummary[]> {
    const { tenants: schools } = this.#principal;
    const all = await this.#directory.schools.list();
    return schools === '*' ? all : all.filter(({ id }) => schools.includes(id));
  }

  /** Roles that the caller may give in at least one of those schools. */
  async roles(): Promise<TemporaryRole[]> {
    const schools = await this.schools();
    const roles: TemporaryRole[] = [];
    for (const role of temporaryRoles) {
      const here = await Promise.all(schools.map(({ id }) => this.#directory.people.mayGrant(id, role)));
      if (here.includes(true)) roles.push(role);
    }
    return roles;
  }

  /** Ends an account immediately, with its sessions. */
  async revoke(personId: string): Promise<void> {
    const row = await this.#knex('temporary_accounts').where('person_id', personId).first();
    if (row === undefined) throw notFound('There is no such temporary account.');
    await this.#remove([{ personId, guest: true }]);
  }

  /** Removes expired accounts, and the people created for them. Returns the number of accounts. */
  async removeExpired(): Promise<number> {
    const rows = await this.#knex('accounts as a')
      .leftJoin('temporary_accounts as t', 't.person_id', 'a.person_id')
      .where('a.expires_at', '<=', this.#knex.fn.now())
      .select<{ person_id: string; guest: boolean }[]>('a.person_id', this.#knex.raw('t.person_id is not null as guest'));
    await this.#remove(rows.map((row) => ({ personId: row.person_id, guest: row.guest })));
    return rows.length;
  }

  async #remove(entries: { personId: string; guest: boolean }[]): Promise<void> {
    await this.#accounts.remove(entries.map(({ personId }) => personId));
    const guests = entries.filter(({ guest }) => guest).map(({ personId }) => personId);
    await this.#asPortal(({ directory }) => directory.people.removeMany(guests));
  }

  /** Runs `fn` as the system, to create or remove people after the caller's permission was checked. */
  #asPortal<T>(fn: (services: Dependencies) => Promise<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), fn);
  }
}

function tooLong(longestDays: number): Problem {
  return new Problem({
    type: 'login/too-many-days',
    status: 422,
    title: 'Too many days',
    detail: `A temporary account lasts ${longestDays} days at most.`,
    errors: [{ in: 'body', pointer: '/days', message: `at most ${longestDays}` }],
    extra: { longestDays },
  });
}

import { forbidden, notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { Providers } from '../providers.js';
import type { AccountRow, AccountService } from './account-service.js';
import { type CardCode, cardCode } from './card-code.js';
import type { PreparedPassword } from './password-hash.js';
import { suggestedUsernames } from './suggested-usernames.js';

/** Roles that manage the accounts of their school. */
const managers = new Set(['ict-coordinator', 'principal', 'portal-administrator']);

/** What the caller may do with a person's account; null: nothing. `create`: the person has none yet. */
export type MayDo = 'reset' | 'create' | null;

/** What a person signs in with. Of the password only a hash is stored, so that it is known only to whoever made it. */
export interface SignInDetails {
  personId: string;
  givenName: string;
  familyName: string;
  kind: 'pupil' | 'staff';
  username: string;
  password: string;
  /** For their sign-in card. */
  code: CardCode;
}

/** A person in a list of accounts; `username` null: no account. */
export interface ListedAccount {
  id: string;
  givenName: string;
  familyName: string;
  kind: 'pupil' | 'staff';
  username: string | null;
  /** Name of a class of this school year; null: none. */
  className: string | null;
}

/** Maximum number of people in a list. */
export const mostInList = 500;

/**
 * New passwords for others. Who manages a school gives them to its people, and makes accounts for those who have none; a teacher gives them
 * to the pupils of the classes that they teach. Nobody gives one to a person whose roles they may not give (see `mayGrant` of the
 * directory).
 */
export class Passwords {
  readonly #knex: Dependencies['knex'];
  readonly #directory: Dependencies['directory'];
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #accounts: AccountService;
  readonly #providers: Providers;

  constructor({
    knex,
    directory,
    principal,
    portal,
    accounts,
    providers,
  }: Dependencies & { accounts: AccountService; providers: Providers }) {
    this.#knex = knex;
    this.#directory = directory;
    this.#principal = principal;
    this.#portal = portal;
    this.#accounts = accounts;
    this.#providers = providers;
  }

  /** The username is given only to whoever may do something. @throws 404 for a person whom the caller may not see */
  async accountOf(personId: string): Promise<{ username: string | null; may: MayDo }> {
    const { account, may } = await this.#find(personId);
    return { username: may === null ? null : (account?.username ?? null), may };
  }

  /**
   * Gives a person a new password and ends their sessions; makes an account if they have none.
   *
   * @throws 404 for a person whom the caller may not see; 403 if they may not do this
   */
  async renew(personId: string, password: PreparedPassword): Promise<SignInDetails> {
    const { person, account, may } = await this.#find(personId);
    if (may === null) throw forbidden('You may not give this person a password.');
    const username = account?.username ?? (await this.#freeUsername(person));
    await this.#accounts.set({ personId, username, password, expiresAt: account?.expires_at ?? null });
    const { givenName, familyName, kind } = person;
    const code = cardCode(this.#portal.url, { username, kind });
    return { personId, givenName, familyName, kind, username, password: password.text, code };
  }

  /**
   * The pupils of a class with their usernames. `may`: whether the caller may give them passwords; otherwise the list is empty.
   *
   * @throws 404 for a class that the caller may not see
   */
  async ofClass(
    classId: string,
  ): Promise<{ name: string; school: string; may: boolean; mayCreate: boolean; pupils: ListedAccount[] }> {
    const one = await this.#directory.classes.get(classId);
    if (one === null) throw notFound();
    const { name, school } = one;
    const mayCreate = this.#manages([school]);
    // A group may have pupils whom its owner no longer teaches; cards are for classes.
    const teaches = !mayCreate && one.kind !== 'group' && (await this.#taught()).has(classId);
    if (!mayCreate && !teaches) {
      return { name, school, may: false, mayCreate, pupils: [] };
    }
    const pupils = (await this.#directory.classes.pupilsOf(classId)).slice(0, mostInList);
    const accounts = await this.#usernamesOf(pupils.map(({ id }) => id));
    return { name, school, may: true, mayCreate, pupils: pupils.map((pupil) => listed(pupil, accounts.get(pupil.id), name)) };
  }

  /**
   * People of a school who have no account. `needed` is false where they can sign in through an identity provider; then the list is empty.
   */
  async missingIn(school: string): Promise<{ needed: boolean; total: number; people: ListedAccount[] }> {
    if (!this.#manages([school])) throw forbidden('You do not manage this school.');
    const elsewhere = this.#providers
      .options()
      .audiences.some(({ key, ofSchools, providers }) => key !== 'provider' && (ofSchools || providers.length > 0));
    if (elsewhere) return { needed: false, total: 0, people: [] };
    const without = () =>
      this.#knex('directory.people_summaries as person')
        .whereRaw('?::uuid = any(person.school_ids)', [school])
        .where('person.active', true)
        .whereNotExists(this.#knex('accounts').whereRaw('accounts.person_id = person.id'));
    const [count] = await without().count({ total: '*' });
    const rows: { id: string; class_id: string | null }[] = await without()
      .select('person.id', {
        class_id: this.#knex('directory.class_members as member')
          .whereRaw("member.person_id = person.id and member.role = 'pupil'")
          .select(this.#knex.raw('min(member.class_id::text)')),
      })
      .orderBy(['person.kind', 'person.family_name', 'person.given_name', 'person.id'])
      .limit(mostInList);
    const people = await this.#directory.people.getMany(rows.map(({ id }) => id));
    const classes = await this.#directory.classes.getMany(rows.flatMap(({ class_id }) => class_id ?? []));
    const names = new Map(classes.map(({ id, name }) => [id, name]));
    const classOf = new Map(rows.map(({ id, class_id }) => [id, class_id === null ? null : (names.get(class_id) ?? null)]));
    return {
      needed: true,
      total: Number(count?.['total'] ?? 0),
      people: people.map((person) => listed(person, undefined, classOf.get(person.id) ?? null)),
    };
  }

  async #find(personId: string): Promise<{ person: PersonSummary; account: AccountRow | null; may: MayDo }> {
    const person = await this.#directory.people.get(personId);
    if (person === null) throw notFound();
    const account = await this.#accounts.ofPerson(personId);
    const asked = await this.#mayDo(person, account !== null);
    const may = asked !== null && (await this.#directory.people.mayManage(personId)) ? asked : null;
    return { person, account, may };
  }

  async #mayDo(person: PersonSummary, hasAccount: boolean): Promise<MayDo> {
    // One's own password is changed on the account page, which asks for the old one.
    if (person.id === this.#principal.id) return null;
    if (this.#manages(person.schools)) return hasAccount ? 'reset' : 'create';
    return hasAccount && person.kind === 'pupil' && (await this.#teaches(person.id)) ? 'reset' : null;
  }

  #manages(schools: readonly string[]): boolean {
    return this.#principal.roles.some(({ role, tenant }) => managers.has(role) && (tenant === null || schools.includes(tenant)));
  }

  async #teaches(pupilId: string): Promise<boolean> {
    const taught = await this.#taught();
    return (await this.#directory.classes.ofPerson(pupilId, 'pupil')).some(({ id }) => taught.has(id));
  }

  /** Ids of the classes that the caller teaches this school year. */
  async #taught(): Promise<ReadonlySet<string>> {
    const taught = await this.#directory.classes.ofPerson(this.#principal.id ?? '', 'teacher');
    return new Set(taught.filter(({ kind }) => kind === 'class').map(({ id }) => id));
  }

  async #usernamesOf(personIds: readonly string[]): Promise<Map<string, string>> {
    const rows: { person_id: string; username: string }[] = await this.#knex('accounts')
      .whereRaw('person_id = any(?::uuid[])', [[...personIds]])
      .select('person_id', 'username');
    return new Map(rows.map(({ person_id, username }) => [person_id, username]));
  }

  /** The first of the suggestions that nobody has. If somebody takes it meanwhile, `set` refuses it. */
  async #freeUsername(person: PersonSummary): Promise<string> {
    const wanted = suggestedUsernames(person);
    const taken = new Set<string>(await this.#knex('accounts').whereIn('username', wanted).pluck('username'));
    const free = wanted.find((name) => !taken.has(name));
    if (free === undefined) throw new Error('All suggested usernames are taken.');
    return free;
  }
}

const listed = (
  { id, givenName, familyName, kind }: PersonSummary,
  username: string | undefined,
  className: string | null,
): ListedAccount => ({ id, givenName, familyName, kind, username: username ?? null, className });

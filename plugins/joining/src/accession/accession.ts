import { conflict, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Entries } from '../waiting-list/entries.js';
import type { Requests } from '../waiting-list/requests.js';
import type { ContactFunction } from '../waiting-list/rows.js';

/** Roles that the first people of a school may have. */
export const firstRoles = ['principal', 'ict-coordinator'] as const;
export type FirstRole = (typeof firstRoles)[number];
/** Functions of a contact, on which the administrators decided, with which they may become principal: only a principal binds the school. */
const mayBePrincipal: readonly ContactFunction[] = ['principal', 'group'];
/** People for whom an account is made at once; the others follow from the roster. */
export const mostPeople = 5;

export interface FirstPerson {
  givenName: string;
  familyName: string;
  roles: FirstRole[];
}

/** What the contact decides: what they do at the school themselves, and which colleagues join in as ICT coordinators. */
export interface Acceptance {
  own: FirstPerson;
  colleagues: (Omit<FirstPerson, 'roles'> & { email: string })[];
}

/** Accepts offers: makes the schools of an entry and the accounts of their first people, or nothing of it. */
export class Accession {
  readonly #actAs: Dependencies['actAs'];
  readonly #clock: Dependencies['clock'];
  readonly #entries: Entries;
  readonly #requests: Requests;

  constructor({ actAs, clock, entries, requests }: Dependencies & { entries: Entries; requests: Requests }) {
    this.#actAs = actAs;
    this.#clock = clock;
    this.#entries = entries;
    this.#requests = requests;
  }

  /**
   * Makes the school group, the schools and the people, and sends each of them an invitation to make their account. The contact's own account
   * goes to the address that they confirmed.
   *
   * @throws Problem 409 `directory/school-known` if the school came to the portal in another way; 410 `joining/offer-link`, or
   * `joining/offer-over` after the deadline; 422 `joining/not-principal` if the contact asked as somebody who is no principal
   */
  async accept(token: string, { own, colleagues }: Acceptance): Promise<void> {
    const entry = await this.#requests.offered(token);
    const now = this.#clock.now();
    if (entry.state === 'offered' && entry.offer_until !== null && entry.offer_until <= now) throw offerOver();
    if (own.roles.includes('principal') && !mayBePrincipal.includes(entry.function)) throw notPrincipal();
    // First, so that nothing is made for an entry that is in another state.
    const joining = await this.#entries.transition(entry, 'accept', 'contact');
    const wanted = await this.#entries.schoolsOf(entry.id);
    const people = [{ ...own, email: entry.email }, ...colleagues.map((each) => ({ ...each, roles: ['ict-coordinator'] }))];
    const first = await this.#actAs(systemPrincipal(), async ({ knex, directory, login }: Dependencies) => {
      const isNew = entry.new_group && joining.group_name !== null;
      const group = isNew ? await directory.schools.createGroup(joining.group_name as string) : entry.group_id;
      const schools: string[] = [];
      for (const { number, name } of wanted) {
        schools.push(await directory.schools.create({ instellingsnummer: number, name, group, awaitsAgreement: true }));
      }
      const ids: string[] = [];
      for (const { roles, ...person } of people) {
        const grants = schools.flatMap((tenant) => roles.map((role) => ({ tenant, role })));
        const personId = await directory.people.create({ ...person, kind: 'staff', roles: grants });
        await login.invitations.inviteToSchool({ school: schools[0] as string, personId });
        ids.push(personId);
      }
      await knex('joined_schools').insert(schools.map((school_id) => ({ school_id, entry_id: entry.id, joined_at: now })));
      return ids[0];
    });
    await this.#entries.setPerson(entry.id, first as string);
  }

  /**
   * Adds a principal to the schools of an entry, and sends them an invitation: where the contact is no principal, nobody else could accept the
   * processing agreement.
   *
   * @throws Problem 404; 409 `joining/state` unless the schools are joining
   */
  async invitePrincipal(entryId: string, person: Omit<FirstPerson, 'roles'> & { email: string }): Promise<void> {
    const entry = await this.#entries.locked(entryId);
    if (entry === undefined) throw notFound();
    if (entry.state !== 'joining') throw conflict('joining/state', 'The schools of this request are not joining.');
    await this.#actAs(systemPrincipal(), async ({ knex, directory, login }: Dependencies) => {
      const schools: string[] = await knex('joined_schools').where({ entry_id: entryId }).orderBy('school_id').pluck('school_id');
      const roles = schools.map((tenant) => ({ tenant, role: 'principal' }));
      const personId = await directory.people.create({ ...person, kind: 'staff', roles });
      await login.invitations.inviteToSchool({ school: schools[0] as string, personId });
    });
  }
}

const notPrincipal = (): Problem =>
  new Problem({
    type: 'joining/not-principal',
    status: 422,
    title: 'Not the principal',
    detail: 'The place was not asked for by a principal or the school group. Join as ICT coordinator.',
    errors: [{ in: 'body', pointer: '/own/roles', message: 'must not have principal' }],
  });
const offerOver = (): Problem =>
  new Problem({
    type: 'joining/offer-over',
    status: 410,
    title: 'The offer is over',
    detail: 'The deadline of the offer has passed. Ask the administrators for a new one.',
  });

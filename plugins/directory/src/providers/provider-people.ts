import { conflict, forbidden, notFound, type Principal, Problem, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { ProviderPerson } from '../exports.js';
import { byFamilyName } from '../order.js';
import type { PeopleService } from '../people/people-service.js';
import { mostProviderPeople } from '../shapes.js';
import { type ProviderKind, rolesIn } from '../tenants.js';

export interface NewProviderPerson {
  givenName: string;
  familyName: string;
  email: string;
  roles: string[];
}

/** A person of a provider, for those who may see the page of the provider. */
export interface ProviderMember extends ProviderPerson {
  /** Null for those who do not manage the people. */
  email: string | null;
  /** Whether the caller may change the roles and remove the person. */
  changeable: boolean;
}

/**
 * The people of a provider. Each person works for one provider: whoever works for several, or also at a school, is a person of each, so
 * that no provider learns of the others.
 */
export class ProviderPeople {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #actAs: Dependencies['actAs'];
  readonly #events: Dependencies['events'];

  constructor({ knex, principal, access, actAs, events }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
    this.#actAs = actAs;
    this.#events = events;
  }

  async list(provider: string): Promise<ProviderPerson[]> {
    return (await this.#rows(provider)).map(({ email, ...person }) => person).sort(byFamilyName);
  }

  /** The same, with what the caller may do; e-mail addresses only for those who manage the people. */
  async members(provider: string): Promise<ProviderMember[]> {
    const grantable = new Set(await this.grantable(provider));
    return (await this.#rows(provider)).sort(byFamilyName).map((person) => ({
      ...person,
      email: grantable.size > 0 ? person.email : null,
      changeable: person.roles.every((role) => grantable.has(role)) && !this.#isSelf(person.id),
    }));
  }

  /** Roles that the caller may give at this provider; none for those who do not manage its people. */
  async grantable(provider: string): Promise<string[]> {
    const found = await this.#knex('providers').where({ id: provider }).first('kind');
    if (found === undefined) return [];
    return rolesIn(found.kind).filter((role) => this.#access.mayGrant({ tenant: provider, role }, found.kind));
  }

  /** The ids of all people of a provider, who cannot be changed by others until the end of the unit of work. */
  async lockAll(provider: string): Promise<string[]> {
    const rows = this.#knex('provider_members').where({ provider_id: provider });
    return rows.orderBy('person_id').forUpdate().pluck('person_id');
  }

  /** @returns id of the new person */
  async add(provider: string, { givenName, familyName, email, roles }: NewProviderPerson): Promise<string> {
    await this.#requireRoles(provider, roles);
    // One at a time, for the checks below.
    await this.#knex('providers').where({ id: provider }).forUpdate().first('id');
    const people = await this.#rows(provider);
    if (people.length >= mostProviderPeople) {
      throw conflict('directory/many-people', `A provider has ${mostProviderPeople} people at most. Remove those who have left.`);
    }
    if (people.some((person) => person.email?.toLowerCase() === email.toLowerCase())) {
      throw conflict('directory/address-known', 'Somebody of this provider already has this e-mail address.');
    }
    const grants = roles.map((role) => ({ tenant: provider, role }));
    const id = await this.#asPortal(({ people: service }) =>
      service.create({ givenName, familyName, email, kind: 'staff', roles: grants }),
    );
    const by = this.#principal.kind === 'person' ? this.#principal.id : null;
    await this.#events.publish('provider-person-invited', { provider, personId: id, by });
    return id;
  }

  async setRoles(provider: string, personId: string, roles: string[]): Promise<void> {
    await this.#requireRoles(provider, roles);
    await this.#requireOther(provider, personId);
    await this.#setGrants(provider, personId, roles);
    await this.#knex('provider_members')
      .where({ provider_id: provider, person_id: personId })
      .update({ roles, updated_at: this.#knex.fn.now() });
    const changes = new ChangesToPublish();
    changes.providerPerson('changed', provider, personId);
    await changes.publish(this.#events);
  }

  /** Removes a person, with name and address. */
  async remove(provider: string, personId: string): Promise<void> {
    await this.#requireOther(provider, personId);
    await this.removeMany(provider, [personId]);
  }

  /**
   * Removes people of the provider, in a constant number of statements.
   *
   * @throws Problem 403 if the caller may not take their roles; 409 if the caller is one of them
   */
  async removeMany(provider: string, personIds: readonly string[]): Promise<void> {
    this.#refuseSelf(personIds);
    // As the database writes them, to compare them below.
    const ids = personIds.map((id) => id.toLowerCase());
    const left = (await this.#access.rolesOfMany(ids)).map(({ personId, roles }) => ({
      personId,
      roles: roles.filter(({ tenant }) => tenant !== provider),
    }));
    // Also checks that the caller may take the roles.
    await this.#access.setRolesOfMany(left);
    const holders = new Set(left.filter(({ roles }) => roles.length > 0).map(({ personId }) => personId));
    await this.#asPortal(async ({ knex, people, events }) => {
      const rows = await knex('people').whereRaw('id = any(?::uuid[])', [ids]).select('id', 'tenant_ids');
      // Who also has a role in the whole portal stays.
      const isElsewhere = ({ id, tenant_ids }: (typeof rows)[number]) => tenant_ids.length > 1 || holders.has(id);
      const staying = rows.filter(isElsewhere).map(({ id }) => id);
      await people.removeMany(rows.filter((row) => !isElsewhere(row)).map(({ id }) => id));
      if (staying.length === 0) return;
      await knex('provider_members').where({ provider_id: provider }).whereIn('person_id', staying).delete();
      await knex('people')
        .whereIn('id', staying)
        .update({ provider_ids: knex.raw('array_remove(provider_ids, ?::uuid)', [provider]), updated_at: knex.fn.now() });
      const changes = new ChangesToPublish();
      for (const personId of staying) changes.providerPerson('removed', provider, personId);
      await changes.publish(events);
    });
  }

  async #setGrants(provider: string, personId: string, roles: readonly string[]): Promise<void> {
    const others = (await this.#access.rolesOf(personId)).filter(({ tenant }) => tenant !== provider);
    await this.#access.setRoles(personId, [...others, ...roles.map((role) => ({ tenant: provider, role }))]);
  }

  /** @throws Problem 404 if the caller does not see the provider; 422 for a role of another kind; 403 for one that they may not give */
  async #requireRoles(provider: string, roles: readonly string[]): Promise<void> {
    const found = await this.#knex('providers').where({ id: provider }).first('kind');
    if (found === undefined) throw notFound();
    const possible = rolesIn(found.kind as ProviderKind);
    const at = roles.findIndex((role) => !possible.includes(role));
    if (at >= 0) throw unfitting(at, possible);
    const beyond = roles.find((role) => !this.#access.mayGrant({ tenant: provider, role }));
    if (beyond !== undefined) throw forbidden(`Your roles do not allow you to give the role ${beyond}.`);
  }

  /** @throws Problem 404 if the person does not work for the provider; 409 if it is the caller, who could lock themselves out */
  async #requireOther(provider: string, personId: string): Promise<void> {
    const found = await this.#knex('provider_members').where({ provider_id: provider, person_id: personId }).forUpdate().first();
    if (found === undefined) throw notFound();
    this.#refuseSelf([personId]);
  }

  /** @throws Problem 409 if the caller is one of these people */
  #refuseSelf(personIds: readonly string[]): void {
    if (!personIds.some((id) => this.#isSelf(id))) return;
    throw conflict(
      'directory/own-roles',
      'You cannot change your own roles or remove yourself. Ask somebody else who manages the people.',
    );
  }

  #isSelf(personId: string): boolean {
    return this.#principal.kind === 'person' && this.#principal.id === personId.toLowerCase();
  }

  async #rows(provider: string): Promise<(ProviderPerson & { email: string | null })[]> {
    const rows = await this.#knex('provider_members as member')
      .join('people', 'people.id', 'member.person_id')
      .where('member.provider_id', provider)
      .orderBy(['people.family_name', 'people.id'])
      .limit(mostProviderPeople)
      .select('people.id', 'people.given_name', 'people.family_name', 'people.email', 'member.roles');
    return rows.map(({ id, given_name, family_name, email, roles }) => ({
      ...{ id, email, roles },
      givenName: given_name,
      familyName: family_name,
    }));
  }

  /** Runs `fn` as the system, to create or remove people after the caller's right was checked. */
  #asPortal<T>(fn: (services: Dependencies & { people: PeopleService }) => Promise<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), fn);
  }
}

function unfitting(at: number, possible: readonly string[]): Problem {
  const message = `choose from ${possible.join(', ')}`;
  return new Problem({
    type: 'directory/role-kind',
    status: 422,
    title: 'No role of this kind of provider',
    detail: `This role cannot be held at this kind of provider: ${message}.`,
    errors: [{ in: 'body', pointer: `/roles/${at}`, message }],
  });
}

import { randomUUID } from 'node:crypto';
import { type AgeBand, conflict, forbidden, notFound, type Principal, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { type Change, ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { NewPerson, People, PersonKind, PersonSummary } from '../exports.js';
import { isUuid } from '../ids.js';
import { currentYears } from '../school-years.js';
import { providerRoles } from '../tenants.js';
import { bandOf } from './age-band.js';
import { newPerson } from './new-person.js';
import { onlyVisible, seenBy, staffSchools } from './visibility.js';

/** Columns of `people` for a {@link PersonSummary}. */
export interface PersonRow {
  id: string;
  school_ids: string[];
  given_name: string;
  family_name: string;
  kind: PersonKind;
}
export const personColumns = ['people.id', 'people.school_ids', 'people.given_name', 'people.family_name', 'people.kind'];

export const summaryOf = (row: PersonRow, principal: Principal): PersonSummary => ({
  id: row.id,
  givenName: row.given_name,
  familyName: row.family_name,
  kind: row.kind,
  schools: seenBy(principal, row.school_ids),
});

/** `directory.people` */
export class PeopleService implements People {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #events: Dependencies['events'];
  readonly #tenants: Dependencies['tenants'];

  constructor({ knex, principal, access, events, tenants }: Dependencies) {
    this.#events = events;
    this.#tenants = tenants;
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
  }

  async get(id: string): Promise<PersonSummary | null> {
    return (await this.getMany([id]))[0] ?? null;
  }

  async getMany(ids: readonly string[]): Promise<PersonSummary[]> {
    const wanted = [...new Set(ids.filter(isUuid))];
    if (wanted.length === 0) return [];
    const rows: PersonRow[] = await onlyVisible(this.#knex('people'), this.#principal)
      .whereRaw('people.id = any(?::uuid[])', [wanted])
      .select(personColumns);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id.toLowerCase());
      return row === undefined ? [] : [summaryOf(row, this.#principal)];
    });
  }

  async emailOf(id: string): Promise<string | null> {
    if (!isUuid(id)) return null;
    const row = await onlyVisible(this.#knex('people'), this.#principal).where({ id }).first('email');
    return row?.email ?? null;
  }

  async byEmail(address: string): Promise<PersonSummary | null> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself finds people by their address.');
    const rows: PersonRow[] = await onlyVisible(this.#knex('people'), this.#principal)
      .whereRaw('lower(people.email) = lower(?)', [address])
      .limit(2)
      .select(personColumns);
    const [row, ...others] = rows;
    return row === undefined || others.length > 0 ? null : summaryOf(row, this.#principal);
  }

  async ageBandOf(id: string): Promise<AgeBand | null> {
    if (!isUuid(id)) return null;
    const row = await this.#knex('class_members as m')
      .join('classes as c', 'c.id', 'm.class_id')
      .join(currentYears(this.#knex).as('year'), (on) => {
        on.on('year.school_id', 'c.school_id').on('year.name', 'c.school_year');
      })
      .where({ 'm.person_id': id, 'm.role': 'pupil', 'c.kind': 'class' })
      .whereExists(onlyVisible(this.#knex('people'), this.#principal).where('people.id', id))
      .min<{ grade: number | null } | undefined>('c.grade as grade')
      .first();
    return bandOf(row?.grade ?? null);
  }

  async bySourcedId(school: string, sourcedId: string): Promise<string | null> {
    return (await this.bySourcedIds(school, [sourcedId])).get(sourcedId) ?? null;
  }

  async bySourcedIds(school: string, sourcedIds: readonly string[]): Promise<Map<string, string>> {
    const schools = staffSchools(this.#principal);
    if (!isUuid(school) || (schools !== '*' && !schools.includes(school))) return new Map();
    const rows: { sourced_id: string; person_id: string }[] = await this.#knex('memberships')
      .where({ school_id: school })
      .whereRaw('sourced_id = any(?::text[])', [[...sourcedIds]])
      .select('sourced_id', 'person_id');
    return new Map(rows.map(({ sourced_id, person_id }) => [sourced_id, person_id]));
  }

  async create(person: NewPerson): Promise<string> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself adds people.');
    const { givenName, familyName, kind, roles, email } = newPerson(person);
    const tenants = [...new Set(roles.flatMap(({ tenant }) => tenant ?? []))].sort();
    const schools: string[] = await this.#knex('schools').whereIn('id', tenants).orderBy('id').pluck('id');
    const providers: string[] = await this.#knex('providers').whereIn('id', tenants).orderBy('id').pluck('id');
    const missing = tenants.find((tenant) => !schools.includes(tenant) && !providers.includes(tenant));
    if (missing !== undefined) throw unknownTenant(missing, roles);
    const id = randomUUID();
    await this.#knex('people').insert({
      id,
      school_ids: schools,
      provider_ids: providers,
      given_name: givenName,
      family_name: familyName,
      kind,
      email: kind === 'pupil' ? null : (email ?? null),
    });
    const rolesIn = (tenant: string) => [...new Set(roles.flatMap((grant) => (grant.tenant === tenant ? grant.role : [])))];
    if (schools.length > 0) {
      await this.#knex('memberships').insert(schools.map((school_id) => ({ school_id, person_id: id })));
      const held = schools.flatMap((school_id) => rolesIn(school_id).map((role) => ({ school_id, person_id: id, role })));
      await this.#knex('roles').insert(held);
    }
    if (providers.length > 0) {
      const members = providers.map((provider_id) => ({ provider_id, person_id: id, roles: rolesIn(provider_id) }));
      await this.#knex('provider_members').insert(members);
    }
    await this.#tenants.register(schools.map((each) => ({ id: each, kind: 'school' })));
    await this.#access.setRoles(id, roles);
    await this.#publish('added', [{ id, school_ids: schools, provider_ids: providers }]);
    return id;
  }

  async correctEmail(id: string, email: string): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself mends the address of a person.');
    const fromFile = await this.#knex('memberships').where({ person_id: id }).whereNotNull('sourced_id').first('person_id');
    if (fromFile !== undefined) {
      throw conflict(
        'directory/person-from-file',
        'The address of this person comes from the files of the school. Mend it there.',
      );
    }
    const [person] = await this.#knex('people')
      .where({ id, kind: 'staff' })
      .update({ email, updated_at: this.#knex.fn.now() })
      .returning(['id', 'school_ids', 'provider_ids']);
    if (person === undefined) throw notFound();
    await this.#publish('changed', [person]);
  }

  async holdIn(personId: string, role: string, schools: readonly string[]): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself gives roles in several schools.');
    const kinds = await this.#knex('people').where({ id: personId }).pluck('kind');
    if (kinds[0] !== 'staff') throw conflict('directory/not-staff', 'Only staff hold a role in several schools.');
    const others = (await this.#access.rolesOf(personId)).filter((held) => held.role !== role);
    const places = [...new Set([...others.flatMap(({ tenant }) => tenant ?? []), ...schools])];
    await this.#knex('roles').where({ person_id: personId, role }).delete();
    await this.#knex('memberships').where({ person_id: personId, sourced_id: null }).whereNotIn('school_id', places).delete();
    const rows = schools.map((school_id) => ({ school_id, person_id: personId }));
    if (rows.length > 0) {
      await this.#knex('memberships').insert(rows).onConflict(['school_id', 'person_id']).merge({ active: true, enabled: true });
      await this.#knex('roles').insert(rows.map((row) => ({ ...row, role })));
    }
    const members = this.#knex('memberships')
      .where({ person_id: personId, active: true })
      .orderBy('school_id')
      .select('school_id');
    const [person] = await this.#knex('people')
      .where({ id: personId })
      .update({ school_ids: this.#knex.raw('array(?)', [members]), updated_at: this.#knex.fn.now() })
      .returning(['id', 'school_ids', 'provider_ids']);
    await this.#access.setRoles(personId, [...others, ...schools.map((tenant) => ({ tenant, role }))]);
    if (person !== undefined) await this.#publish('changed', [person]);
  }

  async mayGrant(school: string, role: string): Promise<boolean> {
    return this.#access.mayGrant({ tenant: school, role }, 'school');
  }

  async mayManage(id: string): Promise<boolean> {
    const roles = await this.#access.rolesOf(id);
    return roles.length > 0 && roles.every((role) => this.#access.mayGrant(role));
  }

  remove(id: string): Promise<void> {
    return this.removeMany([id]);
  }

  async removeMany(ids: readonly string[]): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself removes people.');
    const theirs = this.#knex('memberships').whereRaw('person_id = any(?::uuid[])', [[...ids]]);
    if ((await theirs.whereNotNull('sourced_id').first('person_id')) !== undefined) {
      throw conflict(
        'directory/person-from-file',
        'This person comes from a file of the school: remove them in that file, and import it.',
      );
    }
    const removed = await this.#knex('people')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .delete()
      .returning(['id', 'school_ids', 'provider_ids']);
    await this.#access.setRolesOfMany(ids.map((personId) => ({ personId, roles: [] })));
    await this.#publish('removed', removed);
  }

  async #publish(
    change: Change,
    people: readonly { id: string; school_ids: readonly string[]; provider_ids: readonly string[] }[],
  ): Promise<void> {
    const changes = new ChangesToPublish();
    for (const { id, school_ids, provider_ids } of people) {
      for (const school of school_ids.length === 0 ? [null] : school_ids) changes.person(change, school, id);
      for (const provider of provider_ids) changes.providerPerson(change, provider, id);
    }
    await changes.publish(this.#events);
  }
}

function unknownTenant(id: string, roles: NewPerson['roles']): Problem {
  const isProvider = roles.some(({ tenant, role }) => tenant === id && providerRoles.includes(role));
  return isProvider
    ? new Problem({
        type: 'directory/unknown-provider',
        status: 400,
        title: 'Unknown provider',
        detail: `There is no provider with the id ${id}. Add the provider first, or give the id of one that is there.`,
      })
    : new Problem({
        type: 'directory/unknown-school',
        status: 400,
        title: 'Unknown school',
        detail: `There is no school with the id ${id}. Import the school first, or give the id of one that is there.`,
      });
}

import { randomUUID } from 'node:crypto';
import { conflict, forbidden, type Principal, type Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { awaiting } from '../awaited-agreements.js';
import type { Dependencies } from '../dependencies.js';
import type { SchoolGroupSummary, SchoolSummary, Schools } from '../exports.js';
import { derivedId, isInstellingsnummer, isUuid } from '../ids.js';
import { type ListPart, mostNumbers, mostSchools } from '../shapes.js';

type NewSchool = Parameters<Schools['create']>[0];

const columns = ['id', 'instellingsnummer', 'name'];

/** `directory.schools`. Row-level security limits each caller to their own schools. */
export class SchoolService implements Schools {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #tenants: Dependencies['tenants'];
  readonly #locks: Dependencies['locks'];
  readonly #contributions: Dependencies['contributions'];

  constructor({ knex, principal, tenants, locks, contributions }: Dependencies) {
    this.#contributions = contributions;
    this.#knex = knex;
    this.#principal = principal;
    this.#tenants = tenants;
    this.#locks = locks;
  }

  async get(id: string): Promise<SchoolSummary | null> {
    return isUuid(id) ? ((await this.#knex('schools').where({ id }).first(columns)) ?? null) : null;
  }

  async getMany(ids: readonly string[]): Promise<SchoolSummary[]> {
    const wanted = ids.filter(isUuid);
    if (wanted.length === 0) return [];
    return this.#knex('schools').whereRaw('id = any(?::uuid[])', [wanted]).select(columns);
  }

  async byInstellingsnummer(instellingsnummer: string): Promise<SchoolSummary | null> {
    const other = await this.#knex('school_numbers').where({ number: instellingsnummer }).first('school_id');
    const wanted = other === undefined ? { instellingsnummer } : { id: other.school_id };
    return (await this.#knex('schools').where(wanted).first(columns)) ?? null;
  }

  async byInstellingsnummers(instellingsnummers: readonly string[]): Promise<Map<string, SchoolSummary>> {
    if (instellingsnummers.length === 0) return new Map();
    const numbers = [...instellingsnummers];
    const others: { number: string; school_id: string }[] = await this.#knex('school_numbers')
      .whereRaw('number = any(?::text[])', [numbers])
      .select('number', 'school_id');
    const found: SchoolSummary[] = await this.#knex('schools')
      .whereRaw('instellingsnummer = any(?::text[]) or id = any(?::uuid[])', [numbers, others.map(({ school_id }) => school_id)])
      .select(columns);
    const byId = new Map(found.map((school) => [school.id, school]));
    const byNumber = new Map(found.map((school) => [school.instellingsnummer, school]));
    for (const { number, school_id } of others) {
      const school = byId.get(school_id);
      if (school !== undefined) byNumber.set(number, school);
    }
    return new Map(
      numbers.flatMap((number) => {
        const school = byNumber.get(number);
        return school === undefined ? [] : [[number, school] as const];
      }),
    );
  }

  async numbersOf(id: string): Promise<string[]> {
    const school = await this.get(id);
    if (school === null) return [];
    const others: string[] = await this.#knex('school_numbers')
      .where({ school_id: id })
      .orderBy('number')
      .limit(mostNumbers)
      .pluck('number');
    return [school.instellingsnummer, ...others];
  }

  /** By name and instellingsnummer. */
  async list({ limit, after }: ListPart = { limit: mostSchools, after: null }): Promise<SchoolSummary[]> {
    const found = this.#knex('schools').select(columns).orderBy(['name', 'instellingsnummer']).limit(limit);
    if (after !== null) found.whereRaw('(name, instellingsnummer) > (?::text, ?::text)', [...after] as string[]);
    return found;
  }

  groups(): Promise<SchoolGroupSummary[]> {
    return this.#knex('school_groups').select('id', 'name').orderBy(['name', 'id']).limit(mostSchools) as Promise<
      SchoolGroupSummary[]
    >;
  }

  async ofGroup(group: string): Promise<string[]> {
    return this.#knex('schools').where({ group_id: group }).orderBy('id').pluck('id');
  }

  async groupsOf(schools: readonly string[]): Promise<string[]> {
    const ids = schools.filter(isUuid);
    if (ids.length === 0) return [];
    return this.#knex('schools')
      .whereRaw('id = any(?::uuid[])', [ids])
      .whereNotNull('group_id')
      .distinct('group_id')
      .pluck('group_id');
  }

  async groupBySchool(schools: readonly string[]): Promise<Map<string, SchoolGroupSummary>> {
    const ids = schools.filter(isUuid);
    if (ids.length === 0) return new Map();
    const rows = await this.#knex('schools')
      .join('school_groups', 'school_groups.id', 'schools.group_id')
      .whereRaw('schools.id = any(?::uuid[])', [ids])
      .select({ school: 'schools.id', id: 'school_groups.id', name: 'school_groups.name' });
    return new Map(rows.map(({ school, id, name }) => [school, { id, name }]));
  }

  async create({ instellingsnummer, name, group, awaitsAgreement = false }: NewSchool): Promise<string> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself adds schools.');
    if (!isInstellingsnummer(instellingsnummer)) throw new Error('an instellingsnummer has six digits');
    // Imports and the command for numbers find schools by their numbers.
    await this.#locks.take('import');
    // Also by a number that means a school besides its own.
    if ((await this.byInstellingsnummer(instellingsnummer)) !== null) throw schoolKnown(instellingsnummer);
    // The id that an import would give it.
    const id = derivedId('school', instellingsnummer);
    const [made] = await this.#knex('schools')
      .insert({ id, instellingsnummer, name, group_id: group, awaits_agreement: awaitsAgreement })
      .onConflict()
      .ignore()
      .returning('id');
    // Meanwhile, or the school got another number since.
    if (made === undefined) throw schoolKnown(instellingsnummer);
    await this.#tenants.register([{ id, kind: 'school' }]);
    return id;
  }

  async awaitingAgreement(schools: readonly string[]): Promise<string[]> {
    const found = await awaiting({ knex: this.#knex, contributions: this.#contributions }, schools.filter(isUuid));
    return found.map(({ id }) => id);
  }

  async agreed(school: string): Promise<void> {
    await this.#knex('schools').where({ id: school }).update({ awaits_agreement: false });
  }

  async createGroup(name: string): Promise<string> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself adds school groups.');
    const id = randomUUID();
    await this.#knex('school_groups').insert({ id, code: id, name });
    return id;
  }

  async releases(id: string): Promise<{ name: boolean; email: boolean }> {
    const row = isUuid(id) ? await this.#knex('schools').where({ id }).first('release_name', 'release_email') : undefined;
    return { name: row?.release_name ?? false, email: row?.release_email ?? false };
  }
}

const schoolKnown = (number: string): Problem =>
  conflict('directory/school-known', `There is a school with the number ${number}.`);

import { conflict, notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { isUuid } from '../ids.js';
import { id as idColumn } from '../oneroster/cells.js';
import { records } from '../oneroster/csv.js';
import { type Fault, type FaultCode, type FaultParams, fault, shown } from '../oneroster/faults.js';
import { readHeader } from '../oneroster/header.js';

/** People of one school; more are not in one table. */
export const mostKeys = 20_000;
/** Faults in an answer. */
export const mostFaults = 100;

const file = 'sleutels.csv';
const wanted = { person: idColumn(), sourcedId: { ...idColumn(), required: true } };
const sourcedId = wanted.sourcedId;

export interface KeysReport {
  written: boolean;
  changed: number;
  faults: Fault[];
  faultCount: number;
}

interface Row {
  person_id: string;
  sourced_id: string;
}

/** The sourcedIds of the people of a school. */
export class PersonKeys {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #locks: Dependencies['locks'];

  constructor({ knex, principal, access, locks }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
    this.#locks = locks;
  }

  /** @throws Problem 404 for a school for which the caller does not act */
  async table(school: string): Promise<string[][]> {
    this.#requireSchool(school);
    const rows: (Row & { kind: string; family_name: string; given_name: string })[] = await this.#knex('memberships')
      .join('people', 'people.id', 'memberships.person_id')
      .where({ 'memberships.school_id': school, 'memberships.active': true })
      .whereNotNull('memberships.sourced_id')
      .orderBy(['people.family_name', 'people.given_name', 'people.id'])
      .limit(mostKeys)
      .select('memberships.person_id', 'people.kind', 'people.family_name', 'people.given_name', 'memberships.sourced_id');
    return [
      ['person', 'kind', 'familyName', 'givenName', 'sourcedId'],
      ...rows.map((row) => [row.person_id, row.kind, row.family_name, row.given_name, row.sourced_id]),
    ];
  }

  /**
   * Changes the sourcedIds of people by a table with the columns `person` and `sourcedId`; who is not in it stays as they are. Nothing is written if
   * there is a fault.
   *
   * @throws Problem 404 for a school for which the caller does not act, 409 `directory/import-at-work`
   */
  async take(school: string, bytes: Buffer, dryRun: boolean): Promise<KeysReport> {
    this.#requireSchool(school);
    // Imports find people by these keys.
    if (!(await this.#locks.tryTake('import'))) throw conflict('directory/import-at-work', 'Another import is at work.');
    const faults: Fault[] = [];
    const stored: Row[] = await this.#knex('memberships')
      .where({ school_id: school })
      .whereNotNull('sourced_id')
      .select('person_id', 'sourced_id');
    const before = new Map(stored.map((row) => [row.person_id, row.sourced_id]));
    const changes = await this.#read(bytes, before, faults);
    await this.#checkAuthority(changes, faults);
    const written = !dryRun && faults.length === 0 && changes.size > 0;
    if (written) await this.#write(school, changes);
    const changed = changes.size;
    return { written, changed, faults: faults.slice(0, mostFaults), faultCount: faults.length };
  }

  /** New keys by person, with the row that says so. */
  async #read(bytes: Buffer, before: ReadonlyMap<string, string>, faults: Fault[]): Promise<Changes> {
    const changes: Changes = new Map();
    const after = new Map<string, number | null>();
    let header: ReturnType<typeof readHeader> | undefined;
    const named = new Set<string>();
    for await (const { row, cells } of records(bytes, file, (found) => faults.push(found), mostKeys)) {
      if (header === undefined) {
        header = readHeader(file, row, cells, wanted, faults);
        if (header === null) return changes;
        continue;
      }
      const { at } = header as NonNullable<typeof header>;
      const wrong = (column: string, code: FaultCode, params: FaultParams = {}) =>
        faults.push(fault({ file, row, column }, code, params));
      const cell = (column: string) => (cells[at.get(column) ?? -1] ?? '').trim().normalize('NFC');
      const person = cell('person').toLowerCase();
      // Spreadsheets keep what makes a cell no formula.
      const key = cell('sourcedId').replace(/^'(?=[=+\-@])/, '');
      if (!isUuid(person) || !before.has(person)) {
        wrong('person', 'person-unknown', { value: shown(person) });
        continue;
      }
      if (named.has(person)) {
        wrong('person', 'person-twice');
        continue;
      }
      named.add(person);
      if (key === '') {
        wrong('sourcedId', 'required');
        continue;
      }
      const read = sourcedId.read(key);
      if ('code' in read) wrong('sourcedId', read.code, read.params);
      else if (after.has(key)) wrong('sourcedId', 'twice', { value: shown(key), first: after.get(key) ?? 0 });
      else {
        after.set(key, row);
        if (before.get(person) !== key) changes.set(person, { key, row });
      }
    }
    // Of people who are not in the table.
    for (const [person, key] of before) {
      const row = named.has(person) ? undefined : after.get(key);
      if (row != null) faults.push(fault({ file, row, column: 'sourcedId' }, 'key-taken', { value: shown(key) }));
    }
    return changes;
  }

  /** A key says whose row in the next file somebody is, so it changes only for people whose roles the caller may give and take. */
  async #checkAuthority(changes: Changes, faults: Fault[]): Promise<void> {
    const held = await this.#access.rolesOfMany([...changes.keys()]);
    for (const { personId, roles } of held) {
      const row = changes.get(personId)?.row ?? null;
      if (!roles.every((role) => this.#access.mayGrant(role)))
        faults.push(fault({ file, row, column: 'person' }, 'person-not-yours'));
    }
  }

  async #write(school: string, changes: Changes): Promise<void> {
    const people = [...changes.keys()];
    const theirs = () => this.#knex('memberships').where({ school_id: school }).whereRaw('person_id = any(?::uuid[])', [people]);
    // Two people may change their keys for each other's.
    await theirs().update({ sourced_id: null });
    await this.#knex.raw(
      `update memberships m set sourced_id = r.key, updated_at = now()
       from jsonb_to_recordset(?::jsonb) as r (person uuid, key text)
       where m.school_id = ? and m.person_id = r.person`,
      [JSON.stringify([...changes].map(([person, { key }]) => ({ person, key }))), school],
    );
  }

  #requireSchool(school: string): void {
    const { tenants } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) throw notFound();
  }
}

type Changes = Map<string, { key: string; row: number }>;

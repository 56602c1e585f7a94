import type { TenantScope } from '@ilearn/core';
import type { Knex } from 'knex';
import { newSchoolIds } from '../new-school-ids.js';
import type { FileName } from './file-names.js';
import type { Roster } from './read.js';

/** The stored rows of the schools in a package. Dates are text: `2026-09-01`. */
export interface State {
  groups: StoredGroup[];
  schools: StoredSchool[];
  /** Other numbers of these schools. */
  numbers: { number: string; school_id: string }[];
  /** Ids for schools of the package that no stored school is, by number. */
  newIds: ReadonlyMap<string, string>;
  sites: StoredSite[];
  years: StoredYear[];
  people: StoredPerson[];
  /** Of these people, including those in other schools. */
  memberships: StoredMembership[];
  /** Of these people, including those in other schools. */
  roles: StoredRole[];
  classes: StoredClass[];
  /** Classes that the turn of the school year made, until the school's own data have them. */
  made: MadeClass[];
  enrolments: StoredEnrolment[];
  /** Pupils who left when their school turned its school year, with the day on which the next one begins. */
  left: { school_id: string; person_id: string; begins_on: string }[];
}

export type StoredPeople = Pick<State, 'people' | 'memberships' | 'roles'>;

export interface StoredGroup {
  id: string;
  code: string;
  name: string;
}
export interface StoredSchool {
  id: string;
  instellingsnummer: string;
  name: string;
  group_id: string | null;
  sourced_id: string | null;
}
export interface StoredSite {
  id: string;
  school_id: string;
  sourced_id: string;
  name: string;
  active: boolean;
}
export interface StoredYear {
  id: string;
  school_id: string;
  name: string;
  starts_on: string;
  ends_on: string;
  /** sourcedIds of the school year and of its terms. */
  session_ids: string[];
}
export interface StoredPerson {
  id: string;
  school_ids: string[];
  given_name: string;
  family_name: string;
  kind: 'pupil' | 'staff';
  email: string | null;
  active: boolean;
}
export interface StoredMembership {
  school_id: string;
  person_id: string;
  /** Null: not from a file. */
  sourced_id: string | null;
  enabled: boolean;
  active: boolean;
}
export interface StoredRole {
  id: string;
  school_id: string;
  person_id: string;
  role: string;
  /** Null: not from a file. */
  sourced_id: string | null;
}
export interface StoredClass {
  id: string;
  school_id: string;
  sourced_id: string;
  name: string;
  school_year: string;
  site_id: string | null;
  grade: number | null;
  active: boolean;
}
export type MadeClass = Pick<StoredClass, 'id' | 'school_id' | 'name' | 'school_year'>;
export interface StoredEnrolment {
  id: string;
  school_id: string;
  sourced_id: string;
  class_id: string;
  person_id: string;
  role: 'pupil' | 'teacher';
  begins_on: string | null;
  ends_on: string | null;
  active: boolean;
}

/** Number of ids in one statement. */
const idsAtOnce = 5000;

const emptyState = (): State => ({
  groups: [],
  schools: [],
  numbers: [],
  newIds: new Map(),
  sites: [],
  years: [],
  people: [],
  memberships: [],
  roles: [],
  classes: [],
  made: [],
  enrolments: [],
  left: [],
});

/** Loads everything that a package can change. Must run as the system, to see all data of people in several schools. */
export async function loadState(knex: Knex, roster: Roster, scope: TenantScope): Promise<State> {
  const state = emptyState();
  state.groups = await knex('school_groups').select('id', 'code', 'name');
  const ids = await concernedSchools(knex, roster, scope);
  state.newIds = await newSchoolIds(knex, numbersIn(roster));
  if (ids.length === 0) return state;
  const ofSchools = (table: string, ...columns: (string | Knex.Raw)[]) => knex(table).whereIn('school_id', ids).select(columns);

  state.schools = await knex('schools').whereIn('id', ids).select('id', 'instellingsnummer', 'name', 'group_id', 'sourced_id');
  state.numbers = await ofSchools('school_numbers', 'number', 'school_id');
  state.sites = await ofSchools('sites', 'id', 'school_id', 'sourced_id', 'name', 'active');
  state.years = await ofSchools(
    'school_years',
    'id',
    'school_id',
    'name',
    day(knex, 'starts_on'),
    day(knex, 'ends_on'),
    'session_ids',
  );
  const members = knex('memberships').whereIn('school_id', ids).select('person_id');
  const { people, memberships, roles } = await selectPeople(knex, (query, column) => query.whereIn(column, members.clone()));
  Object.assign(state, { people, memberships, roles });
  state.classes = await ofSchools(
    'classes',
    'id',
    'school_id',
    'sourced_id',
    'name',
    'school_year',
    'site_id',
    'grade',
    'active',
  ).whereNotNull('sourced_id');
  state.made = await ofSchools('classes', 'id', 'school_id', 'name', 'school_year')
    .where({ kind: 'class', active: true })
    .whereNull('sourced_id');
  state.enrolments = await ofSchools(
    'enrolments',
    'id',
    'school_id',
    'sourced_id',
    'class_id',
    'person_id',
    'role',
    'active',
    day(knex, 'begins_on'),
    day(knex, 'ends_on'),
  ).whereNotNull('sourced_id');
  state.left = await ofSchools('rollover_leavers', 'school_id', 'person_id', day(knex, 'begins_on'));
  return state;
}

/** Loads people, whatever their schools are. Must run as the system. */
export async function loadPeople(knex: Knex, ids: readonly string[]): Promise<StoredPeople> {
  const found: StoredPeople = { people: [], memberships: [], roles: [] };
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const batch = ids.slice(start, start + idsAtOnce);
    const { people, memberships, roles } = await selectPeople(knex, (query, column) =>
      query.whereRaw('?? = any(?::uuid[])', [column, batch]),
    );
    found.people.push(...people);
    found.memberships.push(...memberships);
    found.roles.push(...roles);
  }
  return found;
}

async function selectPeople(
  knex: Knex,
  these: (query: Knex.QueryBuilder, column: string) => Knex.QueryBuilder,
): Promise<StoredPeople> {
  return {
    people: await these(knex('people'), 'id').select('id', 'school_ids', 'given_name', 'family_name', 'kind', 'email', 'active'),
    memberships: await these(knex('memberships'), 'person_id').select(
      'school_id',
      'person_id',
      'sourced_id',
      'enabled',
      'active',
    ),
    roles: await these(knex('roles'), 'person_id').select('id', 'school_id', 'person_id', 'role', 'sourced_id'),
  };
}

const day = (knex: Knex, column: string): Knex.Raw => knex.raw(`to_char(${column}, 'YYYY-MM-DD') as ${column}`);

const numbersIn = ({ rows }: Roster): string[] =>
  rows.orgs.flatMap(({ cells }) => (cells.type === 'school' && cells.identifier !== null ? [cells.identifier] : []));

/**
 * The schools that a package concerns. A package with orgs.csv names them. A delta without it concerns the schools that know its ids and
 * for which its sender acts.
 */
async function concernedSchools(knex: Knex, roster: Roster, scope: TenantScope): Promise<string[]> {
  const { rows } = roster;
  if (roster.manifest.modes.orgs !== undefined) {
    const numbers = numbersIn(roster);
    const others = () => knex('school_numbers').whereRaw('number = any(?)', [numbers]);
    return knex('schools')
      .whereIn('id', others().select('school_id'))
      .orWhere((own) =>
        own.whereRaw('instellingsnummer = any(?)', [numbers]).whereNotIn('instellingsnummer', others().select('number')),
      )
      .pluck('id');
  }
  const idsOf = (...names: FileName[]) => names.flatMap((name) => rows[name].map(({ cells }) => cells.sourcedId));
  const orgs = [
    ...rows.roles.map(({ cells }) => cells.orgSourcedId),
    ...rows.users.flatMap(({ cells }) => cells.orgSourcedIds ?? []),
    ...rows.classes.map(({ cells }) => cells.schoolSourcedId),
    ...rows.enrollments.map(({ cells }) => cells.schoolSourcedId),
  ];
  const found = new Set<string>();
  const look = async (table: string, column: string, condition: string, ids: readonly (string | null)[]) => {
    const different = [...new Set(ids.filter((id) => id))];
    for (let start = 0; start < different.length; start += idsAtOnce) {
      const batch = different.slice(start, start + idsAtOnce);
      const rows: { id: string }[] = await knex(table)
        .distinct({ id: column })
        .whereRaw(condition, [batch] as unknown as string[]);
      for (const { id } of rows) found.add(id);
    }
  };
  await look('schools', 'id', 'sourced_id = any(?)', orgs);
  await look('sites', 'school_id', 'sourced_id = any(?)', orgs);
  await look('memberships', 'school_id', 'sourced_id = any(?)', idsOf('users'));
  await look('roles', 'school_id', 'sourced_id = any(?)', idsOf('roles'));
  await look('classes', 'school_id', 'sourced_id = any(?)', idsOf('classes'));
  await look('enrolments', 'school_id', 'sourced_id = any(?)', idsOf('enrollments'));
  await look('school_years', 'school_id', 'session_ids && ?::text[]', idsOf('academicSessions'));
  const all = [...found];
  return scope === '*' ? all : all.filter((id) => scope.includes(id));
}

import type { Access } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Changes } from './changes.js';

/** Number of rows in one statement. */
const batchSize = 2000;

/** A table's columns with their types, its key columns, and the column of the person whom a row is about. */
interface Shape {
  table: string;
  columns: { [column: string]: string };
  key: string[];
  person?: 'id' | 'person_id';
}

const shapes = {
  groups: { table: 'school_groups', key: ['id'], columns: { id: 'uuid', code: 'text', name: 'text' } },
  schools: {
    table: 'schools',
    key: ['id'],
    columns: { id: 'uuid', instellingsnummer: 'text', name: 'text', group_id: 'uuid', sourced_id: 'text' },
  },
  sites: {
    table: 'sites',
    key: ['id'],
    columns: { id: 'uuid', school_id: 'uuid', sourced_id: 'text', name: 'text', active: 'boolean' },
  },
  years: {
    table: 'school_years',
    key: ['id'],
    columns: { id: 'uuid', school_id: 'uuid', name: 'text', starts_on: 'date', ends_on: 'date', session_ids: 'text[]' },
  },
  people: {
    table: 'people',
    key: ['id'],
    person: 'id',
    columns: {
      id: 'uuid',
      school_ids: 'uuid[]',
      given_name: 'text',
      family_name: 'text',
      kind: 'text',
      email: 'text',
      active: 'boolean',
    },
  },
  memberships: {
    table: 'memberships',
    key: ['school_id', 'person_id'],
    person: 'person_id',
    columns: { school_id: 'uuid', person_id: 'uuid', sourced_id: 'text', enabled: 'boolean', active: 'boolean' },
  },
  roles: {
    table: 'roles',
    key: ['id'],
    person: 'person_id',
    columns: { id: 'uuid', school_id: 'uuid', person_id: 'uuid', role: 'text', sourced_id: 'text' },
  },
  classes: {
    table: 'classes',
    key: ['id'],
    columns: {
      id: 'uuid',
      school_id: 'uuid',
      kind: 'text',
      sourced_id: 'text',
      name: 'text',
      school_year: 'text',
      site_id: 'uuid',
      grade: 'smallint',
      active: 'boolean',
    },
  },
  enrolments: {
    table: 'enrolments',
    key: ['id'],
    person: 'person_id',
    columns: {
      id: 'uuid',
      school_id: 'uuid',
      sourced_id: 'text',
      class_id: 'uuid',
      person_id: 'uuid',
      role: 'text',
      begins_on: 'date',
      ends_on: 'date',
      active: 'boolean',
    },
  },
} satisfies Record<string, Shape>;

const dated = new Set(['schools', 'people', 'memberships', 'roles', 'classes', 'enrolments']);

/** Number of rows that {@link applyChanges} will write. */
export function sizeOf(changes: Changes): number {
  const { roles, grants, counts: _, ...lists } = changes;
  return Object.values(lists).reduce((sum, list) => sum + list.length, roles.put.length + roles.drop.length + grants.length);
}

/**
 * Writes a plan's changes in the current unit of work. Calls `onRows` with the number of rows after each statement.
 *
 * @returns what was written: the database keeps rows about people whose data are restricted as they are, so their roles in the portal stay too
 */
export async function applyChanges(
  knex: Knex,
  access: Access,
  changes: Changes,
  onRows: (count: number) => void = () => {},
): Promise<Changes> {
  const kept = new Set<string>();
  const put = async (shape: Shape, rows: readonly object[]) => {
    for (let start = 0; start < rows.length; start += batchSize) {
      const batch = rows.slice(start, start + batchSize);
      for (const person of await upsert(knex, shape, batch)) kept.add(person);
      onRows(batch.length);
    }
  };
  await put(shapes.groups, changes.groups);
  await put(shapes.schools, changes.schools);
  await put(shapes.sites, changes.sites);
  await put(shapes.years, changes.years);
  await put(shapes.people, changes.people);
  await put(shapes.memberships, changes.memberships);
  for (let start = 0; start < changes.roles.drop.length; start += batchSize) {
    const batch = changes.roles.drop.slice(start, start + batchSize);
    const dropped: number = await knex('roles').whereRaw('id = any(?::uuid[])', [batch]).delete();
    if (dropped < batch.length) {
      const left: string[] = await knex('roles').whereRaw('id = any(?::uuid[])', [batch]).pluck('person_id');
      for (const person of left) kept.add(person);
    }
    onRows(batch.length);
  }
  await put(shapes.roles, changes.roles.put);
  await put(
    shapes.classes,
    changes.classes.map((row) => ({ ...row, kind: 'class' })),
  );
  await put(shapes.enrolments, changes.enrolments);
  const grants = changes.grants.filter(({ personId }) => !kept.has(personId));
  await grant(access, grants);
  onRows(changes.grants.length);
  if (kept.size === 0) return changes;
  const ofOthers = <T extends { person_id: string }>(rows: readonly T[]) => rows.filter(({ person_id }) => !kept.has(person_id));
  return {
    ...changes,
    people: changes.people.filter(({ id }) => !kept.has(id)),
    memberships: ofOthers(changes.memberships),
    roles: { ...changes.roles, put: ofOthers(changes.roles.put) },
    enrolments: ofOthers(changes.enrolments),
    grants,
  };
}

/** Returns the people of whom no row was written. */
async function upsert(knex: Knex, { table, columns, key, person }: Shape, rows: readonly object[]): Promise<Set<string>> {
  const names = Object.keys(columns);
  const record = names.map((name) => `${name} ${columns[name]}`).join(', ');
  const updates = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
  if (dated.has(table)) updates.push('updated_at = now()');
  const { rows: written }: { rows: { person: string }[] } = await knex.raw(
    `insert into ${table} (${names.join(', ')})
     select ${names.join(', ')} from jsonb_to_recordset(?::jsonb) as r(${record})
     on conflict (${key.join(', ')}) do update set ${updates.join(', ')}
     ${person === undefined ? '' : `returning ${person} as person`}`,
    [JSON.stringify(rows)],
  );
  if (person === undefined || written.length === rows.length) return new Set();
  const kept = new Set((rows as readonly Record<typeof person, string>[]).map((row) => row[person]));
  for (const row of written) kept.delete(row.person);
  return kept;
}

/** Changes only roles that the directory gave; roles from other sources stay. */
async function grant(access: Access, grants: Changes['grants']): Promise<void> {
  for (let start = 0; start < grants.length; start += batchSize) {
    const batch = grants.slice(start, start + batchSize);
    const known = await access.rolesOfMany(batch.map(({ personId }) => personId));
    const held = new Map(known.map(({ personId, roles }) => [personId, roles]));
    const entries = batch.map(({ personId, before, after }) => {
      const mine = new Set(before.map(({ tenant: school, role }) => `${school} ${role}`));
      const others = (held.get(personId) ?? []).filter(({ tenant: school, role }) => !mine.has(`${school} ${role}`));
      const roles = new Map([...others, ...after].map((one) => [`${one.tenant} ${one.role}`, one]));
      return { personId, roles: [...roles.values()] };
    });
    await access.setRolesOfMany(entries);
  }
}

/**
 * Renews `updated_at` of rows in use after 30 days. Retention counts from the last change, and rows that a school still sends must not
 * expire.
 */
export async function confirmSchools(knex: Knex, schools: readonly string[]): Promise<void> {
  const old = "updated_at < now() - interval '30 days'";
  for (const table of ['memberships', 'classes', 'enrolments']) {
    await knex(table).whereIn('school_id', schools).where({ active: true }).whereRaw(old).update({ updated_at: knex.fn.now() });
  }
  await knex('roles').whereIn('school_id', schools).whereRaw(old).update({ updated_at: knex.fn.now() });
  await knex('people')
    .whereRaw('school_ids && ?::uuid[]', [[...schools]])
    .where({ active: true })
    .whereRaw(old)
    .update({ updated_at: knex.fn.now() });
}

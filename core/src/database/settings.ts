import type { SchoolScope } from '../contract/principal.js';
import type { Lead } from './batch.js';
import { literal, quote } from './names.js';

/** Under whose name a statement runs: which role, whose schema, which schools' rows. */
export interface SqlIdentity {
  /** null: the kernel itself, as the user that connected. */
  role: string | null;
  schema: string | null;
  schools: SchoolScope;
}

export const kernelIdentity: SqlIdentity = { role: null, schema: null, schools: [] };

const schoolId = /^[A-Za-z0-9-]{1,64}$/;

/** Brings the running transaction to an identity, whatever it had before. */
export function adopt({ role, schema, schools }: SqlIdentity): Lead {
  const { all, list } = scopeOf(schools);
  return {
    name: 'ilearn_adopt',
    text: `select set_config('role', $1, true), set_config('search_path', $2, true),
      set_config('ilearn.all_schools', $3, true), set_config('ilearn.schools', $4, true)`,
    values: [role ?? 'none', `${schema === null ? 'kernel' : quote(schema)}, pg_temp`, all, list],
  };
}

export function sameIdentity(one: SqlIdentity | null, other: SqlIdentity): boolean {
  if (one === null || one.role !== other.role || one.schema !== other.schema) return false;
  return other.role === null || sameSchools(one.schools, other.schools);
}

/** What the row-level-security policies read. */
export function schoolSettings(schools: SchoolScope): string[] {
  const { all, list } = scopeOf(schools);
  return [`set local ilearn.all_schools = '${all}'`, `set local ilearn.schools = ${literal(list)}`];
}

function scopeOf(schools: SchoolScope): { all: 'on' | 'off'; list: string } {
  if (schools === '*') return { all: 'on', list: '' };
  for (const id of schools) if (!schoolId.test(id)) throw new Error(`not a school id: ${JSON.stringify(id)}`);
  return { all: 'off', list: schools.join(',') };
}

function sameSchools(a: SchoolScope, b: SchoolScope): boolean {
  if (a === b) return true;
  if (a === '*' || b === '*') return false;
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

import type { SchoolScope } from '../contract/principal.js';
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

/** `set local` statements that bring a transaction from one identity to another; '' when there is nothing to change. */
export function switchIdentity(from: SqlIdentity | null, to: SqlIdentity): string {
  const statements: string[] = [];
  if (from === null || from.role !== to.role) {
    statements.push(to.role === null ? 'set local role none' : `set local role ${quote(to.role)}`);
    statements.push(`set local search_path = ${to.schema === null ? 'kernel' : quote(to.schema)}, pg_temp`);
  }
  if (to.role !== null && (from === null || from.role === null || !sameSchools(from.schools, to.schools))) {
    statements.push(...schoolSettings(to.schools));
  }
  return statements.join('; ');
}

/** What the row-level-security policies read. */
export function schoolSettings(schools: SchoolScope): string[] {
  const list = schools === '*' ? [] : schools;
  for (const id of list) if (!schoolId.test(id)) throw new Error(`not a school id: ${JSON.stringify(id)}`);
  return [
    `set local ilearn.all_schools = ${schools === '*' ? "'on'" : "'off'"}`,
    `set local ilearn.schools = ${literal(list.join(','))}`,
  ];
}

function sameSchools(a: SchoolScope, b: SchoolScope): boolean {
  if (a === b) return true;
  if (a === '*' || b === '*') return false;
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

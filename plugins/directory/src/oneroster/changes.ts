import type { RoleGrant } from '@ilearn/core';
import type {
  StoredClass,
  StoredEnrolment,
  StoredGroup,
  StoredMembership,
  StoredPerson,
  StoredRole,
  StoredSchool,
  StoredSite,
  StoredYear,
} from './state.js';

/** What an import did, or would do, to one kind of row. Restored rows count as added. */
export interface Counts {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
}

export const countedTables = ['schools', 'sites', 'school_years', 'people', 'roles', 'classes', 'enrolments'] as const;
export type CountedTable = (typeof countedTables)[number];

/** Rows to write, with all columns; `roles.drop` has ids. */
export interface Changes {
  groups: StoredGroup[];
  schools: StoredSchool[];
  sites: StoredSite[];
  years: StoredYear[];
  people: StoredPerson[];
  memberships: StoredMembership[];
  roles: { put: StoredRole[]; drop: string[] };
  /** `sourced_id` null: the school's own data no longer have it. */
  classes: (Omit<StoredClass, 'sourced_id'> & { sourced_id: string | null })[];
  enrolments: StoredEnrolment[];
  /** People whose roles in the portal change: the roles that the directory gave before, and those that it gives after. */
  grants: { personId: string; before: RoleGrant[]; after: RoleGrant[] }[];
  counts: Record<CountedTable, Counts>;
}

export function noChanges(): Changes {
  const counts = Object.fromEntries(countedTables.map((table) => [table, { added: 0, changed: 0, removed: 0, unchanged: 0 }]));
  return {
    groups: [],
    schools: [],
    sites: [],
    years: [],
    people: [],
    memberships: [],
    roles: { put: [], drop: [] },
    classes: [],
    enrolments: [],
    grants: [],
    counts: counts as Record<CountedTable, Counts>,
  };
}

/** Whether two rows are equal. */
export function same<T extends object>(before: T, after: T): boolean {
  return (Object.keys(after) as (keyof T)[]).every((column) => JSON.stringify(before[column]) === JSON.stringify(after[column]));
}

/** Counts a row and returns whether it must be written. */
export function tally<T extends object & { active?: boolean }>(counts: Counts, before: T | undefined, after: T): boolean {
  const was = before !== undefined && before.active !== false;
  const is = after.active !== false;
  if (before !== undefined && same(before, after)) {
    if (is) counts.unchanged++;
    return false;
  }
  if (is) counts[was ? 'changed' : 'added']++;
  else if (was) counts.removed++;
  return true;
}

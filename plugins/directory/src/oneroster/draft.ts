import type { TenantScope, Yielder } from '@ilearn/core';
import { fault, type ReportFault, shown } from './faults.js';
import type { FileName } from './file-names.js';
import type { Orgs, PlannedSchool } from './orgs.js';
import type { LeftOutReason, Roster } from './read.js';
import type { State } from './state.js';

/** The planned state of one school after the import, by sourcedId in the files. Initially the stored state. */
export interface Target {
  school: PlannedSchool;
  sites: Map<string, { name: string; active: boolean }>;
  years: Map<string, { starts_on: string; ends_on: string; session_ids: string[] }>;
  members: Map<string, { enabled: boolean }>;
  roles: Map<string, { user: string; role: string }>;
  classes: Map<string, { name: string; school_year: string; site_id: string | null; grade: number | null; active: boolean }>;
  enrolments: Map<string, TargetEnrolment>;
  /**
   * Users whose row in roles.csv has a fault, is outside its dates, or gives no role in the portal. Other rows about them are not reported.
   */
  unplaced: Map<string, 'faulty' | LeftOutReason>;
  /** sourcedIds of classes of this school whose row has a fault. */
  faultyClasses: Set<string>;
}

export interface TargetEnrolment {
  class: string;
  user: string;
  role: 'pupil' | 'teacher';
  begins_on: string | null;
  ends_on: string | null;
  active: boolean;
}

/** State shared by all parts of planning. */
export interface Draft {
  roster: Roster;
  state: State;
  orgs: Orgs;
  scope: TenantScope;
  /** `2026-09-01` */
  today: string;
  targets: Map<string, Target>;
  /**
   * Whether the package has orgs.csv. If so, its schools have a common source, and a sourcedId means the same in all of them; otherwise
   * each school has its own ids.
   */
  together: boolean;
  /** Ids of stored people, by `<school> <sourcedId>`. */
  persons: Map<string, string>;
  /** Roles that the package gives, by user, with role and org as written. */
  given: Map<string, { role: string; org: string }[]>;
  /** sourcedIds in users.csv, of valid and faulty rows. */
  users: Set<string>;
  /** Pupils whom rows of the old school year do not bring back, by `<school> <sourcedId>`. */
  left: ReadonlySet<string>;
  /** Like {@link Target.unplaced}, for rows that name no school. */
  unplaced: Target['unplaced'];
  report: ReportFault;
  yielder: Yielder;
}

export async function createDraft(
  input: Pick<Draft, 'roster' | 'state' | 'orgs' | 'scope' | 'today' | 'report' | 'yielder'>,
): Promise<Draft> {
  const { roster, state, orgs } = input;
  const { yielder } = input;
  const persons = new Map<string, string>();
  for (const { school_id, sourced_id, person_id } of state.memberships) {
    if (yielder.due()) await yielder.yield();
    if (sourced_id !== null) persons.set(`${school_id} ${sourced_id}`, person_id);
  }
  const users = new Set(faultyIds(roster, 'users'));
  for (const { cells } of roster.rows.users) {
    if (yielder.due()) await yielder.yield();
    users.add(cells.sourcedId);
  }
  return {
    ...input,
    targets: await startTargets(orgs, state, yielder),
    together: roster.manifest.modes.orgs !== undefined,
    persons,
    given: await givenRoles(roster, yielder),
    users,
    left: leftBehind(input),
    unplaced: new Map(),
  };
}

/**
 * Pupils who left when the school turned its school year stay away until the next one begins, unless a row places them in a class of it:
 * systems of schools have the old year open for weeks.
 */
function leftBehind({ roster, state, today }: Pick<Draft, 'roster' | 'state' | 'today'>): Set<string> {
  const away = new Set(
    state.left.filter(({ begins_on }) => begins_on > today).map(({ school_id, person_id }) => `${school_id} ${person_id}`),
  );
  if (away.size === 0) return away;
  const sessions = new Set([
    ...state.years.filter(({ starts_on }) => starts_on > today).flatMap(({ session_ids }) => session_ids),
    ...roster.rows.academicSessions.filter(({ cells }) => cells.startDate > today).map(({ cells }) => cells.sourcedId),
  ]);
  const nextClasses = new Set(
    roster.rows.classes
      .filter(({ cells }) => cells.termSourcedIds.some((term) => sessions.has(term)))
      .map(({ cells }) => cells.sourcedId),
  );
  const placed = new Set(
    roster.rows.enrollments
      .filter(({ deleted, cells }) => !deleted && nextClasses.has(cells.classSourcedId))
      .map(({ cells }) => cells.userSourcedId),
  );
  return new Set(
    state.memberships
      .filter(
        ({ school_id, person_id, sourced_id }) =>
          sourced_id !== null && !placed.has(sourced_id) && away.has(`${school_id} ${person_id}`),
      )
      .map(({ school_id, sourced_id }) => `${school_id} ${sourced_id}`),
  );
}

/** Groups stored rows by school. */
export async function ofSchools<T extends { school_id: string }>(
  rows: readonly T[],
  yielder: Yielder,
): Promise<Map<string, T[]>> {
  const bySchool = new Map<string, T[]>();
  for (const row of rows) {
    if (yielder.due()) await yielder.yield();
    const others = bySchool.get(row.school_id);
    if (others === undefined) bySchool.set(row.school_id, [row]);
    else others.push(row);
  }
  return bySchool;
}

/** Other schools in which a sourcedId of this school has the same meaning. */
export const siblings = ({ together, targets }: Draft, target: Target): Target[] =>
  together ? [...targets.values()].filter((other) => other !== target) : [];

/** Why nothing is planned for a user in a school, although a row mentions them. */
export const unplacedAt = (draft: Draft, target: Target, user: string): 'faulty' | LeftOutReason | undefined =>
  target.unplaced.get(user) ?? draft.unplaced.get(user);

async function givenRoles({ rows }: Roster, yielder: Yielder): Promise<Draft['given']> {
  const given: Draft['given'] = new Map();
  const add = (user: string, role: string, org: string) => {
    const roles = given.get(user);
    if (roles === undefined) given.set(user, [{ role, org }]);
    else roles.push({ role, org });
  };
  for (const { deleted, cells } of rows.roles) {
    if (yielder.due()) await yielder.yield();
    if (!deleted) add(cells.userSourcedId, cells.role, cells.orgSourcedId);
  }
  for (const { cells } of rows.users) {
    if (yielder.due()) await yielder.yield();
    for (const org of cells.orgSourcedIds ?? []) add(cells.sourcedId, cells.role ?? '', org);
  }
  return given;
}

/**
 * Schools in which the package gives a user one of these roles. If it gives the user no roles at all: the schools of which they are a
 * member.
 */
export function schoolsOf(
  { given, orgs, targets }: Draft,
  user: string,
  wanted: (role: string) => boolean = () => true,
): string[] {
  const named = (given.get(user) ?? []).filter(({ role }) => wanted(role));
  if (given.has(user)) {
    const places = named.map(({ org }) => orgs.placeOf(org));
    return [...new Set(places.flatMap((place) => (place.kind === 'school' ? [place.school] : [])))];
  }
  return [...targets.values()].filter(({ members }) => members.has(user)).map(({ school }) => school.id);
}

async function startTargets(orgs: Orgs, state: State, yielder: Yielder): Promise<Map<string, Target>> {
  const targets = new Map<string, Target>();
  for (const school of orgs.schools.values()) {
    targets.set(school.id, {
      school,
      sites: new Map(),
      years: new Map(),
      members: new Map(),
      roles: new Map(),
      classes: new Map(),
      enrolments: new Map(),
      unplaced: new Map(),
      faultyClasses: new Set(),
    });
  }
  for (const { school_id, sourced_id, name, active } of state.sites)
    targets.get(school_id)?.sites.set(sourced_id, { name, active });
  for (const { school_id, name, ...year } of state.years) {
    const { starts_on, ends_on, session_ids } = year;
    targets.get(school_id)?.years.set(name, { starts_on, ends_on, session_ids });
  }
  const users = new Map<string, string>();
  for (const { school_id, person_id, sourced_id, enabled } of state.memberships) {
    if (yielder.due()) await yielder.yield();
    if (sourced_id === null) continue;
    users.set(`${school_id} ${person_id}`, sourced_id);
    targets.get(school_id)?.members.set(sourced_id, { enabled });
  }
  for (const { school_id, person_id, role, sourced_id } of state.roles) {
    if (yielder.due()) await yielder.yield();
    const user = users.get(`${school_id} ${person_id}`);
    if (sourced_id !== null && user !== undefined) targets.get(school_id)?.roles.set(sourced_id, { user, role });
  }
  const classes = new Map<string, string>();
  for (const { id, school_id, sourced_id, name, school_year, site_id, grade, active } of state.classes) {
    classes.set(id, sourced_id);
    targets.get(school_id)?.classes.set(sourced_id, { name, school_year, site_id, grade, active });
  }
  for (const { school_id, sourced_id, class_id, person_id, role, begins_on, ends_on, active } of state.enrolments) {
    if (yielder.due()) await yielder.yield();
    const user = users.get(`${school_id} ${person_id}`);
    const of = classes.get(class_id);
    if (user === undefined || of === undefined) continue;
    targets.get(school_id)?.enrolments.set(sourced_id, { class: of, user, role, begins_on, ends_on, active });
  }
  return targets;
}

/** The target of the school that a row names. If there is none, returns null and reports a fault, unless the org's own row has one. */
export function targetAt(
  draft: Draft,
  where: { file: string; row: number; column: string },
  org: string,
): { target: Target; site: string | null } | null {
  const place = draft.orgs.placeOf(org);
  if (place.kind === 'school') {
    const target = draft.targets.get(place.school);
    return target === undefined ? null : { target, site: place.site };
  }
  if (place.kind === 'other') draft.report(fault(where, 'org-no-school', { value: shown(org) }), 'all');
  if (place.kind === 'ambiguous') draft.report(fault(where, 'ambiguous', { value: shown(org) }), 'all');
  if (place.kind === 'unknown') draft.report(fault(where, 'reference', { target: 'orgs.csv', value: shown(org) }), 'all');
  return null;
}

/**
 * The school that a row to be deleted belongs to. Null if no school has it (counted as left out) or several have it (reported as a fault).
 */
export function targetWith(
  draft: Draft,
  file: FileName,
  row: { row: number; cells: { sourcedId: string } },
  org: string | null,
  has: (target: Target, sourcedId: string) => boolean,
): Target | null {
  const { sourcedId } = row.cells;
  const place = org === null ? null : draft.orgs.placeOf(org);
  const among = place?.kind === 'school' ? [place.school] : [...draft.targets.keys()];
  const found = among.flatMap((id) => draft.targets.get(id) ?? []).filter((target) => has(target, sourcedId));
  if (found.length > 1) {
    const where = { file: `${file}.csv`, row: row.row, column: 'sourcedId' };
    draft.report(
      fault(where, 'ambiguous', { value: shown(sourcedId) }),
      found.map(({ school }) => school.id),
    );
    return null;
  }
  if (found[0] === undefined) leaveOut(draft.roster, file, 'gone-already');
  return found[0] ?? null;
}

export function leaveOut(roster: Roster, name: FileName, reason: LeftOutReason): void {
  const file = `${name}.csv`;
  const entry = roster.leftOut.find((one) => one.file === file && one.column === null && one.reason === reason);
  if (entry === undefined) roster.leftOut.push({ file, column: null, reason, count: 1 });
  else entry.count = (entry.count ?? 0) + 1;
}

/** sourcedIds of a file's rows with faults. */
export const faultyIds = (roster: Roster, name: FileName): Set<string> => roster.faultyIds[name];

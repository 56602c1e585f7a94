import { isEmail } from './cells.js';
import { type Draft, faultyIds, leaveOut, schoolsOf, siblings, type Target, targetAt, targetWith } from './draft.js';
import { fault, shown } from './faults.js';
import type { Row } from './format.js';

/**
 * Roles in the portal by OneRoster role. No role makes a portal administrator, and `administrator` of 1.1 is too vague to give permissions.
 */
export const portalRoles: { [role: string]: string | undefined } = {
  student: 'pupil',
  teacher: 'teacher',
  principal: 'principal',
  siteAdministrator: 'ict-coordinator',
  systemAdministrator: 'ict-coordinator',
};
const everyPortalRole = [...new Set(Object.values(portalRoles))] as string[];

/** A person's role in a school, from roles.csv or (1.1) from users.csv. */
interface RoleLine {
  sourcedId: string;
  user: string;
  target: Target;
  role: string;
}

/** Plans the members of each school and their roles. */
export async function planPeople(draft: Draft): Promise<void> {
  const { roster, yielder } = draft;
  const source = roster.manifest.version === '1.2' ? 'roles' : 'users';
  const faulty = roster.faulty.flatMap(({ file, row }) => (file === 'users' && row !== null ? [row as Row<'users'>] : []));
  for (const rows of [roster.rows.users, faulty]) {
    for (const row of rows) {
      if (yielder.due()) await yielder.yield();
      checkEmail(draft, row);
    }
  }
  const lines = source === 'roles' ? await roleLines(draft) : await linesOfUsers(draft);
  const bulk = roster.manifest.modes[source] === 'bulk';
  const held = new Set(lines.map(({ target }) => target));

  if (bulk) for (const target of held) target.roles.clear();
  for (const { sourcedId, user, target, role } of lines) {
    if (yielder.due()) await yielder.yield();
    for (const other of siblings(draft, target)) other.roles.delete(sourcedId);
    target.roles.set(sourcedId, { user, role });
  }
  await placeMembers(draft);
}

function checkEmail(draft: Draft, { row, deleted, cells }: Row<'users'>): void {
  const { email, sourcedId } = cells;
  if (deleted || email === null || isEmail(email)) return;
  // E-mail addresses of pupils and of people without a role are not stored, so they are not checked.
  const schools = schoolsOf(draft, sourcedId, (role) => role !== 'student' && portalRoles[role] !== undefined);
  if (schools.length > 0)
    draft.report(fault({ file: 'users.csv', row, column: 'email' }, 'email', { value: shown(email) }), schools);
}

async function roleLines(draft: Draft): Promise<RoleLine[]> {
  const { roster, targets, yielder } = draft;
  const users = new Map(roster.rows.users.map((row) => [row.cells.sourcedId, row]));
  const faultyUsers = faultyIds(roster, 'users');
  for (const { file, row, torn } of roster.faulty) {
    if (yielder.due()) await yielder.yield();
    if (file !== 'roles') continue;
    for (const cell of torn ?? []) draft.unplaced.set(cell, 'faulty');
    if (row === null) continue;
    const { orgSourcedId, userSourcedId } = (row as Row<'roles'>).cells;
    const place = draft.orgs.placeOf(orgSourcedId ?? '');
    if (place.kind === 'school' && userSourcedId) targets.get(place.school)?.unplaced.set(userSourcedId, 'faulty');
  }
  const lines: RoleLine[] = [];
  for (const row of roster.rows.roles) {
    if (yielder.due()) await yielder.yield();
    const { sourcedId, userSourcedId: user, orgSourcedId, role, beginDate, endDate } = row.cells;
    const where = { file: 'roles.csv', row: row.row };
    if (row.deleted) {
      targetWith(draft, 'roles', row, orgSourcedId, (target, id) => target.roles.has(id))?.roles.delete(sourcedId);
      continue;
    }
    const portalRole = portalRoles[role];
    if (portalRole === undefined) {
      const place = draft.orgs.placeOf(orgSourcedId);
      if (place.kind === 'school') setUnplaced(targets.get(place.school), user, 'no-portal-role');
      leaveOut(roster, 'roles', 'no-portal-role');
      continue;
    }
    const target = targetAt(draft, { ...where, column: 'orgSourcedId' }, orgSourcedId)?.target;
    if (target === undefined) continue;
    if (faultyUsers.has(user)) {
      target.unplaced.set(user, 'faulty');
      continue;
    }
    if (users.get(user)?.deleted) continue;
    const places = [target, ...siblings(draft, target)];
    const known = users.has(user) || (roster.manifest.modes.users !== 'bulk' && places.some(({ members }) => members.has(user)));
    if (!known) {
      draft.report(fault({ ...where, column: 'userSourcedId' }, 'reference', { target: 'users.csv', value: shown(user) }), [
        target.school.id,
      ]);
      target.unplaced.set(user, 'faulty');
    } else if (beginDate !== null && endDate !== null && endDate < beginDate) {
      draft.report(fault({ ...where, column: 'endDate' }, 'date-order', { begin: beginDate, end: endDate }), [target.school.id]);
      target.unplaced.set(user, 'faulty');
    } else if ((beginDate !== null && beginDate > draft.today) || (endDate !== null && endDate <= draft.today)) {
      setUnplaced(target, user, 'not-now');
      leaveOut(roster, 'roles', 'not-now');
      for (const one of [target, ...siblings(draft, target)]) one.roles.delete(sourcedId);
    } else if (!staysAway(draft, target, user, portalRole)) {
      lines.push({ sourcedId, user, target, role: portalRole });
    }
  }
  return lines;
}

function staysAway(draft: Draft, target: Target, user: string, role: string): boolean {
  if (role !== 'pupil' || !draft.left.has(`${target.school.id} ${user}`)) return false;
  setUnplaced(target, user, 'left');
  leaveOut(draft.roster, draft.roster.manifest.version === '1.2' ? 'roles' : 'users', 'left');
  return true;
}

function setUnplaced(target: Target | undefined, user: string, why: 'no-portal-role' | 'not-now' | 'left'): void {
  if (target !== undefined && !target.unplaced.has(user)) target.unplaced.set(user, why);
}

/** A substitute for the sourcedId of a role, which does not exist in 1.1. */
const roleId = (user: string, role: string, { school }: Target): string => `${user}/${role}/${school.instellingsnummer}`;

/** Role lines from users.csv (1.1), where one row gives a person's role in all orgs that it names. */
async function linesOfUsers(draft: Draft): Promise<RoleLine[]> {
  const { roster, targets, yielder } = draft;
  for (const { file, row, torn } of roster.faulty) {
    if (file === 'users') for (const cell of torn ?? []) draft.unplaced.set(cell, 'faulty');
    if (file === 'users' && row?.cells.sourcedId) draft.unplaced.set(row.cells.sourcedId, 'faulty');
  }
  const lines: RoleLine[] = [];
  for (const { row, deleted, cells } of roster.rows.users) {
    if (yielder.due()) await yielder.yield();
    const { sourcedId: user, orgSourcedIds, role } = cells;
    if (deleted) continue;
    for (const target of targets.values()) {
      if (!target.members.has(user)) continue;
      for (const name of everyPortalRole) target.roles.delete(roleId(user, name, target));
    }
    const portalRole = portalRoles[role ?? ''];
    if (portalRole === undefined) {
      if (!draft.unplaced.has(user)) draft.unplaced.set(user, 'no-portal-role');
      leaveOut(roster, 'users', 'no-portal-role');
      continue;
    }
    for (const org of orgSourcedIds ?? []) {
      const target = targetAt(draft, { file: 'users.csv', row, column: 'orgSourcedIds' }, org)?.target;
      if (target !== undefined && !staysAway(draft, target, user, portalRole))
        lines.push({ sourcedId: roleId(user, portalRole, target), user, target, role: portalRole });
    }
  }
  return lines;
}

/** Makes everyone with a role a member. Former members are kept, so that they are recognised if they come back. */
async function placeMembers(draft: Draft): Promise<void> {
  const { roster, targets, yielder } = draft;
  for (const target of targets.values()) {
    if (yielder.due()) await yielder.yield();
    for (const { user } of target.roles.values()) if (!target.members.has(user)) target.members.set(user, { enabled: true });
  }
  for (const row of roster.rows.users) {
    if (yielder.due()) await yielder.yield();
    const { deleted, cells } = row;
    const places = placesOf(draft, row);
    for (const { members } of places) members.set(cells.sourcedId, { enabled: !deleted && cells.enabledUser });
    if (places.length > 0) continue;
    if (deleted) leaveOut(roster, 'users', 'gone-already');
    // In 1.1, these were counted earlier.
    else if (roster.manifest.version === '1.2') leaveOut(roster, 'users', 'no-portal-role');
  }
}

/** The schools for which a row of users.csv describes a person. */
function placesOf(draft: Draft, { row, cells }: Row<'users'>): Target[] {
  const { targets, together, persons, given } = draft;
  const user = cells.sourcedId;
  const places = [...targets.values()].filter(({ members }) => members.has(user));
  if (together || places.length < 2) return places;
  if (given.has(user)) {
    const named = schoolsOf(draft, user);
    return places.filter(({ school }) => named.includes(school.id));
  }
  if (new Set(places.map(({ school }) => persons.get(`${school.id} ${user}`))).size === 1) return places;
  const where = { file: 'users.csv', row, column: 'sourcedId' };
  draft.report(
    fault(where, 'ambiguous', { value: shown(user) }),
    places.map(({ school }) => school.id),
  );
  return [];
}

export const rolesByUser = (target: Target): Map<string, Set<string>> => {
  const byUser = new Map<string, Set<string>>();
  for (const { user, role } of target.roles.values()) byUser.set(user, (byUser.get(user) ?? new Set()).add(role));
  return byUser;
};

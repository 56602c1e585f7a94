import type { RoleGrant } from '@ilearn/core';
import type { Changes } from './changes.js';
import { identify } from './diff-people.js';
import type { Draft, Target } from './draft.js';
import { fault, shown } from './faults.js';
import { portalRoles } from './plan-people.js';

export type MayGrant = (grant: RoleGrant) => boolean;

/** Reports a fault for each role that a package would give or take although its sender may not. */
export function reportOverreach(draft: Draft, targets: readonly Target[], { grants }: Changes, mayGrant: MayGrant): void {
  const has = (list: readonly RoleGrant[], one: RoleGrant) =>
    list.some(({ tenant: school, role }) => school === one.tenant && role === one.role);
  for (const { personId, before, after } of grants) {
    const given = after.filter((one) => !has(before, one) && !mayGrant(one));
    const taken = before.filter((one) => !has(after, one) && !mayGrant(one));
    for (const grant of [...given, ...taken]) {
      const { user, ...where } = placeOf(draft, targets, personId, grant);
      const code = given.includes(grant) ? 'role-not-yours' : 'role-not-yours-to-take';
      draft.report(fault(where, code, { role: grant.role, value: shown(user) }), 'all');
    }
  }
}

/** The row about the person's roles in a school, or the row about the person, or the file. */
function placeOf(draft: Draft, targets: readonly Target[], personId: string, { tenant: school, role }: RoleGrant) {
  const { roster, orgs, state } = draft;
  const personAt = identify(draft, targets);
  const members = targets.find((target) => target.school.id === school)?.members.keys() ?? [];
  const user = [...members].find((one) => personAt(school ?? '', one) === personId) ?? '';
  const stored = new Set(
    state.roles.flatMap((one) => (one.person_id === personId && one.school_id === school ? [one.sourced_id] : [])),
  );
  const rows = roster.rows.roles.filter(({ cells }) => {
    if (stored.has(cells.sourcedId)) return true;
    const place = orgs.placeOf(cells.orgSourcedId ?? '');
    return place.kind === 'school' && place.school === school && cells.userSourcedId === user;
  });
  const asked = rows.find(({ cells }) => portalRoles[cells.role] === role) ?? rows.at(-1);
  if (asked !== undefined) return { user, file: 'roles.csv', row: asked.row, column: 'role' };
  const person = roster.rows.users.find(({ cells }) => cells.sourcedId === user);
  if (person !== undefined) return { user, file: 'users.csv', row: person.row, column: null };
  return { user, file: roster.manifest.version === '1.2' ? 'roles.csv' : 'users.csv', row: null, column: null };
}

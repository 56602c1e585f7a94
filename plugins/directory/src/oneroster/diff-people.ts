import type { RoleGrant, Yielder } from '@ilearn/core';
import { derivedId } from '../ids.js';
import { type Changes, same, tally } from './changes.js';
import { type Draft, ofSchools, type Target } from './draft.js';
import type { Row } from './format.js';
import { rolesByUser } from './plan-people.js';
import type { StoredMembership, StoredPerson, StoredRole } from './state.js';

/** Everything that the directory stores, or will store, about one person. */
interface Dossier {
  person: StoredPerson | undefined;
  /** By school. */
  memberships: Map<string, StoredMembership>;
  roles: StoredRole[];
  row: Row<'users'> | undefined;
}

export type PersonAt = (school: string, user: string) => string;

/**
 * Computes the changed rows of people, memberships and roles. A person's row is derived from all their memberships, including those in
 * schools outside the package.
 *
 * @returns a function that gives the person with a sourcedId in a school
 */
export async function diffPeople(draft: Draft, targets: readonly Target[], changes: Changes): Promise<PersonAt> {
  const { state, yielder } = draft;
  const personAt = identify(draft, targets);
  const before = await dossiers(state, yielder);
  const after = new Map<string, Dossier>();
  const dossierOf = (id: string): Dossier => {
    const known = after.get(id);
    if (known !== undefined) return known;
    const stored = before.get(id);
    const copy: Dossier = {
      person: stored?.person,
      memberships: new Map(stored?.memberships),
      roles: stored?.roles ?? [],
      row: undefined,
    };
    after.set(id, copy);
    return copy;
  };

  const users = new Map(draft.roster.rows.users.filter(({ deleted }) => !deleted).map((row) => [row.cells.sourcedId, row]));
  const roles = await ofSchools(state.roles, yielder);
  for (const target of targets) {
    await applyTarget(draft, target, personAt, dossierOf, users);
    await diffRoles(draft, target, roles.get(target.school.id) ?? [], personAt, changes);
  }
  for (const [id, dossier] of after) {
    if (yielder.due()) await yielder.yield();
    diffPerson(draft, id, before.get(id), dossier, changes);
  }
  return personAt;
}

/**
 * Finds the person of each sourcedId. If the school knows the sourcedId, it is that person. If another school of the package knows it, it
 * is the same person, now also in this school. Otherwise it is a new person, whose id is derived from the first school that has them.
 */
export function identify({ persons, together }: Draft, targets: readonly Target[]): PersonAt {
  const elsewhere = new Map<string, string>();
  const firstSchool = new Map<string, string>();
  const ordered = [...targets].sort((a, b) => a.school.instellingsnummer.localeCompare(b.school.instellingsnummer));
  for (const { school, members } of ordered) {
    for (const user of members.keys()) {
      const stored = persons.get(`${school.id} ${user}`);
      if (stored !== undefined && !elsewhere.has(user)) elsewhere.set(user, stored);
      if (!firstSchool.has(user)) firstSchool.set(user, school.instellingsnummer);
    }
  }
  const numbers = new Map(targets.map(({ school }) => [school.id, school.instellingsnummer]));
  return (school, user) => {
    const stored = persons.get(`${school} ${user}`) ?? (together ? elsewhere.get(user) : undefined);
    return stored ?? derivedId('person', (together ? firstSchool : numbers).get(together ? user : school) ?? '', user);
  };
}

async function dossiers({ people, memberships, roles }: Draft['state'], yielder: Yielder): Promise<Map<string, Dossier>> {
  const byId = new Map<string, Dossier>();
  for (const person of people) {
    if (yielder.due()) await yielder.yield();
    byId.set(person.id, { person, memberships: new Map(), roles: [], row: undefined });
  }
  for (const membership of memberships) {
    if (yielder.due()) await yielder.yield();
    byId.get(membership.person_id)?.memberships.set(membership.school_id, membership);
  }
  for (const role of roles) {
    if (yielder.due()) await yielder.yield();
    byId.get(role.person_id)?.roles.push(role);
  }
  return byId;
}

async function applyTarget(
  { roster, yielder }: Draft,
  target: Target,
  personAt: PersonAt,
  dossierOf: (id: string) => Dossier,
  users: Map<string, Row<'users'>>,
): Promise<void> {
  const school = target.school.id;
  const held = rolesByUser(target);
  for (const [user, { enabled }] of target.members) {
    if (yielder.due()) await yielder.yield();
    const id = personAt(school, user);
    const dossier = dossierOf(id);
    const byHand = dossier.roles.filter((role) => role.school_id === school && role.sourced_id === null);
    const sourced = [...(held.get(user) ?? [])].map((role) => ({
      id: '',
      school_id: school,
      person_id: id,
      role,
      sourced_id: user,
    }));
    dossier.roles = [...dossier.roles.filter((role) => role.school_id !== school), ...byHand, ...sourced];
    dossier.memberships.set(school, {
      school_id: school,
      person_id: id,
      sourced_id: user,
      enabled,
      active: enabled && (sourced.length > 0 || byHand.length > 0),
    });
    if (roster.manifest.modes.users !== undefined) dossier.row ??= users.get(user);
  }
}

async function diffRoles(
  { yielder }: Draft,
  { school, roles }: Target,
  storedOnes: readonly StoredRole[],
  personAt: PersonAt,
  changes: Changes,
): Promise<void> {
  const stored = new Map(storedOnes.flatMap((role) => (role.sourced_id === null ? [] : [[role.sourced_id, role]])));
  for (const [sourced_id, { user, role }] of roles) {
    if (yielder.due()) await yielder.yield();
    const row: StoredRole = {
      id: derivedId('role', school.id, sourced_id),
      school_id: school.id,
      person_id: personAt(school.id, user),
      role,
      sourced_id,
    };
    if (tally<object>(changes.counts.roles, stored.get(sourced_id), row)) changes.roles.put.push(row);
  }
  for (const [sourced_id, { id }] of stored) {
    if (roles.has(sourced_id)) continue;
    changes.counts.roles.removed++;
    changes.roles.drop.push(id);
  }
}

function diffPerson(draft: Draft, id: string, before: Dossier | undefined, after: Dossier, changes: Changes): void {
  const person = describe(draft, id, after);
  if (person === null) return;
  if (tally(changes.counts.people, before?.person, person)) changes.people.push(person);
  for (const [school, membership] of after.memberships) {
    const stored = before?.memberships.get(school);
    if (stored === undefined || !same(stored, membership)) changes.memberships.push(membership);
  }
  const grants = { before: before === undefined ? [] : grantsOf(before), after: grantsOf(after) };
  if (JSON.stringify(grants.before) !== JSON.stringify(grants.after)) {
    changes.grants.push({ personId: id, ...grants });
  }
}

/**
 * The row of a person, derived from their memberships. People who left stay visible to their last schools. The name and e-mail address of a
 * person in several schools change only if the sender acts for all of these; of somebody who is stored without a school, such as for a
 * provider, only if the sender acts for all schools.
 */
function describe({ scope }: Draft, id: string, { person, memberships, roles, row }: Dossier): StoredPerson | null {
  if (person === undefined && row === undefined) return null;
  const active = [...memberships.values()].filter((membership) => membership.active).map(({ school_id }) => school_id);
  const seenBy = person?.school_ids ?? [];
  const kind = roles.length === 0 ? (person?.kind ?? 'pupil') : roles.every(({ role }) => role === 'pupil') ? 'pupil' : 'staff';
  const mayName =
    scope === '*' || person === undefined || (seenBy.length > 0 && seenBy.every((school) => scope.includes(school)));
  const named = mayName && row !== undefined ? row.cells : null;
  return {
    id,
    school_ids: (active.length > 0 ? active : seenBy.length > 0 ? seenBy : [...memberships.keys()]).sort(),
    given_name: named ? (named.preferredGivenName ?? named.givenName) : (person?.given_name ?? ''),
    family_name: named ? (named.preferredFamilyName ?? named.familyName) : (person?.family_name ?? ''),
    kind,
    email: kind === 'pupil' ? null : named ? named.email : (person?.email ?? null),
    active: active.length > 0,
  };
}

const grantsOf = ({ memberships, roles }: Dossier): RoleGrant[] =>
  grantList(
    roles
      .filter(({ school_id }) => memberships.get(school_id)?.active)
      .map(({ school_id, role }) => ({ tenant: school_id, role })),
  );

/** Grants as a sorted list without duplicates, for comparison. */
function grantList(grants: Iterable<RoleGrant>): RoleGrant[] {
  const byKey = new Map([...grants].map((grant) => [`${grant.tenant} ${grant.role}`, grant]));
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as RoleGrant);
}

import { type Draft, ofSchools, type Target } from './draft.js';
import { type Fault, type FaultCode, fault, shown } from './faults.js';
import type { StoredClass, StoredEnrolment, StoredMembership, StoredRole, StoredSite, StoredYear } from './state.js';

/** The kinds of rows that an import can remove from a school. */
export const removedKinds = ['people', 'roles', 'classes', 'enrolments', 'places', 'sites', 'sessions'] as const;
export type RemovedKind = (typeof removedKinds)[number];

/** A removal of more than half of a school's rows of one kind. */
export interface Removal {
  kind: RemovedKind;
  /** Instellingsnummer. */
  school: string;
  /** Name of the class for `places` (enrolments in one class); otherwise null. */
  class: string | null;
  count: number;
  total: number;
}

/** The stored rows of each school. */
export interface Stored {
  memberships: Map<string, StoredMembership[]>;
  roles: Map<string, StoredRole[]>;
  sites: Map<string, StoredSite[]>;
  years: Map<string, StoredYear[]>;
  classes: Map<string, StoredClass[]>;
  enrolments: Map<string, StoredEnrolment[]>;
}

export const storedBySchool = async ({ state, yielder }: Draft): Promise<Stored> => ({
  memberships: await ofSchools(state.memberships, yielder),
  roles: await ofSchools(state.roles, yielder),
  sites: await ofSchools(state.sites, yielder),
  years: await ofSchools(state.years, yielder),
  classes: await ofSchools(state.classes, yielder),
  enrolments: await ofSchools(state.enrolments, yielder),
});

/** Removals of up to this many rows of a school, or enrolments of a class, never need confirmation. */
const smallNumber = 10;
const smallClass = 5;

/**
 * Finds the removals that need confirmation. A truncated file looks valid, and so does one that was made with a wrong filter or in which
 * everyone is disabled. So the sender must confirm an import that ends more than half of the rows of a kind, for whatever reason. Rows that
 * ended by themselves (past school years, enrolments whose dates have passed) do not count.
 */
export async function removalsOf({ yielder, today }: Draft, target: Target, before: Stored): Promise<Removal[]> {
  const school = target.school.id;
  const removals: Removal[] = [];
  const ask = (kind: RemovedKind, { before, gone }: Tally, least = smallNumber, of: string | null = null) => {
    if (gone <= least || gone * 2 <= before) return;
    removals.push({ kind, school: target.school.instellingsnummer, class: of, count: gone, total: before });
  };

  const users = new Map<string, string>();
  const memberships = (before.memberships.get(school) ?? []).filter(({ sourced_id }) => sourced_id !== null);
  for (const { person_id, sourced_id } of memberships) users.set(person_id, sourced_id as string);
  const roleKeys = new Set<string>();
  const holders = new Set<string>();
  for (const { user, role } of target.roles.values()) {
    roleKeys.add(`${user} ${role}`);
    holders.add(user);
  }
  const storedRoles = before.roles.get(school) ?? [];
  const byHand = new Set(storedRoles.filter(({ sourced_id }) => sourced_id === null).map(({ person_id }) => person_id));
  ask(
    'people',
    tally(
      memberships.filter(({ active }) => active),
      ({ person_id, sourced_id }) =>
        target.members.get(sourced_id as string)?.enabled === true &&
        (holders.has(sourced_id as string) || byHand.has(person_id)),
    ),
  );
  // Only roles of people who stay. A role may come back with another sourcedId.
  ask(
    'roles',
    tally(
      storedRoles.filter(({ sourced_id, person_id }) => sourced_id !== null && holders.has(users.get(person_id) ?? '')),
      ({ person_id, role }) => roleKeys.has(`${users.get(person_id)} ${role}`),
    ),
  );
  ask(
    'sites',
    tally(
      (before.sites.get(school) ?? []).filter(({ active }) => active),
      ({ sourced_id }) => target.sites.get(sourced_id)?.active === true,
    ),
  );

  const years = (before.years.get(school) ?? []).filter(({ ends_on }) => ends_on > today);
  const running = new Set(years.map(({ name }) => name));
  const sessions = new Set([...target.years.values()].flatMap(({ session_ids }) => session_ids));
  ask(
    'sessions',
    tally(
      years.flatMap(({ session_ids }) => session_ids),
      (session) => sessions.has(session),
    ),
  );

  const classes = (before.classes.get(school) ?? []).filter(({ active, school_year }) => active && running.has(school_year));
  const stays = ({ sourced_id }: { sourced_id: string }) => target.classes.get(sourced_id)?.active === true;
  ask('classes', tally(classes, stays));

  const enrolled = new Set<string>();
  for (const { class: of, user, role, active } of target.enrolments.values()) {
    if (yielder.due()) await yielder.yield();
    if (active) enrolled.add(`${of} ${user} ${role}`);
  }
  const classOf = new Map(classes.map((one) => [one.id, one]));
  const places = new Map<string, Tally>();
  const all: Tally = { before: 0, gone: 0 };
  for (const { active, class_id, person_id, role, ends_on } of before.enrolments.get(school) ?? []) {
    if (yielder.due()) await yielder.yield();
    const of = classOf.get(class_id);
    if (!active || of === undefined || (ends_on !== null && ends_on <= today)) continue;
    const kept = stays(of) && enrolled.has(`${of.sourced_id} ${users.get(person_id)} ${role}`);
    const ofClass = places.get(of.id) ?? { before: 0, gone: 0 };
    places.set(of.id, ofClass);
    for (const counted of [all, ofClass]) {
      counted.before += 1;
      if (!kept) counted.gone += 1;
    }
  }
  ask('enrolments', all);
  for (const [id, counted] of places) {
    const of = classOf.get(id);
    if (of !== undefined && stays(of)) ask('places', counted, smallClass, of.name);
  }
  return removals;
}

interface Tally {
  before: number;
  gone: number;
}

function tally<T>(before: readonly T[], stays: (row: T) => boolean): Tally {
  return { before: before.length, gone: before.filter((row) => !stays(row)).length };
}

const codes: Record<RemovedKind, FaultCode> = {
  people: 'removes-many',
  roles: 'removes-roles',
  classes: 'removes-classes',
  enrolments: 'removes-enrolments',
  places: 'removes-places',
  sites: 'removes-sites',
  sessions: 'removes-sessions',
};

const files: Record<RemovedKind, string> = {
  people: 'roles.csv',
  roles: 'roles.csv',
  classes: 'classes.csv',
  enrolments: 'enrollments.csv',
  places: 'enrollments.csv',
  sites: 'orgs.csv',
  sessions: 'academicSessions.csv',
};

export const removalFault = ({ kind, school, class: of, count, total }: Removal, version: '1.1' | '1.2' = '1.2'): Fault =>
  fault({ file: version === '1.1' && files[kind] === 'roles.csv' ? 'users.csv' : files[kind] }, codes[kind], {
    count,
    total,
    school,
    ...(of === null ? {} : { value: shown(of) }),
  });

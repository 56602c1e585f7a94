import { type TenantScope, Yielder } from '@ilearn/core';
import { type MayGrant, reportOverreach } from './authority.js';
import { type Changes, noChanges } from './changes.js';
import { diffSchools } from './diff.js';
import { identify } from './diff-people.js';
import { createDraft, type Draft, leaveOut, schoolsOf, type Target } from './draft.js';
import { type Fault, FaultList, fault, type RefusedSchools } from './faults.js';
import type { Row } from './format.js';
import { type PlannedSchool, resolveOrgs } from './orgs.js';
import { planClasses } from './plan-classes.js';
import { planPeople } from './plan-people.js';
import type { FaultyRow, Roster } from './read.js';
import { type Removal, removalFault, removalsOf, storedBySchool } from './removals.js';
import type { State, StoredPeople } from './state.js';

export interface Plan {
  /** Every school of the package. Refused schools are not changed. */
  schools: { school: PlannedSchool; refused: boolean }[];
  /** The first faults of each file; {@link faultCount} counts all. */
  faults: Fault[];
  faultCount: number;
  /** Large removals that need confirmation. */
  removals: Removal[];
  changes: Changes;
}

export interface PlanOptions {
  /** Schools for which the sender of the package acts. */
  scope: TenantScope;
  /** `2026-09-01` */
  today: string;
  /** Whether large removals are confirmed. */
  allowRemovals: boolean;
  /** Says which roles the sender may give and take. */
  mayGrant: MayGrant;
  /** Those of these schools of which no data of people may be taken yet. */
  awaiting?: (schools: readonly string[]) => Promise<readonly { id: string; name: string }[]>;
  /** Loads people who are in none of these schools, such as those whose membership has expired; without it there are none. */
  peopleElsewhere?: (ids: readonly string[]) => Promise<StoredPeople>;
  /** Called with every fault that planning finds; the plan keeps only the first ones. */
  onFault?: (found: Fault) => void;
}

/**
 * Computes what importing a package would change, without changing anything. A fault of a school prevents the import of that school; a
 * fault that belongs to no particular school prevents the import of all.
 */
export async function planImport(
  roster: Roster,
  state: State,
  { scope, today, allowRemovals, mayGrant, awaiting, peopleElsewhere, onFault }: PlanOptions,
): Promise<Plan> {
  const yielder = new Yielder();
  const faults = new FaultList();
  for (const found of roster.fatal) faults.add(found);
  faults.addAll(roster.found);
  const refused = new Set<string>();
  let refuseAll = roster.fatal.length > 0;
  const report = (found: Fault, schools: RefusedSchools) => {
    faults.add(found);
    onFault?.(found);
    refuse(schools);
  };
  const refuse = (schools: RefusedSchools) => {
    if (schools === 'all') refuseAll = true;
    else for (const school of schools) refused.add(school);
  };

  const orgs = await resolveOrgs(roster, state, scope, report, yielder);
  for (const { id, name } of (await awaiting?.([...orgs.schools.values()].map((school) => school.id))) ?? [])
    report(fault({ file: 'orgs.csv' }, 'agreement-awaited', { school: name }), [id]);
  const draft = await createDraft({ roster, state, orgs, scope, today, report, yielder });
  for (const one of roster.faulty) {
    if (yielder.due()) await yielder.yield();
    refuse(schoolsOfFaulty(draft, one));
  }
  const removals: Removal[] = [];
  // If a file was not read completely, every row that refers to the missing part would be reported.
  if (roster.fatal.length === 0) {
    await planPeople(draft);
    await planClasses(draft);
    planSites(draft);
    // Skip refused schools, because their faults may cause removals.
    const before = await storedBySchool(draft);
    for (const target of draft.targets.values()) {
      if (refuseAll || refused.has(target.school.id)) continue;
      for (const removal of await removalsOf(draft, target, before)) {
        removals.push(removal);
        if (!allowRemovals) report(removalFault(removal, roster.manifest.version), [target.school.id]);
      }
    }
  }
  const accepted = () => (refuseAll ? [] : [...draft.targets.values()].filter(({ school }) => !refused.has(school.id)));
  if (peopleElsewhere !== undefined) await addPeople(draft, accepted(), peopleElsewhere);
  const changes = await diffSchools(draft, accepted());
  reportOverreach(draft, accepted(), changes, mayGrant);
  if (scope !== '*' && [...orgs.schools.values()].some(({ group }) => group !== undefined))
    leaveOut(roster, 'orgs', 'school-group');
  return {
    schools: [...orgs.schools.values()].map((school) => ({ school, refused: refuseAll || refused.has(school.id) })),
    faults: faults.inOrder(),
    faultCount: faults.count,
    removals,
    changes: refuseAll ? noChanges() : changes,
  };
}

/** Adds to the state those who would be taken for new, but are stored: what other schools know about them must stay. */
async function addPeople(
  draft: Draft,
  targets: readonly Target[],
  peopleElsewhere: NonNullable<PlanOptions['peopleElsewhere']>,
): Promise<void> {
  const { state, yielder } = draft;
  const personAt = identify(draft, targets);
  const known = new Set(state.people.map(({ id }) => id));
  const unknown = new Set<string>();
  for (const { school, members } of targets) {
    for (const user of members.keys()) {
      if (yielder.due()) await yielder.yield();
      const id = personAt(school.id, user);
      if (!known.has(id)) unknown.add(id);
    }
  }
  if (unknown.size === 0) return;
  const { people, memberships, roles } = await peopleElsewhere([...unknown]);
  for (const each of people) state.people.push(each);
  for (const each of memberships) state.memberships.push(each);
  for (const each of roles) state.roles.push(each);
}

function planSites({ orgs, roster, targets }: Draft): void {
  if (roster.manifest.modes.orgs === 'bulk') {
    for (const { sites } of targets.values()) for (const site of sites.values()) site.active = false;
  }
  for (const { school, sourcedId, name, active } of orgs.sites) targets.get(school)?.sites.set(sourcedId, { name, active });
}

/** The schools to which a faulty row belongs, or all if that is unknown. */
function schoolsOfFaulty(draft: Draft, { file, row, torn }: FaultyRow): RefusedSchools {
  if (torn) return 'all';
  const ofOrg = (org: string | null | undefined): RefusedSchools => {
    const place = draft.orgs.placeOf(org ?? '');
    if (place.kind === 'school') return [place.school];
    return place.kind === 'faulty' ? [] : 'all';
  };
  switch (file) {
    case 'orgs':
      // A school without a valid row is not imported anyway, and rows of other files cannot belong to it.
      return row?.cells.sourcedId ? [] : 'all';
    case 'users': {
      const user = row?.cells.sourcedId;
      return user && draft.given.has(user) ? schoolsOf(draft, user) : 'all';
    }
    case 'roles':
      return ofOrg((row as Row<'roles'>).cells.orgSourcedId);
    case 'classes':
    case 'enrollments':
      return ofOrg((row as Row<'classes' | 'enrollments'>).cells.schoolSourcedId);
    default:
      return 'all';
  }
}

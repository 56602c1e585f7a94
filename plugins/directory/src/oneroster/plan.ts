import { Breath, type SchoolScope } from '@ilearn/core';
import { type MayGrant, reportOverreach } from './authority.js';
import { type Changes, noChanges } from './changes.js';
import { diffSchools } from './diff.js';
import { createDraft, type Draft, leaveOut, schoolsOf } from './draft.js';
import { type Fault, FaultList, type RefusedSchools } from './faults.js';
import type { Row } from './format.js';
import { type PlannedSchool, resolveOrgs } from './orgs.js';
import { planClasses } from './plan-classes.js';
import { planPeople } from './plan-people.js';
import type { FaultyRow, Roster } from './read.js';
import { type Removal, removalFault, removalsOf, storedBySchool } from './removals.js';
import type { State } from './state.js';

export interface Plan {
  /** Every school that the package is about; a refused one is left as it is. */
  schools: { school: PlannedSchool; refused: boolean }[];
  /** The first of each file; {@link faultCount} counts all. */
  faults: Fault[];
  faultCount: number;
  /** What would be taken away in such number that it is asked about. */
  removals: Removal[];
  changes: Changes;
}

export interface PlanOptions {
  /** Schools that the sender of the package acts for. */
  scope: SchoolScope;
  /** `2026-09-01` */
  today: string;
  /** Whether more than half of what a school has of some kind may be taken away. */
  allowRemovals: boolean;
  /** Which roles the sender may give people, and take from them. */
  mayGrant: MayGrant;
}

/**
 * Works out what importing a package would change. Touches nothing. A school at which any fault points is refused whole; a
 * fault that points at no school in particular refuses them all.
 */
export async function planImport(
  roster: Roster,
  state: State,
  { scope, today, allowRemovals, mayGrant }: PlanOptions,
): Promise<Plan> {
  const breath = new Breath();
  const faults = new FaultList();
  for (const found of roster.fatal) faults.add(found);
  faults.addAll(roster.found);
  const refused = new Set<string>();
  let refuseAll = roster.fatal.length > 0;
  const report = (found: Fault, schools: RefusedSchools) => {
    faults.add(found);
    refuse(schools);
  };
  const refuse = (schools: RefusedSchools) => {
    if (schools === 'all') refuseAll = true;
    else for (const school of schools) refused.add(school);
  };

  const orgs = await resolveOrgs(roster, state, scope, report, breath);
  const draft = await createDraft({ roster, state, orgs, scope, today, report, breath });
  for (const one of roster.faulty) {
    if (breath.due()) await breath.take();
    refuse(schoolsOfFaulty(draft, one));
  }
  const removals: Removal[] = [];
  // A file that could not be read to its end would make the rest look full of holes.
  if (roster.fatal.length === 0) {
    await planPeople(draft);
    await planClasses(draft);
    planSites(draft);
    // Of a faulty package they would tell what its faults take away.
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

function planSites({ orgs, roster, targets }: Draft): void {
  if (roster.manifest.modes.orgs === 'bulk') {
    for (const { sites } of targets.values()) for (const site of sites.values()) site.active = false;
  }
  for (const { school, sourcedId, name, active } of orgs.sites) targets.get(school)?.sites.set(sourcedId, { name, active });
}

/** The schools that a faulty row belongs to, as far as the row says. */
function schoolsOfFaulty(draft: Draft, { file, row, torn }: FaultyRow): RefusedSchools {
  if (torn) return 'all';
  const ofOrg = (org: string | null | undefined): RefusedSchools => {
    const place = draft.orgs.placeOf(org ?? '');
    if (place.kind === 'school') return [place.school];
    return place.kind === 'faulty' ? [] : 'all';
  };
  switch (file) {
    case 'orgs':
      // A school without a sound row is not imported, and its rows in the other files have no school to go to.
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

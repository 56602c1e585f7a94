import type { SchoolScope } from '@ilearn/core';
import { type MayGrant, reportOverreach } from './authority.js';
import { type Changes, noChanges } from './changes.js';
import { diffSchools } from './diff.js';
import { type Blame, createDraft, type Draft, leaveOut, schoolsOf } from './draft.js';
import { type Fault, inOrder } from './faults.js';
import type { Row } from './format.js';
import { type PlannedSchool, resolveOrgs } from './orgs.js';
import { planClasses } from './plan-classes.js';
import { planPeople } from './plan-people.js';
import type { Roster, RowFault } from './read.js';
import type { State } from './state.js';

export interface Plan {
  /** Every school that the package is about; a refused one is left as it is. */
  schools: { school: PlannedSchool; refused: boolean }[];
  faults: Fault[];
  changes: Changes;
}

export interface PlanOptions {
  /** Schools that the sender of the package acts for. */
  scope: SchoolScope;
  /** `2026-09-01` */
  today: string;
  /** Whether a bulk file may leave out more than half of a school's people. */
  allowRemovals: boolean;
  /** Which roles the sender may give people, and take from them. */
  mayGrant: MayGrant;
}

/**
 * Works out what importing a package would change. Touches nothing. A school at which any fault points is refused whole; a
 * fault that points at no school in particular refuses them all.
 */
export function planImport(roster: Roster, state: State, { scope, today, allowRemovals, mayGrant }: PlanOptions): Plan {
  const faults: Fault[] = [...roster.fatal];
  const refused = new Set<string>();
  let nothing = roster.fatal.length > 0;
  const report = (found: Fault, blame: Blame) => {
    faults.push(found);
    if (blame === 'all') nothing = true;
    else for (const school of blame) refused.add(school);
  };

  const orgs = resolveOrgs(roster, state, scope, report);
  const draft = createDraft({ roster, state, orgs, scope, today, report });
  for (const one of roster.faulty) report(one.fault, blameOf(draft, one));
  // A file that could not be read to its end would make the rest look full of holes.
  if (roster.fatal.length === 0) {
    planPeople(draft, allowRemovals);
    planClasses(draft);
    planSites(draft);
  }
  const accepted = () => (nothing ? [] : [...draft.targets.values()].filter(({ school }) => !refused.has(school.id)));
  const changes = diffSchools(draft, accepted());
  reportOverreach(draft, accepted(), changes, mayGrant);
  if (scope !== '*' && [...orgs.schools.values()].some(({ group }) => group !== undefined))
    leaveOut(roster, 'orgs', 'school-group');
  return {
    schools: [...orgs.schools.values()].map((school) => ({ school, refused: nothing || refused.has(school.id) })),
    faults: inOrder(faults),
    changes: nothing ? noChanges() : changes,
  };
}

function planSites({ orgs, roster, targets }: Draft): void {
  if (roster.manifest.modes.orgs === 'bulk') {
    for (const { sites } of targets.values()) for (const site of sites.values()) site.active = false;
  }
  for (const { school, sourcedId, name, active } of orgs.sites) targets.get(school)?.sites.set(sourcedId, { name, active });
}

/** The schools that a faulty row belongs to, as far as the row says. */
function blameOf(draft: Draft, { file, row }: RowFault): Blame {
  const ofOrg = (org: string | null | undefined): Blame => {
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

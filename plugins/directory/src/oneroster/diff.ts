import { derivedId, nameKey } from '../ids.js';
import { type Changes, noChanges, same, tally } from './changes.js';
import { diffPeople, type PersonAt } from './diff-people.js';
import { type Draft, ofSchools, type Target } from './draft.js';
import { siteId } from './orgs.js';
import type { StoredClass, StoredEnrolment, StoredSite, StoredYear } from './state.js';

/** Compares the planned schools with the stored ones. */
export async function diffSchools(draft: Draft, targets: readonly Target[]): Promise<Changes> {
  const { state, yielder } = draft;
  const changes = noChanges();
  const personAt = await diffPeople(draft, targets, changes);
  const [sites, years] = [await ofSchools(state.sites, yielder), await ofSchools(state.years, yielder)];
  const [classes, enrolments] = [await ofSchools(state.classes, yielder), await ofSchools(state.enrolments, yielder)];
  for (const target of targets) {
    if (yielder.due()) await yielder.yield();
    const { id } = target.school;
    diffSchool(draft, target, sites.get(id) ?? [], changes);
    diffYears(target, years.get(id) ?? [], changes);
    const classAt = await diffClasses(draft, target, classes.get(id) ?? [], changes);
    await diffEnrolments(draft, target, enrolments.get(id) ?? [], { personAt, classAt }, changes);
  }
  return changes;
}

function diffSchool(draft: Draft, { school, sites }: Target, storedOnes: readonly StoredSite[], changes: Changes): void {
  const { known, group, ...row } = school;
  // School groups are shared by schools, so only a sender that acts for all schools may change them.
  if (group !== undefined && draft.scope === '*') {
    const stored = draft.state.groups.find(({ code }) => code === group.code);
    row.group_id = stored?.id ?? derivedId('group', group.code);
    const wanted = { id: row.group_id, ...group };
    if ((stored === undefined || !same(stored, wanted)) && !changes.groups.some(({ id }) => id === wanted.id))
      changes.groups.push(wanted);
  }
  const stored = draft.state.schools.find(({ id }) => id === school.id);
  const before = stored && { ...row, ...stored };
  if (tally<object>(changes.counts.schools, before, row)) changes.schools.push(row);

  const storedSites = new Map(storedOnes.map((site) => [site.sourced_id, site]));
  for (const [sourced_id, { name, active }] of sites) {
    const site = { id: siteId(school.id, sourced_id), school_id: school.id, sourced_id, name, active };
    if (tally(changes.counts.sites, storedSites.get(sourced_id), site)) changes.sites.push(site);
  }
}

function diffYears({ school, years }: Target, storedOnes: readonly StoredYear[], changes: Changes): void {
  const stored = new Map(storedOnes.map((year) => [year.name, year]));
  for (const [name, { starts_on, ends_on, session_ids }] of years) {
    const id = stored.get(name)?.id ?? derivedId('year', school.id, name);
    const year = { id, school_id: school.id, name, starts_on, ends_on, session_ids };
    if (tally<object>(changes.counts.school_years, stored.get(name), year)) changes.years.push(year);
  }
}

/**
 * A new class becomes the one of the same name and year that the turn of the school year made, with all that was given to it. A class that goes to a
 * later school year under the same sourcedId is another class; the one of last year ends.
 *
 * @returns a function that gives the id of the class with a sourcedId
 */
async function diffClasses(
  { state, yielder }: Draft,
  { school, classes }: Target,
  storedOnes: readonly StoredClass[],
  changes: Changes,
): Promise<(sourcedId: string) => string> {
  const stored = new Map(storedOnes.map((one) => [one.sourced_id, one]));
  const keyOf = (one: Pick<StoredClass, 'name' | 'school_year'>) => `${one.school_year} ${nameKey(one.name)}`;
  const made = new Map(state.made.flatMap((one) => (one.school_id === school.id ? [[keyOf(one), one.id]] : [])));
  const ids = new Map<string, string>();
  for (const [sourced_id, { name, school_year, site_id, grade, active }] of classes) {
    if (yielder.due()) await yielder.yield();
    const key = keyOf({ name, school_year });
    const known = stored.get(sourced_id);
    // Other pupils, who must not have what was given to those of last year.
    const isNextYears = known !== undefined && active && school_year > known.school_year;
    if (isNextYears) {
      if (known.active) changes.counts.classes.removed++;
      changes.classes.push({ ...known, sourced_id: null, active: false });
    }
    const before = isNextYears ? undefined : known;
    const taken = before !== undefined || !active ? undefined : made.get(key);
    if (taken !== undefined) made.delete(key);
    const another = isNextYears ? [school_year] : [];
    const id = before?.id ?? taken ?? derivedId('class', school.id, sourced_id, ...another);
    ids.set(sourced_id, id);
    const row: StoredClass = { id, school_id: school.id, sourced_id, name, school_year, site_id, grade, active };
    if (tally(changes.counts.classes, before, row)) changes.classes.push(row);
  }
  return (sourcedId) => ids.get(sourcedId) ?? derivedId('class', school.id, sourcedId);
}

async function diffEnrolments(
  { yielder }: Draft,
  { school, enrolments }: Target,
  storedOnes: readonly StoredEnrolment[],
  { personAt, classAt }: { personAt: PersonAt; classAt: (sourcedId: string) => string },
  changes: Changes,
): Promise<void> {
  const stored = new Map(storedOnes.map((one) => [one.sourced_id, one]));
  for (const [sourced_id, { class: of, user, role, begins_on, ends_on, active }] of enrolments) {
    if (yielder.due()) await yielder.yield();
    const row: StoredEnrolment = {
      id: derivedId('enrolment', school.id, sourced_id),
      school_id: school.id,
      sourced_id,
      class_id: classAt(of),
      person_id: personAt(school.id, user),
      role,
      active,
      begins_on,
      ends_on,
    };
    if (tally(changes.counts.enrolments, stored.get(sourced_id), row)) changes.enrolments.push(row);
  }
  for (const [sourced_id, row] of stored) {
    if (!enrolments.has(sourced_id) && row.active) {
      changes.counts.enrolments.removed++;
      changes.enrolments.push({ ...row, active: false });
    }
  }
}

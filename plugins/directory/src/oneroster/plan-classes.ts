import { type Draft, faultyIds, leaveOut, siblings, type Target, targetAt, targetWith, unplacedAt } from './draft.js';
import { type Fault, fault, shown } from './faults.js';
import type { Row } from './format.js';
import { lowestGrade } from './grades.js';
import { rolesByUser } from './plan-people.js';
import { planYears, readYears, type Years } from './plan-years.js';

/** Plans school years, classes and enrolments. Must run after planning people, because enrolments are compared with roles. */
export async function planClasses(draft: Draft): Promise<void> {
  const { roster, targets, yielder } = draft;
  const years = readYears(draft);
  const used = new Map<Target, Set<string>>();
  const courses = knownCourses(draft);
  const faulty = faultyIds(roster, 'classes');
  if (roster.manifest.modes.classes === 'bulk') {
    for (const target of holdersOf(draft, 'classes')) for (const one of target.classes.values()) one.active = false;
  }
  for (const row of roster.rows.classes) {
    if (yielder.due()) await yielder.yield();
    const { sourcedId, schoolSourcedId, title } = row.cells;
    if (row.deleted) {
      const found = targetWith(draft, 'classes', row, schoolSourcedId, (target, id) => target.classes.get(id)?.active === true);
      const stored = found?.classes.get(sourcedId);
      if (stored !== undefined) stored.active = false;
      continue;
    }
    const place = targetAt(draft, { file: 'classes.csv', row: row.row, column: 'schoolSourcedId' }, schoolSourcedId);
    if (place === null) continue;
    const { target, site } = place;
    const year = checkCourse(draft, row, target, courses) ? yearOfClass(draft, years, row, target) : null;
    if (year === null) {
      target.faultyClasses.add(sourcedId);
      continue;
    }
    used.set(target, (used.get(target) ?? new Set()).add(year));
    target.classes.set(sourcedId, {
      name: title,
      school_year: year,
      site_id: site,
      grade: lowestGrade(row.cells.grades),
      active: true,
    });
  }
  await planYears(draft, years, used);

  if (roster.manifest.modes.enrollments === 'bulk') {
    for (const target of holdersOf(draft, 'enrollments')) for (const one of target.enrolments.values()) one.active = false;
  }
  const roles = new Map([...targets.values()].map((target) => [target, rolesByUser(target)]));
  for (const row of roster.rows.enrollments) {
    if (yielder.due()) await yielder.yield();
    planEnrolment(draft, row, roles, faulty);
  }
}

/** The schools for which a file has at least one row. A bulk file only removes rows of these schools. */
function holdersOf({ roster, orgs, targets }: Draft, file: 'classes' | 'enrollments'): Target[] {
  const held = new Set<Target>();
  for (const { deleted, cells } of roster.rows[file]) {
    const place = deleted ? null : orgs.placeOf(cells.schoolSourcedId);
    const target = place?.kind === 'school' ? targets.get(place.school) : undefined;
    if (target !== undefined) held.add(target);
  }
  return [...held];
}

/**
 * sourcedIds of the package's courses. Courses are not stored, so references to them can only be checked if the package has all courses;
 * otherwise null.
 */
function knownCourses({ roster }: Draft): Set<string> | null {
  if (roster.manifest.modes.courses !== 'bulk') return null;
  return new Set([...roster.rows.courses.map(({ cells }) => cells.sourcedId), ...faultyIds(roster, 'courses')]);
}

function checkCourse({ report }: Draft, { row, cells }: Row<'classes'>, target: Target, courses: Set<string> | null): boolean {
  const { courseSourcedId } = cells;
  if (courses === null || courseSourcedId === null || courses.has(courseSourcedId)) return true;
  const where = { file: 'classes.csv', row, column: 'courseSourcedId' };
  report(fault(where, 'reference', { target: 'courses.csv', value: shown(courseSourcedId) }), [target.school.id]);
  return false;
}

/** The school year of a class. Null if a fault was reported, or the session's own row has one. */
function yearOfClass({ report }: Draft, years: Years, { row, cells }: Row<'classes'>, target: Target): string | null {
  const where = { file: 'classes.csv', row, column: 'termSourcedIds' };
  const refused = [target.school.id];
  const names = new Set<string>();
  for (const term of cells.termSourcedIds) {
    const year = years.yearOf(target, term);
    if (year === 'faulty') return null;
    if (year !== null) names.add(year);
    else if (!years.has(term)) {
      report(fault(where, 'reference', { target: 'academicSessions.csv', value: shown(term) }), refused);
      return null;
    }
  }
  const [name] = names;
  if (names.size === 1) return name as string;
  if (names.size === 0) report(fault(where, 'class-year'), refused);
  else report(fault(where, 'class-years', { years: [...names].sort().join(', ') }), refused);
  return null;
}

function planEnrolment(
  draft: Draft,
  row: Row<'enrollments'>,
  roles: Map<Target, Map<string, Set<string>>>,
  faultyClasses: ReadonlySet<string>,
): void {
  const { sourcedId, schoolSourcedId, classSourcedId, userSourcedId: user, role, beginDate, endDate } = row.cells;
  const at = (column: string) => ({ file: 'enrollments.csv', row: row.row, column });
  if (row.deleted) {
    const found = targetWith(
      draft,
      'enrollments',
      row,
      schoolSourcedId,
      (target, id) => target.enrolments.get(id)?.active === true,
    );
    const stored = found?.enrolments.get(sourcedId);
    if (stored !== undefined) stored.active = false;
    return;
  }
  const target = targetAt(draft, at('schoolSourcedId'), schoolSourcedId)?.target;
  if (target === undefined || faultyClasses.has(classSourcedId) || !checkClass(draft, row, target)) return;
  if (role !== 'student' && role !== 'teacher') {
    leaveOut(draft.roster, 'enrollments', 'no-portal-role');
    return;
  }
  const refused = [target.school.id];
  const held = roles.get(target)?.get(user);
  if (held === undefined) {
    const why = unplacedAt(draft, target, user);
    if (why === undefined) draft.report(unknownUser(draft, target, user, at('userSourcedId')), refused);
    else if (why !== 'faulty') leaveOut(draft.roster, 'enrollments', why);
    // Their places of the old year stay as they are, so that they are not removals.
    const stored = why === 'left' ? target.enrolments.get(sourcedId) : undefined;
    if (stored !== undefined) stored.active = true;
    return;
  }
  const suits = role === 'student' ? held.has('pupil') : [...held].some((one) => one !== 'pupil');
  if (!suits) {
    if (unplacedAt(draft, target, user) !== 'faulty') {
      draft.report(fault(at('role'), 'enrolment-role', { value: shown(user), role, target: rolesFile(draft) }), refused);
    }
    return;
  }
  if (beginDate !== null && endDate !== null && endDate < beginDate) {
    draft.report(fault(at('endDate'), 'date-order', { begin: beginDate, end: endDate }), refused);
    return;
  }
  for (const other of siblings(draft, target)) other.enrolments.delete(sourcedId);
  target.enrolments.set(sourcedId, {
    class: classSourcedId,
    user,
    role: role === 'student' ? 'pupil' : 'teacher',
    begins_on: beginDate,
    ends_on: endDate,
    active: true,
  });
}

function unknownUser(draft: Draft, target: Target, user: string, where: Parameters<typeof fault>[0]): Fault {
  const value = shown(user);
  if (draft.users.has(user) || draft.given.has(user) || target.members.has(user))
    return fault(where, 'no-role', { value, target: rolesFile(draft) });
  return fault(where, 'reference', { value, target: 'users.csv' });
}

const rolesFile = ({ roster }: Draft): string => (roster.manifest.version === '1.2' ? 'roles.csv' : 'users.csv');

/** Whether the class of an enrolment exists. If false, a fault was reported, or the class's own row has one. */
function checkClass({ targets, report }: Draft, { row, cells }: Row<'enrollments'>, target: Target): boolean {
  const { classSourcedId } = cells;
  if (target.faultyClasses.has(classSourcedId)) return false;
  if (target.classes.get(classSourcedId)?.active) return true;
  const where = { file: 'enrollments.csv', row, column: 'classSourcedId' };
  const refused = [target.school.id];
  if ([...targets.values()].some(({ classes }) => classes.get(classSourcedId)?.active))
    report(fault(where, 'class-other-school', { value: shown(classSourcedId) }), refused);
  else report(fault(where, 'reference', { target: 'classes.csv', value: shown(classSourcedId) }), refused);
  return false;
}

import { boolean, type Column, date, dateTime, id, ids, oneOf, optional, text } from './cells.js';
import type { FileName } from './file-names.js';

/** The columns that are read, by file (OneRoster 1.2.1 CSV binding §3, and 1.1 where it differs). */
const every = { sourcedId: id(), status: optional(oneOf('active', 'tobedeleted')), dateLastModified: optional(dateTime()) };

const sessionColumns = {
  ...every,
  title: text(),
  type: oneOf('gradingPeriod', 'semester', 'schoolYear', 'term'),
  startDate: date(),
  endDate: date(),
  parentSourcedId: optional(id()),
};

const orgColumns = {
  ...every,
  name: text(),
  type: oneOf('department', 'school', 'district', 'local', 'state', 'national'),
  identifier: optional(text()),
  parentSourcedId: optional(id()),
};

/** `orgSourcedIds` and `role` only exist in 1.1; 1.2 has roles.csv instead. */
const userColumns = {
  ...every,
  enabledUser: boolean(),
  givenName: text(100),
  familyName: text(100),
  preferredGivenName: optional(text(100)),
  preferredFamilyName: optional(text(100)),
  email: optional(text()),
  orgSourcedIds: optional(ids()),
  role: optional(oneOf('administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'student', 'teacher')),
};

const roleColumns = {
  ...every,
  userSourcedId: id(),
  roleType: oneOf('primary', 'secondary'),
  role: oneOf(
    'aide',
    'counselor',
    'districtAdministrator',
    'guardian',
    'parent',
    'principal',
    'proctor',
    'relative',
    'siteAdministrator',
    'student',
    'systemAdministrator',
    'teacher',
  ),
  beginDate: optional(date()),
  endDate: optional(date()),
  orgSourcedId: id(),
};

const courseColumns = { ...every, title: text(), orgSourcedId: id(), schoolYearSourcedId: optional(id()) };

const classColumns = {
  ...every,
  title: text(),
  /** Required by the standard, but optional here, because the portal does not store courses. */
  courseSourcedId: optional(id()),
  classType: oneOf('homeroom', 'scheduled'),
  schoolSourcedId: id(),
  termSourcedIds: ids(),
  grades: optional(text()),
};

const enrollmentColumns = {
  ...every,
  classSourcedId: id(),
  schoolSourcedId: id(),
  userSourcedId: id(),
  role: oneOf('administrator', 'proctor', 'student', 'teacher'),
  beginDate: optional(date()),
  endDate: optional(date()),
};

export const columns = {
  academicSessions: sessionColumns,
  orgs: orgColumns,
  courses: courseColumns,
  users: userColumns,
  roles: roleColumns,
  classes: classColumns,
  enrollments: enrollmentColumns,
} satisfies Record<FileName, Record<string, Column<unknown>>>;

type Cells<C extends Record<string, Column<unknown>>> = { [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** A row as read. A row with status `tobedeleted` may have only its sourcedId. */
export interface Row<N extends FileName> {
  row: number;
  deleted: boolean;
  cells: Cells<(typeof columns)[N]>;
}

/** Columns with personal data that the portal does not need, and so ignores. */
export const personalColumns: Partial<Record<FileName, readonly string[]>> = {
  users: [
    'username',
    'userIds',
    'middleName',
    'identifier',
    'sms',
    'phone',
    'agentSourcedIds',
    'agents',
    'grades',
    'password',
    'userMasterIdentifier',
    'preferredMiddleName',
    'pronouns',
    'resourceSourcedIds',
  ],
};

/** Columns of the standard that the portal does not use. */
export const unusedColumns: Partial<Record<FileName, readonly string[]>> = {
  academicSessions: ['schoolYear'],
  users: ['primaryOrgSourcedId'],
  roles: ['userProfileSourcedId'],
  courses: ['courseCode', 'grades', 'subjects', 'subjectCodes', 'resources'],
  classes: ['classCode', 'location', 'subjects', 'subjectCodes', 'periods', 'resources'],
  enrollments: ['primary'],
};

/** Files of the standard that are not read: personal data that the portal does not need, and files for gradebook and resources. */
export const otherFiles: { [name: string]: 'personal' | 'unused' } = {
  demographics: 'personal',
  userProfiles: 'personal',
  results: 'personal',
  resultLearningObjectiveIds: 'personal',
  resultScoreScales: 'personal',
  userResources: 'personal',
  categories: 'unused',
  classResources: 'unused',
  courseResources: 'unused',
  lineItems: 'unused',
  lineItemLearningObjectiveIds: 'unused',
  lineItemScoreScales: 'unused',
  resources: 'unused',
  scoreScales: 'unused',
};

import { createHash } from 'node:crypto';
import type { RosterRow } from '@ilearn/plugin-directory';
import type { ListName } from './pages.js';
import type { SourceSettings } from './settings.js';
import { booleanOf, dayOf, type Fields, fieldsOf, idOf, listOf, referenceOf, textOf } from './values.js';

type Kind = 'users' | 'classes' | 'enrollments';

/** A row that was left out, or taken without a part of it. */
export interface Note {
  file: string;
  sourcedId: string;
  column: string | null;
  code: string;
}

/** What is kept of a page of the other system: nothing that the portal does not need. */
export interface Staged {
  rows: { [file: string]: RosterRow[] };
  unreadable: { kind: Kind; ids: string[]; unknown: boolean };
  notes: Note[];
  /** sourcedId of a user, and the key of their account for signing in. */
  keys: [user: string, key: string][];
  /** Hashes of the sourcedIds on the page, of all schools: an object on two pages shows that another one may be on none. */
  marks: string[];
}

/** The orgs of the school: its own and those of its departments. */
export interface OwnOrgs {
  school: string;
  departments: { id: string; name: string }[];
}

/** Roles of both versions that have one in the portal. */
const portalRoles = new Set(['student', 'teacher', 'principal', 'siteAdministrator', 'systemAdministrator']);
/** Roles of both versions that have none: such people are not stored. */
const otherRoles = new Set([
  'administrator',
  'aide',
  'counselor',
  'districtAdministrator',
  'guardian',
  'parent',
  'proctor',
  'relative',
]);

const emailPattern = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;
const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Reads the objects of a page of `classes`, `users`, `enrollments` or `academicSessions`. */
export function readObjects(
  list: Exclude<ListName, 'orgs'>,
  objects: readonly unknown[],
  { shape, accounts }: Pick<SourceSettings, 'shape' | 'accounts'>,
  orgs: OwnOrgs,
): Staged {
  const own = new Set([orgs.school, ...orgs.departments.map(({ id }) => id)]);
  const kind: Kind = list === 'academicSessions' ? 'classes' : list;
  const staged: Staged = { rows: {}, unreadable: { kind, ids: [], unknown: false }, notes: [], keys: [], marks: [] };
  const reader: Reader = { staged, own, shape, accounts };
  const marks = new Set<string>();
  for (const each of objects) {
    const object = fieldsOf(each);
    marks.add(markOf(object['sourcedId']));
    // What is deleted there is absent here.
    if (textOf(object['status'])?.toLowerCase() === 'tobedeleted') continue;
    const sourcedId = idOf(object['sourcedId']);
    if (sourcedId === null) {
      note(staged, list, '', 'sourcedId', 'required');
      if (list !== 'academicSessions') staged.unreadable.unknown = true;
      continue;
    }
    readers[list](reader, sourcedId, object);
  }
  marks.delete(markOf(undefined));
  staged.marks = [...marks];
  return staged;
}

const markOf = (value: unknown): string =>
  createHash('sha256')
    .update(idOf(value) ?? '')
    .digest('base64url')
    .slice(0, 12);

interface Reader {
  staged: Staged;
  own: ReadonlySet<string>;
  shape: SourceSettings['shape'];
  accounts: SourceSettings['accounts'];
}

const readers: Record<Exclude<ListName, 'orgs'>, (reader: Reader, sourcedId: string, object: Fields) => void> = {
  academicSessions({ staged }, sourcedId, object) {
    const startDate = dayOf(object['startDate']);
    const endDate = dayOf(object['endDate']);
    if (!startDate || !endDate) return note(staged, 'academicSessions', sourcedId, startDate ? 'endDate' : 'startDate', 'date');
    put(staged, 'academicSessions', { sourcedId, startDate, endDate, type: textOf(object['type']) ?? '' });
  },
  classes({ staged, own }, sourcedId, object) {
    const school = referenceOf(object['school']);
    const title = textOf(object['title']);
    if (school !== null && !own.has(school)) return;
    if (school === null || title === null) return unreadable(staged, 'classes', sourcedId, school === null ? 'school' : 'title');
    const terms = listOf(object['terms']).flatMap((each) => referenceOf(each) ?? []);
    put(staged, 'classes', {
      sourcedId,
      title,
      classType: object['classType'] === 'scheduled' ? 'scheduled' : 'homeroom',
      schoolSourcedId: school,
      // A list in a cell: an id with a comma would be several.
      termSourcedIds: terms.filter((id) => !id.includes(',')).join(','),
      grades: listOf(object['grades'])
        .flatMap((each) => textOf(each) ?? [])
        .join(','),
    });
  },
  users(reader, sourcedId, object) {
    readUser(reader, sourcedId, object);
  },
  enrollments({ staged, own }, sourcedId, object) {
    const [user, of, school] = [object['user'], object['class'], object['school']].map(referenceOf);
    const role = textOf(object['role']);
    if (school && !own.has(school)) return;
    if (role !== null && role !== 'student' && role !== 'teacher' && (otherRoles.has(role) || portalRoles.has(role))) return;
    const [beginDate, endDate] = [dayOf(object['beginDate']), dayOf(object['endDate'])];
    if (!user || !of) return unreadable(staged, 'enrollments', sourcedId, user ? 'class' : 'user');
    if (role !== 'student' && role !== 'teacher') return unreadable(staged, 'enrollments', sourcedId, 'role', 'enum');
    if (beginDate === null || endDate === null)
      return unreadable(staged, 'enrollments', sourcedId, beginDate === null ? 'beginDate' : 'endDate', 'date');
    put(staged, 'enrollments', {
      sourcedId,
      classSourcedId: of,
      // Empty: the class tells whose it is, and is known once all classes have been read.
      schoolSourcedId: school ?? '',
      userSourcedId: user,
      role,
      beginDate,
      endDate,
    });
  },
};

function readUser(reader: Reader, sourcedId: string, object: Fields): void {
  const { staged, own, shape, accounts } = reader;
  const held = rolesOf(object, shape).filter(({ org }) => org === null || own.has(org));
  const given = held.filter(({ role }) => role !== null && portalRoles.has(role));
  // A role without a readable org may be one in this school.
  const unknownRole = held.some(
    ({ role, org }) => role === null || (org === null ? portalRoles.has(role) : !portalRoles.has(role) && !isOther(role)),
  );
  if (!unknownRole && given.length === 0) return;
  // Also of a row that cannot be read: the person stays, and signs in as before.
  const key = accounts === 'smartschool' ? textOf(fieldsOf(object['metadata'])['smsc.legacyIdentifier']) : null;
  if (key !== null) staged.keys.push([sourcedId, key]);
  const enabled = booleanOf(object['enabledUser'] ?? 'true');
  const givenName = textOf(object['givenName']);
  const familyName = textOf(object['familyName']);
  const days = given.map(({ begin, end }) => [dayOf(begin), dayOf(end)] as const);
  const rolesColumn = shape === '1.1' ? 'role' : 'roles';
  if (unknownRole) unreadable(staged, 'users', sourcedId, rolesColumn, 'enum');
  else if (enabled === null) unreadable(staged, 'users', sourcedId, 'enabledUser', 'boolean');
  else if (days.flat().includes(null)) unreadable(staged, 'users', sourcedId, rolesColumn, 'date');
  else if (givenName === null) unreadable(staged, 'users', sourcedId, 'givenName');
  else if (familyName === null) unreadable(staged, 'users', sourcedId, 'familyName');
  else {
    putUser(reader, sourcedId, object, { enabled, givenName, familyName });
    for (const [index, { role, org, type }] of given.entries()) {
      const [beginDate, endDate] = days[index] as readonly [string, string];
      put(staged, 'roles', {
        sourcedId: roleId(sourcedId, role as string, org as string),
        userSourcedId: sourcedId,
        roleType: type === 'secondary' ? 'secondary' : 'primary',
        role: role as string,
        orgSourcedId: org as string,
        beginDate,
        endDate,
      });
    }
  }
}

/** The directory takes ids of at most 255 characters. */
function roleId(user: string, role: string, org: string): string {
  const id = `${user}/${role}/${org}`;
  return id.length <= 255
    ? id
    : `${createHash('sha256')
        .update(JSON.stringify([user, role, org]))
        .digest('base64url')}/${role}`;
}

function putUser(
  { staged, own, shape }: Reader,
  sourcedId: string,
  object: Fields,
  { enabled, givenName, familyName }: { enabled: boolean; givenName: string; familyName: string },
): void {
  const isStaff = rolesOf(object, shape).some(
    ({ role, org }) => org !== null && own.has(org) && role !== null && role !== 'student' && portalRoles.has(role),
  );
  put(staged, 'users', {
    sourcedId,
    enabledUser: `${enabled}`,
    givenName,
    familyName,
    preferredGivenName: textOf(object['preferredFirstName']) ?? '',
    preferredFamilyName: textOf(object['preferredLastName']) ?? '',
    email: isStaff ? emailOf(staged, sourcedId, object) : '',
  });
}

interface HeldRole {
  role: string | null;
  org: string | null;
  begin: unknown;
  end: unknown;
  type: unknown;
}

/** 1.1: one role in several orgs; 1.2: roles with an org each. */
function rolesOf(object: Fields, shape: SourceSettings['shape']): HeldRole[] {
  if (shape === '1.1') {
    const role = textOf(object['role']);
    return listOf(object['orgs']).map((org) => ({ role, org: referenceOf(org), begin: '', end: '', type: 'primary' }));
  }
  return listOf(object['roles'])
    .map(fieldsOf)
    .map(({ role, org, beginDate: begin, endDate: end, roleType: type }) => {
      return { role: textOf(role), org: referenceOf(org), begin, end, type };
    });
}

/** Roles without a place in the portal; suppliers add their own as `ext:…`. */
const isOther = (role: string): boolean => otherRoles.has(role) || role.startsWith('ext:');

/** A wrong address is no reason to leave out the person. */
function emailOf(staged: Staged, sourcedId: string, object: Fields): string {
  const email = textOf(object['email']);
  if (email === null) return '';
  if (email.length <= 254 && emailPattern.test(email) && !controls.test(email)) return email;
  note(staged, 'users', sourcedId, 'email', 'email');
  return '';
}

const put = (staged: Staged, file: string, row: RosterRow): void => {
  const rows = staged.rows[file];
  if (rows === undefined) staged.rows[file] = [row];
  else rows.push(row);
};

const note = (staged: Staged, file: string, sourcedId: string, column: string | null, code: string): void => {
  staged.notes.push({ file, sourcedId: sourcedId.slice(0, 60), column, code });
};

/** It is there, so nothing about it is taken for gone. */
function unreadable(staged: Staged, kind: Kind, sourcedId: string, column: string, code = 'required'): void {
  staged.unreadable.ids.push(sourcedId);
  note(staged, kind, sourcedId, column, code);
}

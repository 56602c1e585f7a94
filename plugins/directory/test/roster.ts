import { crc32, deflateRawSync } from 'node:zlib';

/** A row of a CSV file by column; what is missing is empty. */
export type Line = Record<string, string>;

/** A package as its files, to be changed by a test before it is written. */
export interface TestRoster {
  manifest: Record<string, string>;
  orgs: Line[];
  academicSessions: Line[];
  courses: Line[];
  users: Line[];
  roles: Line[];
  classes: Line[];
  enrollments: Line[];
}

const headers: Record<Exclude<keyof TestRoster, 'manifest'>, string> = {
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  academicSessions: 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  courses: 'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  users:
    'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
  roles: 'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  enrollments: 'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
};
export type TestFile = keyof typeof headers;
export const testFiles = Object.keys(headers) as TestFile[];

export const user = (sourcedId: string, givenName: string, familyName: string, more: Line = {}): Line => ({
  sourcedId,
  enabledUser: 'true',
  username: sourcedId,
  givenName,
  familyName,
  ...more,
});
export const role = (userSourcedId: string, name: string, orgSourcedId: string, more: Line = {}): Line => ({
  sourcedId: `r-${userSourcedId}-${orgSourcedId}`,
  userSourcedId,
  roleType: 'primary',
  role: name,
  orgSourcedId,
  ...more,
});
export const klas = (sourcedId: string, title: string, schoolSourcedId: string, more: Line = {}): Line => ({
  sourcedId,
  title,
  courseSourcedId: `c-${schoolSourcedId}`,
  classType: 'homeroom',
  schoolSourcedId,
  termSourcedIds: 'sy',
  ...more,
});
export const enrolment = (
  classSourcedId: string,
  userSourcedId: string,
  name: string,
  schoolSourcedId: string,
  more: Line = {},
): Line => ({
  sourcedId: `e-${classSourcedId}-${userSourcedId}`,
  classSourcedId,
  schoolSourcedId,
  userSourcedId,
  role: name,
  ...more,
});

/**
 * Two schools of one group. School `a` (111111) has the classes 1A and 2A, taught by Ann, with the pupils Ali, Bo and Cas; its ICT
 * coordinator is Ida and its principal Piet. School `b` (222222) has the class 1B, taught by Bert, with Dina. Both have Kim.
 */
export function twoSchools(): TestRoster {
  return {
    manifest: {
      'manifest.version': '1.0',
      'oneroster.version': '1.2',
      ...Object.fromEntries(testFiles.map((name) => [`file.${name}`, 'bulk'])),
    },
    orgs: [
      { sourcedId: 'g', name: 'Scholengroep', type: 'district', identifier: '333333' },
      { sourcedId: 'a', name: 'School A', type: 'school', identifier: '111111', parentSourcedId: 'g' },
      { sourcedId: 'b', name: 'School B', type: 'school', identifier: '222222', parentSourcedId: 'g' },
      { sourcedId: 'a-1', name: 'Vestiging Noord', type: 'department', parentSourcedId: 'a' },
    ],
    academicSessions: [
      {
        sourcedId: 'sy',
        title: 'Schooljaar',
        type: 'schoolYear',
        startDate: '2026-09-01',
        endDate: '2027-08-31',
        schoolYear: '2027',
      },
      {
        sourcedId: 'tr1',
        title: 'Trimester 1',
        type: 'term',
        startDate: '2026-09-01',
        endDate: '2026-12-18',
        parentSourcedId: 'sy',
        schoolYear: '2027',
      },
    ],
    courses: [
      { sourcedId: 'c-a', title: 'Lager', orgSourcedId: 'a' },
      { sourcedId: 'c-b', title: 'Lager', orgSourcedId: 'b' },
    ],
    users: [
      user('ann', 'Ann', 'Aerts', { email: 'ann@a.example' }),
      user('bert', 'Bert', 'Baert', { email: 'bert@b.example' }),
      user('kim', 'Kim', 'Kaya', { email: 'kim@a.example' }),
      user('ida', 'Ida', 'Iliev'),
      user('piet', 'Piet', 'Pauwels'),
      user('ali', 'Ali', 'Amrani'),
      user('bo', 'Bo', 'Bos'),
      user('cas', 'Cas', 'Claes'),
      user('dina', 'Dina', 'Demir'),
    ],
    roles: [
      role('ann', 'teacher', 'a'),
      role('bert', 'teacher', 'b'),
      role('kim', 'teacher', 'a'),
      role('kim', 'teacher', 'b', { roleType: 'secondary' }),
      role('ida', 'siteAdministrator', 'a'),
      role('piet', 'principal', 'a'),
      role('ali', 'student', 'a'),
      role('bo', 'student', 'a'),
      role('cas', 'student', 'a'),
      role('dina', 'student', 'b'),
    ],
    classes: [klas('1a', '1A', 'a'), klas('2a', '2A', 'a'), klas('1b', '1B', 'b')],
    enrollments: [
      enrolment('1a', 'ann', 'teacher', 'a'),
      enrolment('2a', 'ann', 'teacher', 'a'),
      enrolment('2a', 'kim', 'teacher', 'a'),
      enrolment('1a', 'ali', 'student', 'a'),
      enrolment('1a', 'bo', 'student', 'a'),
      enrolment('2a', 'cas', 'student', 'a'),
      enrolment('1b', 'bert', 'teacher', 'b'),
      enrolment('1b', 'kim', 'teacher', 'b'),
      enrolment('1b', 'dina', 'student', 'b'),
    ],
  };
}

/** Only the named files, as changes; each row gets the date that a delta asks for. */
export function delta(files: Partial<Record<TestFile, Line[]>>): TestRoster {
  const roster = twoSchools();
  for (const name of testFiles) {
    const lines = files[name];
    roster.manifest[`file.${name}`] = lines === undefined ? 'absent' : 'delta';
    roster[name] = (lines ?? []).map((line) => ({ status: 'active', dateLastModified: '2026-10-01T08:00:00Z', ...line }));
  }
  return roster;
}

/** Keeps what is of one school. */
export function onlySchool(roster: TestRoster, school: string): TestRoster {
  const users = new Set(
    roster.roles.filter(({ orgSourcedId }) => orgSourcedId === school).map(({ userSourcedId }) => userSourcedId),
  );
  return {
    ...roster,
    orgs: roster.orgs.filter(
      ({ sourcedId, type, parentSourcedId }) => sourcedId === school || parentSourcedId === school || type === 'district',
    ),
    courses: roster.courses.filter(({ orgSourcedId }) => orgSourcedId === school),
    users: roster.users.filter(({ sourcedId }) => users.has(sourcedId)),
    roles: roster.roles.filter(({ orgSourcedId }) => orgSourcedId === school),
    classes: roster.classes.filter(({ schoolSourcedId }) => schoolSourcedId === school),
    enrollments: roster.enrollments.filter(({ schoolSourcedId }) => schoolSourcedId === school),
  };
}

export const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export function csv(columns: readonly string[], lines: readonly Line[]): string {
  return [columns, ...lines.map((line) => columns.map((column) => line[column] ?? ''))]
    .map((cells) => `${cells.map(quoted).join(',')}\n`)
    .join('');
}

/** The texts of a package's files; those that the manifest calls absent are left out. */
export function filesOf(roster: TestRoster): Map<string, string> {
  const manifest = Object.entries(roster.manifest).map(([propertyName, value]) => ({ propertyName, value }));
  const files = new Map([['manifest.csv', csv(['propertyName', 'value'], manifest)]]);
  for (const name of testFiles) {
    if (roster.manifest[`file.${name}`] === 'absent') continue;
    const extra = new Set(roster[name].flatMap((line) => Object.keys(line)));
    const columns = [...new Set([...(headers[name] as string).split(','), ...extra])];
    files.set(`${name}.csv`, csv(columns, roster[name]));
  }
  return files;
}

export const asPackage = (roster: TestRoster): Map<string, Buffer> =>
  new Map([...filesOf(roster)].map(([name, text]) => [name, Buffer.from(text)]));

export interface ZipEntry {
  name: string;
  bytes: Buffer;
  /** What the directory claims as the unpacked size; default the truth. */
  claimedSize?: number;
  /** Bit 0 set: encrypted. */
  flags?: number;
}

/** A zip (PKWARE APPNOTE 6.3, deflate), honest or not. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, claimedSize = bytes.length, flags = 0 } of entries) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags | 0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, path]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

export const zip = (roster: TestRoster): Buffer => zipOf([...asPackage(roster)].map(([name, bytes]) => ({ name, bytes })));

import { describe, expect, it } from 'vitest';
import { faultCodes, inWords } from '../dist/oneroster/faults.js';
import en from '../messages/en.json' with { type: 'json' };
import fr from '../messages/fr.json' with { type: 'json' };
import nl from '../messages/nl.json' with { type: 'json' };
import { check, checkFiles, find, planOf } from './planning.js';
import { asPackage, enrolment, role, type TestRoster, twoSchools } from './roster.js';

describe('a sound package', () => {
  it('has no faults', async () => {
    expect(await check(() => {})).toEqual({ faults: [], refused: [] });
  });

  it('may have columns in another order, and more of them', async () => {
    const { faults } = await checkFiles((files) => {
      files.set('orgs.csv', 'metadata.x,identifier,name,type,sourcedId\n,111111,School A,school,a\n,222222,School B,school,b\n');
    });
    expect(faults).toEqual([]);
  });

  it('may have a class at a site, and refer to a term', async () => {
    expect(
      await check(({ classes }) => Object.assign(find(classes, '1a'), { schoolSourcedId: 'a-1', termSourcedIds: 'tr1, sy' })),
    ).toEqual({
      faults: [],
      refused: [],
    });
  });
});

describe('a cell', () => {
  it.each<[string, (roster: TestRoster) => void, string]>([
    [
      'that must be filled',
      ({ users }) => Object.assign(find(users, 'ali'), { familyName: ' ' }),
      'users.csv 7 familyName required',
    ],
    [
      'that is too long',
      ({ users }) => Object.assign(find(users, 'ali'), { givenName: 'a'.repeat(101) }),
      'users.csv 7 givenName text-long',
    ],
    [
      'with a control character',
      ({ users }) => Object.assign(find(users, 'ali'), { givenName: 'A\u0007li' }),
      'users.csv 7 givenName text-control',
    ],
    [
      'with a direction mark',
      ({ users }) => Object.assign(find(users, 'ali'), { givenName: 'A\u202eli' }),
      'users.csv 7 givenName text-control',
    ],
    [
      'that is no boolean',
      ({ users }) => Object.assign(find(users, 'ali'), { enabledUser: '1' }),
      'users.csv 7 enabledUser boolean',
    ],
    [
      'that is no e-mail address',
      ({ users }) => Object.assign(find(users, 'ann'), { email: 'ann at a' }),
      'users.csv 2 email email',
    ],
    ['with an unknown role', ({ roles }) => Object.assign(find(roles, 'r-ali-a'), { role: 'pupil' }), 'roles.csv 8 role enum'],
    [
      'with an impossible date',
      ({ roles }) => Object.assign(find(roles, 'r-ali-a'), { beginDate: '2026-02-30' }),
      'roles.csv 8 beginDate date',
    ],
    [
      'with a Belgian date',
      ({ roles }) => Object.assign(find(roles, 'r-ali-a'), { endDate: '30/06/2027' }),
      'roles.csv 8 endDate date',
    ],
    [
      'with an end before its beginning',
      ({ roles }) => Object.assign(find(roles, 'r-ali-a'), { beginDate: '2026-09-01', endDate: '2026-08-01' }),
      'roles.csv 8 endDate date-order',
    ],
    [
      'with an instellingsnummer of five digits',
      ({ orgs }) => Object.assign(find(orgs, 'a'), { identifier: '11111' }),
      'orgs.csv 3 identifier instellingsnummer',
    ],
    [
      'with the instellingsnummer of no school',
      ({ orgs }) => Object.assign(find(orgs, 'a'), { identifier: '000000' }),
      'orgs.csv 3 identifier instellingsnummer',
    ],
    [
      'without an instellingsnummer',
      ({ orgs }) => Object.assign(find(orgs, 'a'), { identifier: '' }),
      'orgs.csv 3 identifier required',
    ],
    [
      'with the instellingsnummer of another',
      ({ orgs }) => Object.assign(find(orgs, 'b'), { identifier: '111111' }),
      'orgs.csv 4 identifier instellingsnummer-twice',
    ],
    [
      'with a sourcedId used before',
      ({ users }) => Object.assign(find(users, 'bo'), { sourcedId: 'ali' }),
      'users.csv 8 sourcedId twice',
    ],
  ])('%s is reported at its place', async (_, change, expected) => {
    expect((await check(change)).faults).toContain(expected);
  });

  it('says what is wrong and how to fix it, with the value', async () => {
    const roster = twoSchools();
    Object.assign(find(roster.users, 'ali'), { enabledUser: 'misschien' });
    const { faults } = await planOf(asPackage(roster));
    expect(faults.map(inWords)).toEqual(['users.csv, row 7, enabledUser: "misschien" is neither true nor false.']);
  });

  it('with an e-mail address that is not stored need not be valid', async () => {
    expect((await check(({ users }) => Object.assign(find(users, 'ali'), { email: 'geen' }))).faults).toEqual([]);
  });
});

describe('a reference', () => {
  it.each<[string, (roster: TestRoster) => void, string[]]>([
    ['of a role to nobody', ({ roles }) => roles.push(role('nobody', 'student', 'a')), ['roles.csv 12 userSourcedId reference']],
    [
      'of a role to no org',
      ({ roles }) => roles.push(role('ali', 'student', 'nowhere')),
      ['roles.csv 12 orgSourcedId reference'],
    ],
    [
      'of a role to a school group',
      ({ roles }) => roles.push(role('ali', 'student', 'g')),
      ['roles.csv 12 orgSourcedId org-no-school'],
    ],
    [
      'of an enrolment to no class',
      ({ enrollments }) => enrollments.push(enrolment('9z', 'ali', 'student', 'a')),
      ['enrollments.csv 11 classSourcedId reference'],
    ],
    [
      'of an enrolment to nobody',
      ({ enrollments }) => enrollments.push(enrolment('1a', 'nobody', 'student', 'a')),
      ['enrollments.csv 11 userSourcedId reference'],
    ],
    [
      'of an enrolment to a pupil elsewhere',
      ({ enrollments }) => enrollments.push(enrolment('1a', 'dina', 'student', 'a')),
      ['enrollments.csv 11 userSourcedId no-role'],
    ],
    [
      'of an enrolment to a class elsewhere',
      ({ enrollments }) => enrollments.push(enrolment('1b', 'ali', 'student', 'a')),
      ['enrollments.csv 11 classSourcedId class-other-school'],
    ],
    [
      'of a pupil as teacher',
      ({ enrollments }) => enrollments.push(enrolment('1a', 'cas', 'teacher', 'a')),
      ['enrollments.csv 11 role enrolment-role'],
    ],
    [
      'of a class to no course',
      ({ classes }) => Object.assign(find(classes, '1a'), { courseSourcedId: 'c-x' }),
      ['classes.csv 2 courseSourcedId reference'],
    ],
    [
      'of a class to no session',
      ({ classes }) => Object.assign(find(classes, '1a'), { termSourcedIds: 'sy,x' }),
      ['classes.csv 2 termSourcedIds reference'],
    ],
    [
      'of an org to itself',
      ({ orgs }) => Object.assign(find(orgs, 'g'), { parentSourcedId: 'a' }),
      ['orgs.csv 2 parentSourcedId circle', 'orgs.csv 3 parentSourcedId circle'],
    ],
    [
      'of a session to itself',
      ({ academicSessions }) => Object.assign(find(academicSessions, 'tr1'), { parentSourcedId: 'tr1' }),
      ['academicSessions.csv 3 parentSourcedId circle'],
    ],
  ])('%s is reported once', async (_, change, expected) => {
    expect((await check(change)).faults).toEqual(expected);
  });

  it('to a row that is itself wrong is not reported again', async () => {
    expect(
      await check(({ users, orgs }) => {
        Object.assign(find(users, 'ali'), { enabledUser: '?' });
        Object.assign(find(orgs, 'b'), { identifier: 'x' });
      }),
    ).toEqual({ faults: ['orgs.csv 4 identifier instellingsnummer', 'users.csv 7 enabledUser boolean'], refused: ['a'] });
  });
});

describe('a school year', () => {
  it.each<[string, (roster: TestRoster) => void, string]>([
    [
      'ends in the next calendar year',
      ({ academicSessions }) => Object.assign(find(academicSessions, 'sy'), { endDate: '2028-08-31' }),
      'academicSessions.csv 2 endDate school-year',
    ],
    [
      'ends after it begins',
      ({ academicSessions }) => Object.assign(find(academicSessions, 'sy'), { endDate: '2026-06-30' }),
      'academicSessions.csv 2 endDate date-order',
    ],
    [
      'is needed by a class',
      ({ academicSessions }) => Object.assign(find(academicSessions, 'sy'), { type: 'term' }),
      'classes.csv 2 termSourcedIds class-year',
    ],
    [
      'is one for a class',
      ({ academicSessions, classes }) => {
        academicSessions.push({
          sourcedId: 'sy2',
          title: 'Later',
          type: 'schoolYear',
          startDate: '2027-09-01',
          endDate: '2028-08-31',
        });
        Object.assign(find(classes, '1a'), { termSourcedIds: 'sy,sy2' });
      },
      'classes.csv 2 termSourcedIds class-years',
    ],
  ])('%s', async (_, change, expected) => {
    expect((await check(change)).faults[0]).toBe(expected);
  });
});

describe('a fault', () => {
  it('in one school does not prevent the import of the other', async () => {
    expect((await check(({ users }) => Object.assign(find(users, 'dina'), { familyName: '' }))).refused).toEqual(['b']);
    expect((await check(({ enrollments }) => Object.assign(find(enrollments, 'e-1b-dina'), { role: 'x' }))).refused).toEqual([
      'b',
    ]);
    expect((await check(({ classes }) => Object.assign(find(classes, '1b'), { classType: '' }))).refused).toEqual(['b']);
  });

  it('in a person of both schools refuses both', async () => {
    expect((await check(({ users }) => Object.assign(find(users, 'kim'), { familyName: '' }))).refused).toEqual(['a', 'b']);
  });

  it('that belongs to no school refuses everything', async () => {
    expect((await check(({ academicSessions }) => Object.assign(find(academicSessions, 'tr1'), { title: '' }))).refused).toEqual([
      'a',
      'b',
    ]);
    expect((await check(({ roles }) => roles.push({ sourcedId: 'r' }))).refused).toEqual(['a', 'b']);
  });

  it('content D14: is reported together with all others, causes before what refers to them', async () => {
    const { faults } = await check(({ users, roles, classes, enrollments }) => {
      Object.assign(find(users, 'bo'), { givenName: '', enabledUser: '' });
      Object.assign(find(roles, 'r-cas-a'), { roleType: 'third' });
      Object.assign(find(classes, '1b'), { title: '' });
      Object.assign(find(enrollments, 'e-1b-bert'), { beginDate: 'ooit' });
    });
    expect(faults).toEqual([
      'users.csv 8 enabledUser required',
      'users.csv 8 givenName required',
      'roles.csv 10 roleType enum',
      'classes.csv 4 title required',
      'enrollments.csv 8 beginDate date',
    ]);
  });

  it('has a text in every language of the portal', () => {
    for (const messages of [nl, en, fr]) expect(Object.keys(messages.faults).sort()).toEqual([...faultCodes].sort());
  });
});

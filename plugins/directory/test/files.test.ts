import { describe, expect, it } from 'vitest';
import { planImport } from '../dist/oneroster/plan.js';
import { readRoster } from '../dist/oneroster/read.js';
import { checkFiles, find, nothingStored, place, planOf } from './planning.js';
import { asPackage, delta, enrolment, klas, role, type TestRoster, twoSchools, user } from './roster.js';

describe('a file', () => {
  it.each<[string, (files: Map<string, string>) => void, string[]]>([
    [
      'that was cut off',
      (files) => files.set('users.csv', `${files.get('users.csv')?.slice(0, -20)}"`),
      ['users.csv 10 quote-open'],
    ],
    ['with too few cells in a row', (files) => files.set('orgs.csv', `${files.get('orgs.csv')}x,,\n`), ['orgs.csv 6 cells-few']],
    [
      'with upright bars',
      (files) => files.set('orgs.csv', (files.get('orgs.csv') ?? '').replaceAll(',', '|')),
      ['orgs.csv 1 separator'],
    ],
    ['that is empty', (files) => files.set('orgs.csv', ''), ['orgs.csv 1 header-empty']],
    [
      'with a column twice',
      (files) => files.set('orgs.csv', (files.get('orgs.csv') ?? '').replace('status', 'name')),
      ['orgs.csv 1 name header-twice'],
    ],
    [
      'without a column',
      (files) => files.set('orgs.csv', (files.get('orgs.csv') ?? '').replace('name', 'naam')),
      ['orgs.csv 1 name header-missing'],
    ],
    [
      'that the manifest does not name',
      (files) => files.set('manifest.csv', (files.get('manifest.csv') ?? '').replace('file.courses,bulk\n', '')),
      ['courses.csv manifest-file-unnamed'],
    ],
    ['that the manifest promises', (files) => files.delete('courses.csv'), ['manifest.csv 6 value manifest-file-missing']],
    [
      'sent in an unknown way',
      (files) => files.set('manifest.csv', (files.get('manifest.csv') ?? '').replace('courses,bulk', 'courses,all')),
      ['manifest.csv 6 value manifest-mode'],
    ],
    [
      'of another version',
      (files) => files.set('manifest.csv', (files.get('manifest.csv') ?? '').replace('version,1.2', 'version,2.0')),
      ['manifest.csv 3 value manifest-version'],
    ],
    [
      'without the roles that go with it',
      (files) => files.set('manifest.csv', (files.get('manifest.csv') ?? '').replace('roles,bulk', 'roles,delta')),
      ['manifest.csv manifest-together'],
    ],
  ])('%s prevents the whole import', async (_, change, expected) => {
    const { faults, accepted } = await checkFiles(change);
    expect(faults.filter((fault) => !/ (required)$/.test(fault))).toEqual(expected);
    expect(accepted).toBe(0);
  });

  it('is checked even without a manifest', async () => {
    const { faults, accepted } = await checkFiles((files) => {
      files.delete('manifest.csv');
      files.set('users.csv', (files.get('users.csv') ?? '').replace('true', 'waar'));
    });
    expect(faults).toEqual(['manifest.csv manifest-missing', 'users.csv 2 enabledUser boolean']);
    expect(accepted).toBe(0);
  });
});

describe('a delta', () => {
  it('needs a status and a date in each row', async () => {
    const roster = delta({
      orgs: twoSchools().orgs,
      users: [user('ali', 'Ali', 'Amrani', { status: '', dateLastModified: 'gisteren' })],
    });
    expect((await planOf(asPackage(roster))).faults.map(place)).toEqual([
      'users.csv 2 dateLastModified date-time',
      'users.csv 2 status required',
    ]);
  });

  it('that refers to something that nobody sent before is refused', async () => {
    const roster = delta({
      orgs: twoSchools().orgs,
      classes: [klas('1a', '1A', 'a')],
      roles: [role('ali', 'student', 'a')],
      users: [],
    });
    expect((await planOf(asPackage(roster))).faults.map(place)).toEqual([
      'roles.csv 2 userSourcedId reference',
      'classes.csv 2 termSourcedIds reference',
    ]);
  });
});

describe('what is left out deliberately', () => {
  const leftOut = async (change: (roster: TestRoster) => void, more: [string, string][] = []) => {
    const roster = twoSchools();
    change(roster);
    const files = asPackage(roster);
    for (const [name, text] of more) files.set(name, Buffer.from(text));
    const read = await readRoster(files);
    await planImport(read, nothingStored(), { scope: '*', today: '2026-10-01', allowRemovals: false, mayGrant: () => true });
    return read.leftOut
      .filter(({ column }) => column !== 'username')
      .map(({ file, column, reason, count }) => [file, column, reason, count]);
  };

  it('is reported: personal columns, files, and people without a role in the portal', async () => {
    const found = await leftOut(
      ({ users, roles, enrollments }) => {
        Object.assign(find(users, 'ali'), { phone: '0470', password: 'geheim', grades: '1', 'metadata.sex': 'm' });
        users.push(user('mama', 'Mama', 'Amrani'));
        roles.push(role('mama', 'guardian', 'a'));
        users.push(user('zorg', 'Zoë', 'Zorg'));
        roles.push(role('zorg', 'aide', 'a'));
        enrollments.push(enrolment('1a', 'zorg', 'teacher', 'a'));
        roles.push(role('bo', 'student', 'b', { endDate: '2026-09-30' }));
      },
      [
        ['demographics.csv', 'sourcedId,birthDate\nali,2019-01-01\n'],
        ['notes.csv', 'x\n'],
      ],
    );
    expect(found).toEqual(
      expect.arrayContaining([
        ['users.csv', 'phone', 'personal', 1],
        ['users.csv', 'password', 'personal', 1],
        ['users.csv', 'grades', 'personal', 1],
        ['users.csv', 'metadata.sex', 'unknown', 1],
        ['demographics.csv', null, 'personal', null],
        ['notes.csv', null, 'unknown', null],
        ['roles.csv', null, 'no-portal-role', 2],
        ['roles.csv', null, 'not-now', 1],
        ['users.csv', null, 'no-portal-role', 2],
        ['enrollments.csv', null, 'no-portal-role', 1],
      ]),
    );
  });

  it('is nothing in a plain package', async () => {
    expect(await leftOut(() => {})).toEqual([]);
  });
});

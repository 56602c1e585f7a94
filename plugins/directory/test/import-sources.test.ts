import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changes, createDirectory, type TestDirectory } from './directory.js';
import { delta, enrolment, klas, onlySchool, role, type TestRoster, twoSchools, user } from './roster.js';

let directory: TestDirectory;
beforeAll(async () => {
  directory = await createDirectory();
});
afterAll(() => directory?.platform.stop());

describe('all or nothing', () => {
  beforeEach(() => directory.empty());

  it('applies to each school: a fault in one does not affect the other', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '' });
    const report = await directory.run(roster);
    expect(report.outcome).toBe('partly');
    expect(report.schools.map(({ name, refused }) => [name, refused])).toEqual([
      ['School A', false],
      ['School B', true],
    ]);
    const { schools, people, classes } = await directory.snapshot();
    expect(schools).toEqual(['School A']);
    expect(Object.keys(classes).sort()).toEqual(['1a', '2a']);
    expect(people['kim']).toMatchObject({ schools: ['a'] });
    expect(people['bert']).toBeUndefined();
    const kim = people['kim']?.id ?? '';

    expect((await directory.run(twoSchools())).outcome).toBe('imported');
    expect((await directory.snapshot()).people['kim']).toMatchObject({ id: kim, schools: ['a', 'b'] });
    expect(await directory.rolesOf(kim)).toEqual(['teacher a', 'teacher b']);
  });

  it('leaves a refused school unchanged', async () => {
    await directory.run(twoSchools());
    const before = await directory.snapshot();
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '', givenName: 'Anders' });
    Object.assign(roster.users[1] as object, { familyName: 'Anders' });
    Object.assign(roster.orgs[2] as object, { name: 'Anders' });
    await directory.run(roster);
    expect(await directory.snapshot()).toEqual(before);
  });

  it('applies to calls of the service: every fault is thrown, and nothing is stored', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '' });
    await expect(directory.run(Buffer.from('PK'))).resolves.toMatchObject({
      outcome: 'refused',
      faults: [{ code: 'zip-unreadable' }],
    });
    await expect(directory.platform.work('directory', ({ oneroster }) => oneroster.importFrom('/nowhere'))).rejects.toThrow(
      'neither a folder nor a zip',
    );
    expect((await directory.snapshot()).schools).toEqual([]);
  });
});

describe('a delta file', () => {
  beforeEach(async () => {
    await directory.empty();
    await directory.run(twoSchools());
  });
  const gone = (sourcedId: string) => ({ sourcedId, status: 'tobedeleted' });

  it('changes only what it names', async () => {
    const before = await directory.snapshot();
    const report = await directory.run(delta({ users: [user('ali', 'Ali', 'Amrani-Bos')] }));
    expect(report.faults).toEqual([]);
    expect(changes(report)).toEqual({ people: '+0 ~1 -0' });
    expect(await directory.snapshot()).toEqual({
      ...before,
      people: { ...before.people, ali: { ...before.people['ali'], name: 'Ali Amrani-Bos' } },
    });
  });

  it('adds people with a role and a class, based on what the school sent before', async () => {
    const report = await directory.run(
      delta({
        users: [user('eva', 'Eva', 'Evens')],
        roles: [role('eva', 'student', 'a')],
        enrollments: [enrolment('1a', 'eva', 'student', 'a')],
        classes: [klas('3a', '3A', 'a', { termSourcedIds: 'tr1' })],
      }),
    );
    expect(report.faults).toEqual([]);
    expect(changes(report)).toEqual({ people: '+1 ~0 -0', roles: '+1 ~0 -0', enrolments: '+1 ~0 -0', classes: '+1 ~0 -0' });
    expect((await directory.snapshot()).classes['1a']).toContain('eva pupil');
  });

  it('deletes what it marks as deleted, given only its sourcedId', async () => {
    const report = await directory.run(
      delta({
        users: [gone('bo')],
        roles: [gone('r-kim-b')],
        enrollments: [gone('e-1a-ali')],
        classes: [gone('2a')],
        orgs: undefined as never,
      }),
    );
    expect(report.faults).toEqual([]);
    const { people, classes } = await directory.snapshot();
    expect(people['bo']?.active).toBe(false);
    expect(await directory.rolesOf(people['bo']?.id)).toEqual([]);
    expect(people['kim']?.schools).toEqual(['a']);
    expect(await directory.rolesOf(people['kim']?.id)).toEqual(['teacher a']);
    expect(classes['1a']).toEqual(['ann teacher']);
    expect(classes['2a']).toBeUndefined();
  });

  it('a second time changes nothing', async () => {
    const roster = delta({ users: [gone('bo')], enrollments: [gone('e-1a-ali')] });
    await directory.run(roster);
    const report = await directory.run(roster);
    expect(changes(report)).toEqual({});
    expect(report.leftOut).toEqual([{ file: 'enrollments.csv', column: null, reason: 'gone-already', count: 1 }]);
  });

  it('does not delete a school', async () => {
    const report = await directory.run(
      delta({ orgs: [{ ...gone('a'), type: 'school', name: 'School A', identifier: '111111' }] }),
    );
    expect(report.leftOut).toEqual([{ file: 'orgs.csv', column: null, reason: 'school-stays', count: 1 }]);
    expect((await directory.snapshot()).schools).toEqual(['School A', 'School B']);
  });
});

describe('two sources', () => {
  beforeEach(async () => {
    await directory.empty();
    await directory.run(onlySchool(twoSchools(), 'a'));
    // Another package, of another school, that happens to use the same sourcedIds for other people.
    const other = onlySchool(twoSchools(), 'b');
    other.users.push(user('ann', 'Annick', 'Adams'));
    other.roles.push(role('ann', 'teacher', 'b', { sourcedId: 'r-ann-a' }));
    await directory.run(other);
  });

  it('keep people with the same sourcedId apart', async () => {
    const people = await directory.platform.work('directory', ({ knex }) =>
      knex('people').whereIn('family_name', ['Aerts', 'Adams']).orderBy('family_name').select('given_name', 'active', 'id'),
    );
    expect(people.map(({ given_name, active }: { given_name: string; active: boolean }) => [given_name, active])).toEqual([
      ['Annick', true],
      ['Ann', true],
    ]);
    expect(await directory.rolesOf(people[0].id)).toEqual(['teacher b']);
    expect(await directory.rolesOf(people[1].id)).toEqual(['teacher a']);
  });

  it('make a delta without orgs.csv report which school is ambiguous', async () => {
    const roster = delta({ users: [user('ann', 'Wie', 'Dan')] });
    expect((await directory.run(roster)).faults).toMatchObject([
      { file: 'users.csv', row: 2, column: 'sourcedId', code: 'ambiguous' },
    ]);
    expect((await directory.run(delta({ roles: [{ sourcedId: 'r-ann-a', status: 'tobedeleted' }] }))).faults).toMatchObject([
      { code: 'ambiguous' },
    ]);
    expect(
      (await directory.run(delta({ users: [user('ann', 'Wie', 'Dan')], orgs: [twoSchools().orgs[2] as Record<string, string>] })))
        .faults,
    ).toEqual([]);
    const people = await directory.platform.work('directory', ({ knex }) =>
      knex('people').whereIn('family_name', ['Aerts', 'Dan']).pluck('family_name'),
    );
    expect(people.sort()).toEqual(['Aerts', 'Dan']);
  });
});

describe('OneRoster 1.1', () => {
  beforeEach(() => directory.empty());

  const elevenOf = (roster: TestRoster): TestRoster => {
    const names: Record<string, string> = {
      teacher: 'teacher',
      student: 'student',
      siteAdministrator: 'administrator',
      principal: 'administrator',
    };
    return {
      ...roster,
      manifest: { ...roster.manifest, 'oneroster.version': '1.1', 'file.roles': 'absent' },
      users: roster.users.map((one) => {
        const roles = roster.roles.filter(({ userSourcedId }) => userSourcedId === one['sourcedId']);
        return {
          ...one,
          orgSourcedIds: roles.map(({ orgSourcedId }) => orgSourcedId).join(','),
          role: names[roles[0]?.['role'] ?? ''] ?? '',
        };
      }),
    };
  };

  it('is read: roles come from users.csv, and an administrator gets none', async () => {
    const report = await directory.run(elevenOf(twoSchools()));
    expect(report.faults).toEqual([]);
    expect(report.leftOut).toContainEqual({ file: 'users.csv', column: null, reason: 'no-portal-role', count: 2 });
    const { people, classes } = await directory.snapshot();
    expect(Object.keys(people).sort()).toEqual(['ali', 'ann', 'bert', 'bo', 'cas', 'dina', 'kim']);
    expect(classes['2a']).toEqual(['ann teacher', 'cas pupil', 'kim teacher']);
    expect(await directory.rolesOf(people['kim']?.id)).toEqual(['teacher a', 'teacher b']);
    expect(changes(await directory.run(elevenOf(twoSchools())))).toEqual({});
  });

  it('in a delta contains everything about a person', async () => {
    await directory.run(elevenOf(twoSchools()));
    const before = await directory.snapshot();
    const report = await directory.run(
      elevenOf(delta({ users: [user('kim', 'Kim', 'Kaya')], roles: [role('kim', 'teacher', 'a')] })),
    );
    expect(report.faults).toEqual([]);
    expect((await directory.snapshot()).people['kim']).toEqual({ ...before.people['kim'], schools: ['a'], email: null });
  });
});

describe('the demonstration data', () => {
  beforeEach(() => directory.empty());

  it('imports without a fault, and has the people of the documentation', async () => {
    const folder = fileURLToPath(new URL('../../demo/data/oneroster', import.meta.url));
    const counts = await directory.platform.work('directory', ({ oneroster }) => oneroster.importFrom(folder));
    expect([counts.schools.added, counts.classes.added, counts.people.added]).toEqual([2, 12, 217]);
    const { people, classes } = await directory.snapshot();
    expect(people['t-lien-peeters']).toMatchObject({ name: 'Lien Peeters', schools: ['org-wegwijzer'] });
    expect(people['t-karim-bensaid']?.schools).toEqual(['org-ter-linden', 'org-wegwijzer']);
    expect(classes['k-999101-3a']).toEqual(
      expect.arrayContaining(['t-lien-peeters teacher', 'p-noor-el-amrani pupil', 'p-wout-janssens pupil']),
    );
    expect(classes['k-999202-1aa']).toEqual(expect.arrayContaining(['t-bart-claes teacher', 'p-emma-willems pupil']));
    expect(await directory.rolesOf(people['s-sofie-maes']?.id)).toEqual(['ict-coordinator org-wegwijzer']);
    expect(await directory.rolesOf(people['s-jan-goossens']?.id)).toEqual(['principal org-wegwijzer']);
  });
});

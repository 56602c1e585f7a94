import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportOptions, ImportReport } from '../dist/oneroster/importer.js';
import { delta, enrolment, klas, onlySchool, role, type TestRoster, twoSchools, user, zip } from './roster.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory] });
});
afterAll(() => platform?.stop());

const run = (roster: TestRoster | Buffer, options: ImportOptions = {}): Promise<ImportReport> =>
  platform.work('directory', ({ importer }) => importer.run(Buffer.isBuffer(roster) ? roster : zip(roster), options));

/** Counts other than of what stayed as it was, by table: `+added ~changed -removed`. */
const changes = ({ tables }: ImportReport) =>
  Object.fromEntries(
    Object.entries(tables)
      .filter(([, { added, changed, removed }]) => added + changed + removed > 0)
      .map(([table, { added, changed, removed }]) => [table, `+${added} ~${changed} -${removed}`]),
  );

interface Snapshot {
  schools: string[];
  people: Record<string, { id: string; name: string; kind: string; schools: string[]; email: string | null; active: boolean }>;
  classes: Record<string, string[]>;
}

/** What the directory says now: people by sourcedId, and the members of each class. */
const snapshot = (): Promise<Snapshot> =>
  platform.work('directory', async ({ knex }) => {
    const schools = await knex('schools').orderBy('instellingsnummer').select('id', 'sourced_id', 'name');
    const nameOf = new Map(schools.map(({ id, sourced_id }: { id: string; sourced_id: string }) => [id, sourced_id]));
    const rows = await knex('people').join('memberships', 'memberships.person_id', 'people.id').select('people.*', 'memberships.sourced_id');
    const members = await knex('class_members')
      .join('classes', 'classes.id', 'class_members.class_id')
      .join('memberships', (on: { on(a: string, b: string): unknown }) => {
        on.on('memberships.person_id', 'class_members.person_id');
        on.on('memberships.school_id', 'class_members.school_id');
      })
      .select('classes.sourced_id as class', 'memberships.sourced_id as user', 'role');
    const classes: Snapshot['classes'] = {};
    for (const { class: of, user, role: as } of members) classes[of] = [...(classes[of] ?? []), `${user} ${as}`].sort();
    return {
      schools: schools.map(({ name }: { name: string }) => name),
      people: Object.fromEntries(
        rows.map((row: { sourced_id: string; id: string; given_name: string; family_name: string; kind: string; school_ids: string[]; email: string; active: boolean }) => [
          row.sourced_id,
          {
            id: row.id,
            name: `${row.given_name} ${row.family_name}`,
            kind: row.kind,
            schools: row.school_ids.map((id) => nameOf.get(id) ?? '?').sort(),
            email: row.email,
            active: row.active,
          },
        ]),
      ),
      classes,
    };
  });

const rolesOf = (personId: string) =>
  platform.work('directory', async ({ access, knex }) => {
    const schools = await knex('schools').select('id', 'sourced_id');
    const nameOf = new Map(schools.map(({ id, sourced_id }: { id: string; sourced_id: string }) => [id, sourced_id]));
    const grants: { school: string | null; role: string }[] = await access.rolesOf(personId);
    return grants.map(({ school, role: name }) => `${name} ${school === null ? '*' : nameOf.get(school)}`).sort();
  });

const empty = () =>
  platform.work('directory', async ({ knex, access }) => {
    const people: string[] = await knex('people').pluck('id');
    await access.setRolesOfMany(people.map((personId) => ({ personId, roles: [] })));
    for (const table of ['enrolments', 'classes', 'roles', 'memberships', 'people', 'school_years', 'sites', 'schools', 'school_groups']) {
      await knex(table).delete();
    }
  });

describe('a first import', () => {
  beforeAll(empty);

  it('tells beforehand what it would do, and does nothing', async () => {
    const report = await run(twoSchools(), { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, outcome: 'imported', faults: [] });
    expect(changes(report)).toEqual({
      schools: '+2 ~0 -0', sites: '+1 ~0 -0', school_years: '+2 ~0 -0', people: '+9 ~0 -0', roles: '+10 ~0 -0', classes: '+3 ~0 -0', enrolments: '+9 ~0 -0',
    });
    expect(await snapshot()).toEqual({ schools: [], people: {}, classes: {} });
  });

  it('brings schools, people and classes in', async () => {
    await run(twoSchools());
    const { schools, people, classes } = await snapshot();
    expect(schools).toEqual(['School A', 'School B']);
    expect(people['ann']).toMatchObject({ name: 'Ann Aerts', kind: 'staff', schools: ['a'], email: 'ann@a.example' });
    expect(people['kim']).toMatchObject({ kind: 'staff', schools: ['a', 'b'] });
    expect(people['ali']).toMatchObject({ kind: 'pupil', schools: ['a'], email: null });
    expect(classes).toEqual({
      '1a': ['ali pupil', 'ann teacher', 'bo pupil'],
      '2a': ['ann teacher', 'cas pupil', 'kim teacher'],
      '1b': ['bert teacher', 'dina pupil', 'kim teacher'],
    });
  });

  it('gives people their roles in the portal, and nobody more', async () => {
    const { people } = await snapshot();
    const roles = Object.fromEntries(await Promise.all(Object.entries(people).map(async ([id, one]) => [id, await rolesOf(one.id)])));
    expect(roles).toEqual({
      ann: ['teacher a'], bert: ['teacher b'], kim: ['teacher a', 'teacher b'], ida: ['ict-coordinator a'], piet: ['principal a'],
      ali: ['pupil a'], bo: ['pupil a'], cas: ['pupil a'], dina: ['pupil b'],
    });
  });

  it('is the same the second time: nothing changes', async () => {
    const before = await snapshot();
    const report = await run(twoSchools());
    expect(changes(report)).toEqual({});
    expect(report.tables.people.unchanged).toBe(9);
    expect(await snapshot()).toEqual(before);
  });

  it('gives the same ids in another portal', async () => {
    const before = await snapshot();
    await empty();
    await run(twoSchools());
    expect(await snapshot()).toEqual(before);
  });

  it('keeps no personal data that it has no need of', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[5] as object, { phone: 'geheim-1', password: 'geheim-2', identifier: 'geheim-3', email: 'geheim-4@x.example', username: 'geheim-5' });
    await run(roster);
    const everything = await platform.work('directory', async ({ knex }) =>
      JSON.stringify(await Promise.all(['people', 'memberships', 'roles', 'classes', 'enrolments'].map((table) => knex(table)))),
    );
    expect(everything).not.toContain('geheim');
    expect(platform.log.join('')).not.toMatch(/Amrani|geheim/);
  });
});

describe('a bulk file', () => {
  beforeEach(async () => {
    await empty();
    await run(twoSchools());
  });

  it('changes what changed', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[0] as object, { familyName: 'Aerts-Boon', preferredGivenName: 'Anneke' });
    Object.assign(roster.classes[0] as object, { title: '1A zon' });
    const before = await snapshot();
    expect(changes(await run(roster))).toEqual({ people: '+0 ~1 -0', classes: '+0 ~1 -0' });
    expect((await snapshot()).people['ann']).toEqual({ ...before.people['ann'], name: 'Anneke Aerts-Boon' });
  });

  it('takes away who and what it leaves out, with their roles', async () => {
    const roster = twoSchools();
    roster.users = roster.users.filter(({ sourcedId }) => sourcedId !== 'cas' && sourcedId !== 'ann');
    roster.roles = roster.roles.filter(({ userSourcedId }) => userSourcedId !== 'cas' && userSourcedId !== 'ann');
    roster.classes = roster.classes.filter(({ sourcedId }) => sourcedId !== '2a');
    roster.enrollments = roster.enrollments.filter(({ classSourcedId, userSourcedId }) => classSourcedId !== '2a' && userSourcedId !== 'ann');
    expect(changes(await run(roster))).toEqual({ people: '+0 ~0 -2', roles: '+0 ~0 -2', classes: '+0 ~0 -1', enrolments: '+0 ~0 -4' });
    const { people, classes } = await snapshot();
    expect(people['cas']).toMatchObject({ active: false, schools: ['a'] });
    expect(Object.keys(classes).sort()).toEqual(['1a', '1b']);
    expect(classes['1a']).toEqual(['ali pupil', 'bo pupil']);
    expect(await rolesOf(people['ann']?.id ?? '')).toEqual([]);
  });

  it('brings back as the same person who was away', async () => {
    const before = await snapshot();
    const without = twoSchools();
    for (const file of ['users', 'roles', 'enrollments'] as const) {
      without[file] = without[file].filter(({ sourcedId, userSourcedId }) => sourcedId !== 'cas' && userSourcedId !== 'cas');
    }
    await run(without);
    expect(changes(await run(twoSchools()))).toEqual({ people: '+1 ~0 -0', roles: '+1 ~0 -0', enrolments: '+1 ~0 -0' });
    expect(await snapshot()).toEqual(before);
    expect(await rolesOf(before.people['cas']?.id ?? '')).toEqual(['pupil a']);
  });

  it('touches only the schools that it holds', async () => {
    const before = await snapshot();
    const report = await run(onlySchool(twoSchools(), 'a'));
    expect(report.schools.map(({ instellingsnummer }) => instellingsnummer)).toEqual(['111111']);
    expect(changes(report)).toEqual({});
    expect(await snapshot()).toEqual(before);
  });

  it('takes nothing away in a school that it names without a row', async () => {
    const roster = onlySchool(twoSchools(), 'a');
    roster.orgs = twoSchools().orgs;
    expect(changes(await run(roster))).toEqual({});
  });

  it('moves somebody from one school to the other as the same person', async () => {
    const before = await snapshot();
    const roster = twoSchools();
    Object.assign(roster.roles.find(({ userSourcedId }) => userSourcedId === 'cas') as object, { orgSourcedId: 'b' });
    roster.enrollments = roster.enrollments.filter(({ userSourcedId }) => userSourcedId !== 'cas');
    roster.enrollments.push(enrolment('1b', 'cas', 'student', 'b'));
    await run(roster);
    const { people, classes } = await snapshot();
    expect(people['cas']).toEqual({ ...before.people['cas'], schools: ['b'] });
    expect(classes['1b']).toContain('cas pupil');
    expect(await rolesOf(people['cas']?.id ?? '')).toEqual(['pupil b']);
  });

  it('that has lost more than half of a school asks first', async () => {
    const many = onlySchool(twoSchools(), 'b');
    for (let index = 0; index < 30; index++) {
      many.users.push(user(`p${index}`, 'Pupil', `${index}`));
      many.roles.push(role(`p${index}`, 'student', 'b'));
    }
    await run(many);
    const cutOff = onlySchool(twoSchools(), 'b');
    const refused = await run(cutOff);
    expect(refused.outcome).toBe('refused');
    expect(refused.faults).toMatchObject([{ file: 'roles.csv', code: 'removes-many', params: { count: 30, total: 33, school: '222222' } }]);
    expect(changes(await run(cutOff, { allowRemovals: true }))).toEqual({ people: '+0 ~0 -30', roles: '+0 ~0 -30' });
  });

  it('leaves roles alone that were given elsewhere', async () => {
    const ann = (await snapshot()).people['ann']?.id ?? '';
    await platform.work('directory', async ({ access }) => access.setRoles(ann, [...(await access.rolesOf(ann)), { school: null, role: 'portal-administrator' }]));
    const roster = twoSchools();
    roster.roles.push(role('ann', 'principal', 'a', { sourcedId: 'r2' }));
    await run(roster);
    expect(await rolesOf(ann)).toEqual(['portal-administrator *', 'principal a', 'teacher a']);
    roster.roles = roster.roles.filter(({ userSourcedId }) => userSourcedId !== 'ann');
    roster.enrollments = roster.enrollments.filter(({ userSourcedId }) => userSourcedId !== 'ann');
    await run(roster);
    expect(await rolesOf(ann)).toEqual(['portal-administrator *']);
  });

  it('leaves people alone who are in no file', async () => {
    const added = await platform.work('directory', async ({ people, schools }) => {
      const [school] = await schools.list();
      return people.create({ givenName: 'Gast', familyName: 'Leraar', kind: 'staff', roles: [{ school: school.id, role: 'teacher' }] });
    });
    await run(twoSchools());
    expect(await rolesOf(added)).toEqual(['teacher a']);
  });

  it('locks out whom it disables', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[0] as object, { enabledUser: 'false' });
    expect(changes(await run(roster))).toEqual({ people: '+0 ~0 -1' });
    const { people } = await snapshot();
    expect(await rolesOf(people['ann']?.id ?? '')).toEqual([]);
    await run(twoSchools());
    expect(await rolesOf(people['ann']?.id ?? '')).toEqual(['teacher a']);
  });
});

describe('all or nothing', () => {
  beforeEach(empty);

  it('holds for each school: a fault in one leaves the other whole', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '' });
    const report = await run(roster);
    expect(report.outcome).toBe('partly');
    expect(report.schools.map(({ name, refused }) => [name, refused])).toEqual([['School A', false], ['School B', true]]);
    const { schools, people, classes } = await snapshot();
    expect(schools).toEqual(['School A']);
    expect(Object.keys(classes).sort()).toEqual(['1a', '2a']);
    expect(people['kim']).toMatchObject({ schools: ['a'] });
    expect(people['bert']).toBeUndefined();
    const kim = people['kim']?.id ?? '';

    expect((await run(twoSchools())).outcome).toBe('imported');
    expect((await snapshot()).people['kim']).toMatchObject({ id: kim, schools: ['a', 'b'] });
    expect(await rolesOf(kim)).toEqual(['teacher a', 'teacher b']);
  });

  it('leaves a refused school as it was', async () => {
    await run(twoSchools());
    const before = await snapshot();
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '', givenName: 'Anders' });
    Object.assign(roster.users[1] as object, { familyName: 'Anders' });
    Object.assign(roster.orgs[2] as object, { name: 'Anders' });
    await run(roster);
    expect(await snapshot()).toEqual(before);
  });

  it('holds for whoever calls it as a service: every fault is thrown, and nothing is stored', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[8] as object, { familyName: '' });
    await expect(run(Buffer.from('PK'))).resolves.toMatchObject({ outcome: 'refused', faults: [{ code: 'zip-unreadable' }] });
    await expect(platform.work('directory', ({ oneroster }) => oneroster.importFrom('/nowhere'))).rejects.toThrow('neither a folder nor a zip');
    expect((await snapshot()).schools).toEqual([]);
  });
});

describe('a delta file', () => {
  beforeEach(async () => {
    await empty();
    await run(twoSchools());
  });
  const gone = (sourcedId: string) => ({ sourcedId, status: 'tobedeleted' });

  it('changes what it names and nothing else', async () => {
    const before = await snapshot();
    const report = await run(delta({ users: [user('ali', 'Ali', 'Amrani-Bos')] }));
    expect(report.faults).toEqual([]);
    expect(changes(report)).toEqual({ people: '+0 ~1 -0' });
    expect(await snapshot()).toEqual({ ...before, people: { ...before.people, ali: { ...before.people['ali'], name: 'Ali Amrani-Bos' } } });
  });

  it('adds people with a role and a place, by what the school sent before', async () => {
    const report = await run(
      delta({ users: [user('eva', 'Eva', 'Evens')], roles: [role('eva', 'student', 'a')], enrollments: [enrolment('1a', 'eva', 'student', 'a')], classes: [klas('3a', '3A', 'a', { termSourcedIds: 'tr1' })] }),
    );
    expect(report.faults).toEqual([]);
    expect(changes(report)).toEqual({ people: '+1 ~0 -0', roles: '+1 ~0 -0', enrolments: '+1 ~0 -0', classes: '+1 ~0 -0' });
    expect((await snapshot()).classes['1a']).toContain('eva pupil');
  });

  it('deletes what it says is to be deleted, given no more than its sourcedId', async () => {
    const report = await run(
      delta({ users: [gone('bo')], roles: [gone('r-kim-b')], enrollments: [gone('e-1a-ali')], classes: [gone('2a')], orgs: undefined as never }),
    );
    expect(report.faults).toEqual([]);
    const { people, classes } = await snapshot();
    expect(people['bo']?.active).toBe(false);
    expect(await rolesOf(people['bo']?.id ?? '')).toEqual([]);
    expect(people['kim']?.schools).toEqual(['a']);
    expect(await rolesOf(people['kim']?.id ?? '')).toEqual(['teacher a']);
    expect(classes['1a']).toEqual(['ann teacher']);
    expect(classes['2a']).toBeUndefined();
  });

  it('a second time changes nothing', async () => {
    const roster = delta({ users: [gone('bo')], enrollments: [gone('e-1a-ali')] });
    await run(roster);
    const report = await run(roster);
    expect(changes(report)).toEqual({});
    expect(report.leftOut).toEqual([{ file: 'enrollments.csv', column: null, reason: 'gone-already', count: 1 }]);
  });

  it('does not delete a school', async () => {
    const report = await run(delta({ orgs: [{ ...gone('a'), type: 'school', name: 'School A', identifier: '111111' }] }));
    expect(report.leftOut).toEqual([{ file: 'orgs.csv', column: null, reason: 'school-stays', count: 1 }]);
    expect((await snapshot()).schools).toEqual(['School A', 'School B']);
  });
});

describe('two sources', () => {
  beforeEach(async () => {
    await empty();
    await run(onlySchool(twoSchools(), 'a'));
    // Another package, of another school, that happens to use the same sourcedIds for other people.
    const other = onlySchool(twoSchools(), 'b');
    other.users.push(user('ann', 'Annick', 'Adams'));
    other.roles.push(role('ann', 'teacher', 'b', { sourcedId: 'r-ann-a' }));
    await run(other);
  });

  it('do not mix people with the same sourcedId', async () => {
    const people = await platform.work('directory', ({ knex }) => knex('people').whereIn('family_name', ['Aerts', 'Adams']).orderBy('family_name').select('given_name', 'active', 'id'));
    expect(people.map(({ given_name, active }: { given_name: string; active: boolean }) => [given_name, active])).toEqual([['Annick', true], ['Ann', true]]);
    expect(await rolesOf(people[0].id)).toEqual(['teacher b']);
    expect(await rolesOf(people[1].id)).toEqual(['teacher a']);
  });

  it('make a delta without orgs.csv ask which school is meant', async () => {
    const roster = delta({ users: [user('ann', 'Wie', 'Dan')] });
    expect((await run(roster)).faults).toMatchObject([{ file: 'users.csv', row: 2, column: 'sourcedId', code: 'ambiguous' }]);
    expect((await run(delta({ roles: [{ sourcedId: 'r-ann-a', status: 'tobedeleted' }] }))).faults).toMatchObject([{ code: 'ambiguous' }]);
    expect((await run(delta({ users: [user('ann', 'Wie', 'Dan')], orgs: [twoSchools().orgs[2] as Record<string, string>] }))).faults).toEqual([]);
    const people = await platform.work('directory', ({ knex }) => knex('people').whereIn('family_name', ['Aerts', 'Dan']).pluck('family_name'));
    expect(people.sort()).toEqual(['Aerts', 'Dan']);
  });
});

describe('OneRoster 1.1', () => {
  beforeEach(empty);

  const elevenOf = (roster: TestRoster): TestRoster => {
    const names: Record<string, string> = { teacher: 'teacher', student: 'student', siteAdministrator: 'administrator', principal: 'administrator' };
    return {
      ...roster,
      manifest: { ...roster.manifest, 'oneroster.version': '1.1', 'file.roles': 'absent' },
      users: roster.users.map((one) => {
        const roles = roster.roles.filter(({ userSourcedId }) => userSourcedId === one['sourcedId']);
        return { ...one, orgSourcedIds: roles.map(({ orgSourcedId }) => orgSourcedId).join(','), role: names[roles[0]?.['role'] ?? ''] ?? '' };
      }),
    };
  };

  it('is read: roles come from users.csv, and an administrator gets none', async () => {
    const report = await run(elevenOf(twoSchools()));
    expect(report.faults).toEqual([]);
    expect(report.leftOut).toContainEqual({ file: 'users.csv', column: null, reason: 'no-portal-role', count: 2 });
    const { people, classes } = await snapshot();
    expect(Object.keys(people).sort()).toEqual(['ali', 'ann', 'bert', 'bo', 'cas', 'dina', 'kim']);
    expect(classes['2a']).toEqual(['ann teacher', 'cas pupil', 'kim teacher']);
    expect(await rolesOf(people['kim']?.id ?? '')).toEqual(['teacher a', 'teacher b']);
    expect(changes(await run(elevenOf(twoSchools())))).toEqual({});
  });

  it('in a delta says all that a person is', async () => {
    await run(elevenOf(twoSchools()));
    const before = await snapshot();
    const report = await run(elevenOf(delta({ users: [user('kim', 'Kim', 'Kaya')], roles: [role('kim', 'teacher', 'a')] })));
    expect(report.faults).toEqual([]);
    expect((await snapshot()).people['kim']).toEqual({ ...before.people['kim'], schools: ['a'], email: null });
  });
});

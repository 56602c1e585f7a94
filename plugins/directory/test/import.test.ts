import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lowestGrade } from '../dist/oneroster/grades.js';
import { changes, createDirectory, type TestDirectory } from './directory.js';
import { enrolment, onlySchool, role, twoSchools, user } from './roster.js';

let directory: TestDirectory;
beforeAll(async () => {
  directory = await createDirectory();
});
afterAll(() => directory?.platform.stop());

describe('a first import', () => {
  beforeAll(() => directory.empty());

  it('shows in a dry run what it would do, and does nothing', async () => {
    const report = await directory.run(twoSchools(), { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, outcome: 'imported', faults: [] });
    expect(changes(report)).toEqual({
      schools: '+2 ~0 -0',
      sites: '+1 ~0 -0',
      school_years: '+2 ~0 -0',
      people: '+9 ~0 -0',
      roles: '+10 ~0 -0',
      classes: '+3 ~0 -0',
      enrolments: '+9 ~0 -0',
    });
    expect(await directory.snapshot()).toEqual({ schools: [], people: {}, classes: {} });
  });

  it('imports schools, people and classes', async () => {
    await directory.run(twoSchools());
    const { schools, people, classes } = await directory.snapshot();
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
    const { people } = await directory.snapshot();
    const roles = Object.fromEntries(
      await Promise.all(Object.entries(people).map(async ([id, one]) => [id, await directory.rolesOf(one.id)])),
    );
    expect(roles).toEqual({
      ann: ['teacher a'],
      bert: ['teacher b'],
      kim: ['teacher a', 'teacher b'],
      ida: ['ict-coordinator a'],
      piet: ['principal a'],
      ali: ['pupil a'],
      bo: ['pupil a'],
      cas: ['pupil a'],
      dina: ['pupil b'],
    });
  });

  it('changes nothing the second time', async () => {
    const before = await directory.snapshot();
    const report = await directory.run(twoSchools());
    expect(changes(report)).toEqual({});
    expect(report.tables.people.unchanged).toBe(9);
    expect(await directory.snapshot()).toEqual(before);
  });

  it('gives the same ids in another portal', async () => {
    const before = await directory.snapshot();
    await directory.empty();
    await directory.run(twoSchools());
    expect(await directory.snapshot()).toEqual(before);
  });

  it('stores no personal data that the portal does not need', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[5] as object, {
      phone: 'geheim-1',
      password: 'geheim-2',
      identifier: 'geheim-3',
      email: 'geheim-4@x.example',
      username: 'geheim-5',
    });
    await directory.run(roster);
    const everything = await directory.platform.work('directory', async ({ knex }) =>
      JSON.stringify(await Promise.all(['people', 'memberships', 'roles', 'classes', 'enrolments'].map((table) => knex(table)))),
    );
    expect(everything).not.toContain('geheim');
    expect(directory.platform.log.join('')).not.toMatch(/Amrani|geheim/);
  });
});

describe('a bulk file', () => {
  beforeEach(async () => {
    await directory.empty();
    await directory.run(twoSchools());
  });

  it('changes only what changed', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[0] as object, { familyName: 'Aerts-Boon', preferredGivenName: 'Anneke' });
    Object.assign(roster.classes[0] as object, { title: '1A zon' });
    const before = await directory.snapshot();
    expect(changes(await directory.run(roster))).toEqual({ people: '+0 ~1 -0', classes: '+0 ~1 -0' });
    expect((await directory.snapshot()).people['ann']).toEqual({ ...before.people['ann'], name: 'Anneke Aerts-Boon' });
  });

  it('removes the people and things that it leaves out, with their roles', async () => {
    const roster = twoSchools();
    roster.users = roster.users.filter(({ sourcedId }) => sourcedId !== 'cas' && sourcedId !== 'ann');
    roster.roles = roster.roles.filter(({ userSourcedId }) => userSourcedId !== 'cas' && userSourcedId !== 'ann');
    roster.classes = roster.classes.filter(({ sourcedId }) => sourcedId !== '2a');
    roster.enrollments = roster.enrollments.filter(
      ({ classSourcedId, userSourcedId }) => classSourcedId !== '2a' && userSourcedId !== 'ann',
    );
    expect(changes(await directory.run(roster))).toEqual({
      people: '+0 ~0 -2',
      roles: '+0 ~0 -2',
      classes: '+0 ~0 -1',
      enrolments: '+0 ~0 -4',
    });
    const { people, classes } = await directory.snapshot();
    expect(people['cas']).toMatchObject({ active: false, schools: ['a'] });
    expect(Object.keys(classes).sort()).toEqual(['1a', '1b']);
    expect(classes['1a']).toEqual(['ali pupil', 'bo pupil']);
    expect(await directory.rolesOf(people['ann']?.id)).toEqual([]);
  });

  it('restores a returning person as the same person', async () => {
    const before = await directory.snapshot();
    const without = twoSchools();
    for (const file of ['users', 'roles', 'enrollments'] as const) {
      without[file] = without[file].filter(({ sourcedId, userSourcedId }) => sourcedId !== 'cas' && userSourcedId !== 'cas');
    }
    await directory.run(without);
    expect(changes(await directory.run(twoSchools()))).toEqual({ people: '+1 ~0 -0', roles: '+1 ~0 -0', enrolments: '+1 ~0 -0' });
    expect(await directory.snapshot()).toEqual(before);
    expect(await directory.rolesOf(before.people['cas']?.id)).toEqual(['pupil a']);
  });

  it('affects only the schools that it contains', async () => {
    const before = await directory.snapshot();
    const report = await directory.run(onlySchool(twoSchools(), 'a'));
    expect(report.schools.map(({ instellingsnummer }) => instellingsnummer)).toEqual(['111111']);
    expect(changes(report)).toEqual({});
    expect(await directory.snapshot()).toEqual(before);
  });

  it('removes nothing in a school that it names without a row', async () => {
    const roster = onlySchool(twoSchools(), 'a');
    roster.orgs = twoSchools().orgs;
    expect(changes(await directory.run(roster))).toEqual({});
  });

  it('moves a person between schools as the same person', async () => {
    const before = await directory.snapshot();
    const roster = twoSchools();
    Object.assign(roster.roles.find(({ userSourcedId }) => userSourcedId === 'cas') as object, { orgSourcedId: 'b' });
    roster.enrollments = roster.enrollments.filter(({ userSourcedId }) => userSourcedId !== 'cas');
    roster.enrollments.push(enrolment('1b', 'cas', 'student', 'b'));
    await directory.run(roster);
    const { people, classes } = await directory.snapshot();
    expect(people['cas']).toEqual({ ...before.people['cas'], schools: ['b'] });
    expect(classes['1b']).toContain('cas pupil');
    expect(await directory.rolesOf(people['cas']?.id)).toEqual(['pupil b']);
  });

  it('of a school that somebody left long ago takes nothing from the school where they are now', async () => {
    const moved = twoSchools();
    Object.assign(moved.roles.find(({ userSourcedId }) => userSourcedId === 'cas') as object, { orgSourcedId: 'b' });
    moved.enrollments = moved.enrollments.filter(({ userSourcedId }) => userSourcedId !== 'cas');
    await directory.run(moved);
    const before = await directory.snapshot();
    const a = await directory.platform.work('directory', async ({ knex }) => {
      const [{ id }] = await knex('schools').where({ sourced_id: 'a' }).select('id');
      // As retention does.
      await knex('memberships').where({ school_id: id, active: false }).delete();
      return id;
    });
    const again = onlySchool(twoSchools(), 'a');
    Object.assign(again.users.find(({ sourcedId }) => sourcedId === 'cas') as object, { familyName: 'Somebody Else' });
    const report = await directory.run(again, { scope: [a] });
    expect(report).toMatchObject({ outcome: 'imported', faults: [] });
    const { people } = await directory.snapshot();
    expect(people['cas']).toEqual({ ...before.people['cas'], schools: ['a', 'b'] });
    expect(await directory.rolesOf(people['cas']?.id)).toEqual(['pupil a', 'pupil b']);
  });

  it('that lost more than half of a school must be confirmed', async () => {
    const many = onlySchool(twoSchools(), 'b');
    for (let index = 0; index < 30; index++) {
      many.users.push(user(`p${index}`, 'Pupil', `${index}`));
      many.roles.push(role(`p${index}`, 'student', 'b'));
    }
    await directory.run(many);
    const cutOff = onlySchool(twoSchools(), 'b');
    const refused = await directory.run(cutOff);
    expect(refused.outcome).toBe('refused');
    expect(refused.faults).toMatchObject([
      { file: 'roles.csv', code: 'removes-many', params: { count: 30, total: 33, school: '222222' } },
    ]);
    expect(changes(await directory.run(cutOff, { allowRemovals: true }))).toEqual({ people: '+0 ~0 -30', roles: '+0 ~0 -30' });
  });

  it('leaves roles that were given elsewhere', async () => {
    const ann = (await directory.snapshot()).people['ann']?.id ?? '';
    await directory.platform.work('directory', async ({ access }) =>
      access.setRoles(ann, [...(await access.rolesOf(ann)), { tenant: null, role: 'portal-administrator' }]),
    );
    const roster = twoSchools();
    roster.roles.push(role('ann', 'principal', 'a', { sourcedId: 'r2' }));
    await directory.run(roster);
    expect(await directory.rolesOf(ann)).toEqual(['portal-administrator *', 'principal a', 'teacher a']);
    roster.roles = roster.roles.filter(({ userSourcedId }) => userSourcedId !== 'ann');
    roster.enrollments = roster.enrollments.filter(({ userSourcedId }) => userSourcedId !== 'ann');
    await directory.run(roster);
    expect(await directory.rolesOf(ann)).toEqual(['portal-administrator *']);
  });

  it('leaves people who are in no file', async () => {
    const added = await directory.platform.work('directory', async ({ people, schools }) => {
      const [school] = await schools.list();
      return people.create({
        givenName: 'Gast',
        familyName: 'Leraar',
        kind: 'staff',
        roles: [{ tenant: school.id, role: 'teacher' }],
      });
    });
    await directory.run(twoSchools());
    expect(await directory.rolesOf(added)).toEqual(['teacher a']);
  });

  it('leaves somebody whose data are restricted as they are, with their roles', async () => {
    const before = (await directory.snapshot()).people['cas'];
    const restrict = (sql: string) =>
      directory.platform.platform.runner.run({}, ({ unit }) => unit.kernel(sql, [before?.id ?? '']));
    await restrict(`insert into kernel.restrictions (person_id, ground) values ($1, 'accuracy')`);
    const without = twoSchools();
    for (const name of ['users', 'roles', 'enrollments'] as const)
      without[name] = without[name].filter((row) => row['sourcedId'] !== 'cas' && row['userSourcedId'] !== 'cas');
    await directory.run(without);
    expect(await directory.rolesOf(before?.id)).toEqual(['pupil a']);
    await directory.run(twoSchools());
    expect((await directory.snapshot()).people['cas']).toEqual(before);
    expect(await directory.rolesOf(before?.id)).toEqual(['pupil a']);
    await restrict('delete from kernel.restrictions where person_id = $1');
    await directory.run(without);
    expect(await directory.rolesOf(before?.id)).toEqual([]);
  });

  it('signs out people whom it disables', async () => {
    const roster = twoSchools();
    Object.assign(roster.users[0] as object, { enabledUser: 'false' });
    expect(changes(await directory.run(roster))).toEqual({ people: '+0 ~0 -1' });
    const { people } = await directory.snapshot();
    expect(await directory.rolesOf(people['ann']?.id)).toEqual([]);
    await directory.run(twoSchools());
    expect(await directory.rolesOf(people['ann']?.id)).toEqual(['teacher a']);
  });
});

describe('the year of a class', () => {
  it.each([
    ['1', 1],
    ['06', 6],
    ['12', 12],
    ['13', 12],
    ['05,04, 06', 4],
    ['KG', 0],
    ['PK,01', 0],
    ['', null],
    [null, null],
    ['L3', null],
    ['0', null],
    ['-1,99', null],
  ])('ux 20: %j is year %j', (grades, year) => expect(lowestGrade(grades)).toBe(year));

  it('is stored with the class, and changes with the file', async () => {
    await directory.empty();
    const stored = () => directory.platform.work('directory', ({ knex }) => knex('classes').orderBy('name').pluck('grade'));
    const roster = twoSchools();
    const [first] = roster.classes;
    if (first) first['grades'] = '01';
    await directory.run(roster);
    expect(await stored()).toEqual(expect.arrayContaining([1, null, null]));
    if (first) first['grades'] = '2';
    expect(changes(await directory.run(roster))).toEqual({ classes: '+0 ~1 -0' });
    expect(await stored()).toEqual(expect.arrayContaining([2]));
  });
});

describe('another school year', () => {
  it('makes a class of the same sourcedId another class, so that nobody gets what was given to those of last year', async () => {
    await directory.empty();
    await directory.run(twoSchools());
    const stored = () =>
      directory.platform.work('directory', ({ knex }) =>
        knex('classes').where({ name: '1A' }).orderBy('school_year').select('id', 'school_year', 'sourced_id', 'active'),
      );
    const [before] = await stored();
    const roster = twoSchools();
    const [session] = roster.academicSessions;
    Object.assign(session as object, { startDate: '2027-09-01', endDate: '2028-08-31', schoolYear: '2028' });
    roster.academicSessions = roster.academicSessions.slice(0, 1);
    const report = await directory.run(roster, { allowRemovals: true });
    expect(changes(report)).toMatchObject({ classes: '+3 ~0 -3' });
    expect(await stored()).toEqual([
      { ...before, sourced_id: null, active: false },
      { id: expect.not.stringContaining(before.id), school_year: '2027-2028', sourced_id: '1a', active: true },
    ]);
    expect((await directory.snapshot()).classes['1a']).toEqual(['ali pupil', 'ann teacher', 'bo pupil']);
    expect(changes(await directory.run(roster))).toEqual({});
  });
});

describe('the sourcedIds of a school', () => {
  it('are corrected by a table: two people change theirs, everybody stays who they are, and the next file agrees', async () => {
    await directory.empty();
    await directory.run(twoSchools());
    const { people } = await directory.snapshot();
    const school = await directory.platform.work('directory', ({ knex }) =>
      knex('schools').where({ sourced_id: 'a' }).first('id'),
    );
    const ida = await directory.platform.signIn(people['ida']?.id as string);
    const address = `/api/directory/schools/${school.id}/keys`;
    const table = await ida.get(`${address}.csv`);
    const [header, ...rows] = table.body.replace('\ufeff', '').trim().split(/\r?\n/);
    expect(header).toBe('person;kind;familyName;givenName;sourcedId');
    expect(rows.map((row: string) => row.split(';').at(-1)).sort()).toEqual(['ali', 'ann', 'bo', 'cas', 'ida', 'kim', 'piet']);
    const send = async (lines: [person: string, key: string][], dryRun = false) =>
      ida.request('PUT', `${address}?dryRun=${dryRun}`, {
        raw: `person,sourcedId\n${lines.map((line) => line.join(',')).join('\n')}\n`,
        headers: { 'content-type': 'text/csv' },
      });
    const of = (key: string) => people[key]?.id as string;
    const codes = async (lines: [string, string][]) => (await send(lines)).body.faults.map(({ code }: any) => code);
    expect(await codes([[of('dina'), 'x']])).toEqual(['person-unknown']);
    expect(await codes([[of('ali'), 'bo']])).toEqual(['key-taken']);
    expect(
      await codes([
        [of('ali'), 'x'],
        [of('bo'), 'x'],
      ]),
    ).toEqual(['twice']);
    expect(await codes([[of('piet'), 'x']])).toEqual(['person-not-yours']);
    expect(await codes([[of('kim'), 'x']])).toEqual(['person-not-yours']);
    const swapped: [string, string][] = [
      [of('ali'), 'bo'],
      [of('bo'), 'ali'],
      [of('cas'), 'new-cas'],
    ];
    expect((await send(swapped, true)).body).toMatchObject({ written: false, changed: 3, faultCount: 0 });
    expect((await send(swapped)).body).toMatchObject({ written: true, changed: 3, faultCount: 0 });
    const after = (await directory.snapshot()).people;
    expect([after['ali']?.id, after['bo']?.id, after['new-cas']?.id]).toEqual([of('bo'), of('ali'), of('cas')]);
    const ann = await directory.platform.signIn(of('ann'));
    expect([
      (await ann.get(`${address}.csv`)).status,
      (await ann.request('PUT', address, { raw: 'x', headers: { 'content-type': 'text/csv' } })).status,
    ]).toEqual([403, 403]);
    const other = await directory.platform.work('directory', ({ knex }) =>
      knex('schools').where({ sourced_id: 'b' }).first('id'),
    );
    expect((await ida.get(`/api/directory/schools/${other.id}/keys.csv`)).status).toBe(404);
  });
});

describe('the number of a school', () => {
  const numbers = (run: (services: any) => unknown) => directory.platform.work('directory', run as never) as Promise<any>;
  const change = async (number: string, { renumber = null, add = null, forget = null, merged = false }: any) =>
    numbers(async ({ schools, schoolNumbers }) =>
      schoolNumbers.change((await schools.byInstellingsnummer(number)).id, { renumber, add, forget, merged }),
    );
  const nameBy = (number: string) => numbers(async ({ schools }) => (await schools.byInstellingsnummer(number))?.name ?? null);

  it('may change: the school is found by both, and takes files with either', async () => {
    await directory.empty();
    await directory.run(twoSchools());
    await change('111111', { renumber: '444444' });
    expect([await nameBy('111111'), await nameBy('444444')]).toEqual(['School A', 'School A']);
    const old = await directory.run(twoSchools());
    expect([old.outcome, changes(old)]).toEqual(['imported', {}]);
    const roster = twoSchools();
    const school = roster.orgs.find(({ sourcedId }) => sourcedId === 'a') as Record<string, string>;
    school['identifier'] = '444444';
    const renamed = await directory.run(roster);
    expect([renamed.outcome, changes(renamed)]).toEqual(['imported', {}]);
    roster.orgs.push({ ...school, sourcedId: 'a2', identifier: '111111' });
    expect((await directory.run(roster)).faults).toMatchObject([{ code: 'instellingsnummer-twice' }]);
    expect(await numbers(async ({ schools }) => schools.numbersOf((await schools.byInstellingsnummer('444444')).id))).toEqual([
      '444444',
      '111111',
    ]);
    await change('444444', { renumber: '111111' });
    expect([await nameBy('111111'), await nameBy('444444')]).toEqual(['School A', 'School A']);
  });

  it('that another school gets makes that one a new school, and leaves the first with its people', async () => {
    await directory.empty();
    const first = twoSchools();
    await directory.run(onlySchool(first, 'a'));
    await change('111111', { renumber: '444444' });
    await change('444444', { forget: '111111' });
    const peopleOf = (number: string) =>
      numbers(async ({ knex, schools }) =>
        knex('memberships')
          .where({ school_id: (await schools.byInstellingsnummer(number)).id, active: true })
          .orderBy('person_id')
          .pluck('person_id'),
      );
    const before = await peopleOf('444444');
    const roster = onlySchool(twoSchools(), 'b');
    (roster.orgs.find(({ sourcedId }) => sourcedId === 'b') as Record<string, string>)['identifier'] = '111111';
    expect((await directory.run(roster)).outcome).toBe('imported');
    expect([await nameBy('444444'), await nameBy('111111')]).toEqual(['School A', 'School B']);
    expect(await peopleOf('444444')).toEqual(before);
    expect((await peopleOf('111111')).length).toBeGreaterThan(0);
    const again = await directory.run(roster);
    expect([again.outcome, changes(again)]).toEqual(['imported', {}]);
  });

  it('of a school that was merged into another means that one; no number means two', async () => {
    await directory.empty();
    await directory.run(twoSchools());
    await expect(change('111111', { renumber: '222222' })).rejects.toMatchObject({ status: 409 });
    await expect(change('111111', { add: '222222' }), 'a school with people').rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('School B'),
    });
    expect(await nameBy('222222')).toBe('School B');
    await change('111111', { add: '222222', merged: true });
    expect(await nameBy('222222')).toBe('School A');
    await directory.run(onlySchool(twoSchools(), 'a'));
    await expect(change('111111', { renumber: '222222' })).rejects.toMatchObject({ status: 409 });
    await change('111111', { forget: '222222' });
    expect(await nameBy('222222')).toBe('School B');
    await change('222222', { add: '555555' });
    await expect(change('111111', { add: '555555' })).rejects.toMatchObject({ status: 409 });
  });
});

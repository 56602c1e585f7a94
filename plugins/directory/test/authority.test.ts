import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { delta, type Line, onlySchool, role, type TestRoster, twoSchools, user, zip } from './roster.js';

let platform: TestPlatform;
let ida: TestClient;
let schoolA: string;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory] });
  const bytes = zip(twoSchools());
  await platform.work('directory', ({ importer }) => importer.run(bytes));
  schoolA = await platform.work('directory', async ({ knex }) => (await knex('schools').where({ sourced_id: 'a' }).first()).id);
  ida = await platform.signIn(await idOf('ida'));
});
afterAll(() => platform?.stop());

const idOf = (sourced_id: string): Promise<string> =>
  platform.work('directory', async ({ knex }) => (await knex('memberships').where({ sourced_id }).first('person_id')).person_id);

const send = (client: TestClient, roster: TestRoster, query = '') =>
  client.request('POST', `/api/directory/imports${query}`, { raw: zip(roster), headers: { 'content-type': 'application/zip' } });

/** Every role that anybody holds, in the portal and in the directory. */
const everything = () =>
  platform.work('directory', async ({ knex, access }) => {
    const people: string[] = await knex('people').orderBy('id').pluck('id');
    const grants = [];
    for (const id of people) grants.push([id, await access.rolesOf(id)]);
    const { rows } = await knex.raw('select person_id, school_id, role, sourced_id from roles order by 1, 2, 3, 4');
    return JSON.stringify([grants, rows, await knex('people').orderBy('id').select('id', 'active', 'kind')]);
  });

describe('attack 8: a file sent by an ICT coordinator', () => {
  const line = (userSourcedId: string, name: string, more: Line = {}) =>
    role(userSourcedId, name, 'a', { sourcedId: 'evil', ...more });
  const all = () => onlySchool(twoSchools(), 'a');

  test.each<[string, () => TestRoster, string]>([
    ['the sender', () => delta({ roles: [line('ida', 'principal', { roleType: 'secondary' })] }), 'roles.csv 2 role-not-yours'],
    [
      'somebody else',
      () => delta({ roles: [line('ann', 'student'), line('kim', 'principal', { sourcedId: 'evil-2' })] }),
      'roles.csv 3 role-not-yours',
    ],
    [
      'somebody new',
      () => delta({ users: [user('new', 'Nele', 'New')], roles: [line('new', 'principal')] }),
      'roles.csv 2 role-not-yours',
    ],
    [
      'the sender, by the row of the principal',
      () => delta({ roles: [role('piet', 'principal', 'a', { userSourcedId: 'ida' })] }),
      'roles.csv 2 role-not-yours',
    ],
    [
      'the sender, in a bulk file',
      () => ({ ...all(), roles: [...all().roles, line('ida', 'principal')] }),
      'roles.csv 9 role-not-yours',
    ],
  ])('that makes %s a principal is refused as a whole, with the row', async (_, roster, place) => {
    const before = await everything();
    for (const query of ['?dryRun=true', '']) {
      const { status, body } = await send(ida, roster(), query);
      expect([status, body.outcome]).toEqual([200, 'refused']);
      const places = body.faults.map(({ file, row, code }: any) => [file, row, code].filter((part) => part !== null).join(' '));
      expect(places).toContain(place);
      expect(body.tables.roles).toMatchObject({ added: 0, changed: 0 });
    }
    expect(await everything()).toBe(before);
  });

  test.each<[string, () => TestRoster, string]>([
    ['the role', () => delta({ roles: [role('piet', 'principal', 'a', { status: 'tobedeleted' })] }), 'roles.csv 2'],
    ['the role for another', () => delta({ roles: [role('piet', 'teacher', 'a')] }), 'roles.csv 2'],
    [
      'the role by its end',
      () => delta({ roles: [role('piet', 'principal', 'a', { endDate: '2026-09-02', beginDate: '2026-09-01' })] }),
      'roles.csv 2',
    ],
    ['the person', () => delta({ users: [user('piet', 'Piet', 'Pauwels', { status: 'tobedeleted' })] }), 'users.csv 2'],
    ['the way in', () => delta({ users: [user('piet', 'Piet', 'Pauwels', { enabledUser: 'false' })] }), 'users.csv 2'],
    ['the row', () => ({ ...all(), roles: all().roles.filter(({ role: name }) => name !== 'principal') }), 'users.csv'],
  ])('that removes %s from the principal is refused as a whole', async (_, roster, place) => {
    const before = await everything();
    const { body } = await send(ida, roster());
    expect(body.outcome).toBe('refused');
    const mine = body.faults.filter(({ code }: any) => code === 'role-not-yours-to-take');
    expect(mine.map(({ file, row }: any) => [file, row].filter((part) => part !== null).join(' '))[0]).toContain(place);
    expect(mine[0].message).toContain('"piet"');
    expect(await everything()).toBe(before);
  });

  test('gives and removes the roles of pupils, teachers and ICT coordinators, but not that of the principal', async () => {
    const given = await send(ida, delta({ users: [user('nia', 'Nia', 'Nys')], roles: [role('nia', 'siteAdministrator', 'a')] }));
    expect(given.body.outcome).toBe('imported');
    const without = (lines: Line[]) => lines.filter(({ userSourcedId }) => userSourcedId !== 'cas');
    const taken = await send(ida, { ...all(), roles: without(all().roles), enrollments: without(all().enrollments) });
    expect(taken.body).toMatchObject({ tables: { roles: { removed: 2 } } });
    expect((await send(ida, all())).body.outcome).toBe('imported');
  });

  test('never changes who the principals are, whatever it contains', async () => {
    const people = ['ida', 'ann', 'piet', 'ali', 'kim'];
    const names = ['principal', 'teacher', 'student', 'siteAdministrator', 'systemAdministrator', 'districtAdministrator'];
    const lines = fc.record({
      sourcedId: fc.constantFrom('x1', 'x2', 'r-piet-a', 'r-ida-a'),
      userSourcedId: fc.constantFrom(...people),
      role: fc.constantFrom(...names),
      roleType: fc.constantFrom('primary', 'secondary'),
      status: fc.constantFrom('active', 'tobedeleted'),
      orgSourcedId: fc.constantFrom('a', 'a-1', 'b'),
    });
    const principals = () =>
      platform.work('directory', async ({ access, knex }) => {
        const ids: string[] = await knex('people').orderBy('id').pluck('id');
        const held = [];
        for (const id of ids)
          held.push(...(await access.rolesOf(id)).filter(({ role: name }: any) => name === 'principal').map(() => id));
        return held;
      });
    const before = await principals();
    expect(before).toHaveLength(1);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(lines, { selector: ({ sourcedId }) => sourcedId, minLength: 1 }), async (roles) => {
        await send(ida, delta({ roles }));
        expect(await principals()).toEqual(before);
      }),
      { numRuns: 40 },
    );
    await platform.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  });
});

describe('attack 8: a plugin that acts as somebody else on behalf of a person', () => {
  /** As a route does that acts as the portal: `fn` runs as the system, asked for by this person. */
  const askedBy = async (sourcedId: string, fn: (services: any) => Promise<unknown>) => {
    const personId = await idOf(sourcedId);
    const roles = await platform.work('directory', ({ access }) => access.rolesOf(personId));
    const principal = { kind: 'person' as const, id: personId, roles, tenants: [schoolA] };
    const { runner } = platform.platform;
    return runner.run({ principal }, (frame) =>
      (runner.cradleOf('directory', frame) as any).actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, fn),
    );
  };
  const add =
    (name: string, school: string | null = schoolA) =>
    ({ people }: any) =>
      people.create({
        givenName: 'Eva',
        familyName: 'Evers',
        kind: name === 'pupil' ? 'pupil' : 'staff',
        roles: [{ tenant: school, role: name }],
      });

  test.each([
    ['ida', ['pupil', 'teacher', 'ict-coordinator'], ['principal']],
    ['piet', ['pupil', 'teacher', 'ict-coordinator', 'principal'], []],
    ['ann', ['pupil'], ['teacher', 'ict-coordinator', 'principal']],
    ['ali', [], ['pupil', 'teacher']],
  ])('%s can give the roles below and their own, and no other', async (who, may, mayNot) => {
    for (const name of may) await expect(askedBy(who, add(name))).resolves.toMatch(/-/);
    for (const name of mayNot) await expect(askedBy(who, add(name))).rejects.toMatchObject({ status: 403 });
    await expect(askedBy(who, add('portal-administrator', null))).rejects.toMatchObject({ status: 403 });
    const other = await platform.work(
      'directory',
      async ({ knex }) => (await knex('schools').where({ sourced_id: 'b' }).first()).id,
    );
    await expect(askedBy(who, add('teacher', other)), 'in another school').rejects.toMatchObject({ status: 403 });
  });

  test('nobody can remove a role that they could not give', async () => {
    const piet = await idOf('piet');
    await expect(askedBy('ida', ({ access }) => access.setRoles(piet, []))).rejects.toMatchObject({ status: 403 });
    const ann = await idOf('ann');
    await expect(
      askedBy('ida', ({ access }) => access.setRoles(ann, [{ tenant: schoolA, role: 'teacher' }])),
    ).resolves.toBeUndefined();
  });

  test('the portal itself, as in commands and jobs, can give any role', async () => {
    await expect(platform.work('directory', add('portal-administrator', null))).resolves.toMatch(/-/);
  });
});

import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { klas, onlySchool, role, twoSchools, user, zip, zipOf } from './roster.js';

type Ids = Record<string, string>;

let platform: TestPlatform;
let people: Ids;
let classes: Ids;
let schools: Ids;
const clients = new Map<string, TestClient>();

/** A client of somebody, by sourcedId. */
const as = (name: string): TestClient => clients.get(name) as TestClient;
const api = (path: string) => `/api/directory${path}`;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory] });
  const bytes = zip(twoSchools());
  await platform.work('directory', ({ importer }) => importer.run(bytes));
  ({ people, classes, schools } = await platform.work('directory', async ({ knex }) => {
    const ids = async (table: string, column: string): Promise<Ids> =>
      Object.fromEntries((await knex(table).select('sourced_id', column)).map((row: Ids) => [row['sourced_id'], row[column]]));
    return {
      people: await ids('memberships', 'person_id'),
      classes: await ids('classes', 'id'),
      schools: await ids('schools', 'id'),
    };
  }));
  for (const [name, id] of Object.entries(people)) clients.set(name, await platform.signIn(id, name));
  const admin = await platform.work('directory', ({ people: service }) =>
    service.create({
      givenName: 'Ada',
      familyName: 'Admin',
      kind: 'staff',
      roles: [{ tenant: null, role: 'portal-administrator' }],
    }),
  );
  clients.set('admin', await platform.signIn(admin, 'Ada'));
});
afterAll(() => platform?.stop());

const names = (list: { givenName: string }[]) => list.map(({ givenName }) => givenName);

describe('a teacher', () => {
  it('sees their own school, its classes and members', async () => {
    expect((await as('ann').get(api('/schools'))).body.schools).toEqual([
      { id: schools['a'], instellingsnummer: '111111', name: 'School A' },
    ]);
    const mine = (await as('ann').get(api('/classes'))).body.classes;
    expect(mine).toEqual([
      { id: classes['1a'], school: schools['a'], name: '1A', schoolYear: '2026-2027', kind: 'class', pupils: 2 },
      { id: classes['2a'], school: schools['a'], name: '2A', schoolYear: '2026-2027', kind: 'class', pupils: 1 },
    ]);
    const one = (await as('ann').get(api(`/classes/${classes['2a']}`))).body;
    expect([names(one.pupils), names(one.teachers), one.own]).toEqual([['Cas'], ['Ann', 'Kim'], false]);
  });

  it('of two schools sees both', async () => {
    expect((await as('kim').get(api('/classes'))).body.classes.map(({ name }: { name: string }) => name)).toEqual(['1B', '2A']);
    const inB = (await as('kim').get(api(`/classes?of=school&school=${schools['b']}`))).body.classes;
    expect(inB.map(({ name }: { name: string }) => name)).toEqual(['1B']);
  });

  it('finds people by name, regardless of case, accents and order', async () => {
    const found = async (search: string) =>
      names((await as('ann').get(api(`/people?search=${encodeURIComponent(search)}`))).body.people);
    expect(await found('AMRANI ali')).toEqual(['Ali']);
    expect(await found('kàyâ')).toEqual(['Kim']);
    expect(await found('%')).toEqual([]);
    expect(await found('dina')).toEqual([]);
  });

  it('ux 5: sees a person’s classes and roles, of groups only their own', async () => {
    const { body: group } = await as('kim').post(api('/groups'), {
      school: schools['a'],
      name: 'Extra hulp',
      pupils: [people['cas']],
    });
    const person = async (who: string, of: string) => (await as(who).get(api(`/people/${people[of]}`))).body;
    const classNames = (body: { classes: { name: string }[] }) => body.classes.map(({ name }) => name);
    const seen = await person('ann', 'cas');
    expect(seen).toMatchObject({
      givenName: 'Cas',
      kind: 'pupil',
      active: true,
      roles: [{ school: schools['a'], schoolName: 'School A', role: 'pupil' }],
    });
    expect(classNames(seen)).toEqual(['2A']);
    expect(classNames(await person('kim', 'cas'))).toEqual(['2A', 'Extra hulp']);
    // Kim also works in school B.
    expect((await person('ann', 'kim')).roles).toEqual([{ school: schools['a'], schoolName: 'School A', role: 'teacher' }]);
    const listed = (await as('ann').get(api('/people?search=cas'))).body.people;
    expect(listed).toMatchObject([{ id: people['cas'], classes: ['2A'] }]);
    await as('kim').delete(api(`/groups/${group.class.id}`));
  });

  it('reads people page by page', async () => {
    const page = async (number: number) => (await as('ann').get(api(`/people?kind=pupil&size=2&page=${number}`))).body;
    expect(await page(1)).toMatchObject({ total: 3, people: [{ givenName: 'Ali' }, { givenName: 'Bo' }] });
    expect(await page(2)).toMatchObject({ total: 3, people: [{ givenName: 'Cas' }] });
    expect(await page(3)).toEqual({ total: 3, people: [] });
    for (const query of ['page=0', 'size=101', 'kind=parent', 'school=x']) {
      expect((await as('ann').get(api(`/people?${query}`))).status).toBe(400);
    }
  });
});

describe('a second school', () => {
  it('sees nothing of the first on any route', async () => {
    const paths = [
      '/schools',
      '/classes',
      '/classes?of=school',
      '/people',
      '/people?search=a',
      `/classes?of=school&school=${schools['a']}`,
      `/people?school=${schools['a']}`,
    ];
    for (const path of paths) {
      const { status, body } = await as('bert').get(api(path));
      expect([path, status]).toEqual([path, 200]);
      const text = JSON.stringify(body);
      for (const secret of ['School A', '111111', 'Ann', 'Ali', '1A', '2A', 'Ida']) expect(text).not.toContain(secret);
      // Kim works in both; that she does is no affair of the second school's.
      expect(text).not.toContain(schools['a']);
    }
    for (const path of [`/classes/${classes['1a']}`, `/people/${people['ann']}`, `/people/${people['ali']}`]) {
      expect((await as('bert').get(api(path))).status).toBe(404);
    }
  });

  it('gets the same answer for something missing as for something of another school', async () => {
    const shape = async (id: string | undefined) => {
      const { status, body } = await as('bert').get(api(`/people/${id}`));
      return { status, type: body.type, title: body.title, detail: body.detail };
    };
    expect(await shape(people['ann'])).toEqual(await shape('00000000-0000-4000-8000-000000000000'));
  });

  it('may not manage the first', async () => {
    expect((await as('ida').get(api(`/schools/${schools['a']}`))).body).toMatchObject({
      name: 'School A',
      group: 'Scholengroep',
      sites: ['Vestiging Noord'],
      pupils: 3,
      staff: 4,
      classes: 2,
      missing: { pupilsWithoutClass: 0, classesWithoutTeacher: 0, classesWithoutPupils: 0 },
      // Of this school alone, although the file had two.
      lastImport: { people: { added: 7, changed: 0, removed: 0 }, classes: { added: 2, changed: 0, removed: 0 } },
    });
    expect((await as('ida').get(api(`/schools/${schools['b']}`))).status).toBe(404);
    expect((await as('piet').patch(api(`/schools/${schools['b']}/releases`), { name: true })).status).toBe(404);
    expect((await as('ida').patch(api(`/schools/${schools['a']}/releases`), { name: true })).status).toBe(403);
  });
});

describe('a pupil', () => {
  it('sees their own school and class, by name only', async () => {
    expect((await as('ali').get(api('/schools'))).body.schools).toHaveLength(1);
    for (const path of ['/classes', '/classes?of=school']) {
      expect((await as('ali').get(api(path))).body.classes.map(({ name }: { name: string }) => name)).toEqual(['1A']);
    }
    for (const path of [
      `/classes/${classes['1a']}`,
      '/people',
      `/people/${people['bo']}`,
      `/people/${people['ali']}`,
      `/schools/${schools['a']}`,
      `/candidates?school=${schools['a']}`,
    ]) {
      expect([path, (await as('ali').get(api(path))).status]).toEqual([path, 403]);
    }
    expect((await as('ali').post(api('/groups'), { school: schools['a'], name: 'x', pupils: [people['ali']] })).status).toBe(403);
  });

  it('who is not in the directory sees nothing', async () => {
    for (const path of ['/schools', '/classes', '/people', `/classes/${classes['1a']}`])
      expect((await platform.client().get(api(path))).status).toBe(401);
  });
});

describe('a group', () => {
  const make = (who: string, body: unknown) => as(who).post(api('/groups'), body);
  let group: string;

  beforeEach(async () => {
    await platform.work('directory', ({ knex }) => knex('classes').where({ kind: 'group' }).delete());
    const { status, body } = await make('ann', {
      school: schools['a'],
      name: ' Leesgroep ',
      pupils: [people['cas'], people['ali'], people['ali']],
    });
    expect(status).toBe(201);
    group = body.class.id;
  });

  it('consists of pupils whom the teacher teaches', async () => {
    const { body } = await as('ann').get(api(`/classes/${group}`));
    expect(body).toMatchObject({ class: { name: 'Leesgroep', kind: 'group', schoolYear: '2026-2027', pupils: 2 }, own: true });
    expect([names(body.pupils), names(body.teachers)]).toEqual([['Ali', 'Cas'], ['Ann']]);
    expect((await as('ann').get(api('/classes'))).body.classes.map(({ name }: { name: string }) => name)).toEqual([
      '1A',
      '2A',
      'Leesgroep',
    ]);
    expect((await as('ali').get(api('/classes'))).body.classes.map(({ name }: { name: string }) => name)).toEqual([
      '1A',
      'Leesgroep',
    ]);
    expect((await as('bo').get(api('/classes'))).body.classes.map(({ name }: { name: string }) => name)).toEqual(['1A']);
  });

  it('offers the pupils of the teacher’s own classes', async () => {
    const lists = (await as('kim').get(api(`/candidates?school=${schools['a']}`))).body;
    expect(
      lists.map((list: { class: { name: string }; pupils: { givenName: string }[] }) => [list.class.name, names(list.pupils)]),
    ).toEqual([['2A', ['Cas']]]);
    expect((await as('bert').get(api(`/candidates?school=${schools['a']}`))).body).toEqual([]);
  });

  it('accepts nobody else, and names those refused', async () => {
    const { status, body } = await make('kim', {
      school: schools['a'],
      name: 'Groep',
      pupils: [people['cas'], people['ali'], people['dina']],
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/pupils/1', '/pupils/2']);
    expect((await as('kim').get(api('/classes'))).body.classes).toHaveLength(2);
    expect((await make('bert', { school: schools['a'], name: 'Groep', pupils: [people['ali']] })).status).toBe(422);
  });

  it.each([
    [{ name: '', pupils: ['x'] }],
    [{ name: 'Groep', pupils: [] }],
    [{ name: 'x'.repeat(81), pupils: [] }],
    [{ pupils: 'everybody' }],
    [{}],
  ])('of %j is refused', async (body) => {
    expect((await make('ann', { school: schools['a'], ...body })).status).toBe(400);
  });

  it('is changed and removed by its maker, and nobody else', async () => {
    const change = { name: 'Anders', pupils: [people['cas']] };
    for (const who of ['kim', 'bert']) {
      expect((await as(who).put(api(`/groups/${group}`), change)).status).toBe(404);
      expect((await as(who).delete(api(`/groups/${group}`))).status).toBe(404);
    }
    expect((await as('ann').put(api(`/groups/${classes['1a']}`), change)).status).toBe(404);
    const { body } = await as('ann').put(api(`/groups/${group}`), change);
    expect([body.class.name, names(body.pupils)]).toEqual(['Anders', ['Cas']]);
    expect((await as('ann').delete(api(`/groups/${group}`))).status).toBe(204);
    expect((await as('ann').get(api(`/classes/${group}`))).status).toBe(404);
    expect((await as('ali').get(api('/classes'))).body.classes).toHaveLength(1);
  });

  it('follows the classes of its pupils', async () => {
    const moved = zip({
      ...twoSchools(),
      enrollments: twoSchools().enrollments.filter(({ userSourcedId }) => userSourcedId !== 'cas'),
    });
    await platform.work('directory', ({ importer }) => importer.run(moved));
    expect((await as('ann').put(api(`/groups/${group}`), { name: 'Zelfde', pupils: [people['cas']] })).status).toBe(422);
    const roster = twoSchools();
    for (const file of ['users', 'roles', 'enrollments'] as const) {
      roster[file] = roster[file].filter(({ sourcedId, userSourcedId }) => sourcedId !== 'cas' && userSourcedId !== 'cas');
    }
    await platform.work('directory', ({ importer }) => importer.run(zip(roster)));
    expect(names((await as('ann').get(api(`/classes/${group}`))).body.pupils)).toEqual(['Ali']);
    await platform.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  });
});

describe('what a school releases', () => {
  it('is nothing by default', async () => {
    const path = api(`/schools/${schools['a']}/releases`);
    const now = () => platform.work('directory', ({ schools: service }) => service.releases(schools['a']));
    expect(await now()).toEqual({ name: false, email: false });
    expect((await as('piet').patch(path, { name: true })).body).toEqual({ name: true, email: false });
    expect((await as('piet').patch(path, { email: true, name: false })).body).toEqual({ name: false, email: true });
    expect((await as('piet').patch(path, { name: 'yes' })).status).toBe(400);
    await as('piet').patch(path, { email: false });
    expect(await now()).toEqual({ name: false, email: false });
  });
});

describe('an import over HTTP', () => {
  const send = (who: string, bytes: Buffer, query = '') =>
    as(who).request('POST', api(`/imports${query}`), { raw: bytes, headers: { 'content-type': 'application/zip' } });

  it('is available to those who manage a school', async () => {
    for (const who of ['ali', 'ann', 'piet']) expect((await send(who, zip(twoSchools()))).status).toBe(403);
    expect(
      (
        await platform
          .client()
          .request('POST', api('/imports'), { raw: zip(twoSchools()), headers: { 'content-type': 'application/zip' } })
      ).status,
    ).toBe(401);
  });

  it('shows with dryRun what would change, and changes nothing', async () => {
    const roster = onlySchool(twoSchools(), 'a');
    roster.users.push(user('nieuw', 'Nieuwe', 'Leerling'));
    roster.roles.push(role('nieuw', 'student', 'a'));
    const { status, body } = await send('ida', zip(roster), '?dryRun=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({ dryRun: true, outcome: 'imported', faults: [], tables: { people: { added: 1 } } });
    expect((await as('ann').get(api('/people?search=nieuwe'))).body.total).toBe(0);
  });

  it('imports the own school, even if a member also works in another', async () => {
    const roster = onlySchool(twoSchools(), 'a');
    roster.classes.push(klas('3a', '3A', 'a'));
    const kim = roster.users.find(({ sourcedId }) => sourcedId === 'kim') as Record<string, string>;
    Object.assign(kim, { familyName: 'Gekaapt', email: 'elders@a.example' });
    const { body } = await send('ida', zip(roster));
    expect(body).toMatchObject({ outcome: 'imported', tables: { classes: { added: 1 }, people: { changed: 0 } } });
    expect(body.leftOut).toContainEqual({ file: 'orgs.csv', column: null, reason: 'school-group', count: 1 });
    // Name and e-mail of somebody who is in the other school too are not the first school's alone to change.
    expect((await as('bert').get(api(`/people/${people['kim']}`))).body).toMatchObject({ familyName: 'Kaya' });
  });

  it('does not import another school, or a new one', async () => {
    const before = await as('bert').get(api('/people'));
    const both = twoSchools();
    (both.orgs[2] as Record<string, string>)['name'] = 'Gekaapt';
    const { body } = await send('ida', zip(both));
    expect(body.outcome).toBe('partly');
    expect(body.faults).toMatchObject([{ file: 'orgs.csv', row: 4, column: 'identifier', code: 'school-not-yours' }]);
    expect((await as('bert').get(api('/schools'))).body.schools[0].name).toBe('School B');
    expect((await as('bert').get(api('/people'))).body).toEqual(before.body);
    const fresh = onlySchool(twoSchools(), 'b');
    Object.assign(fresh.orgs[1] as object, { identifier: '444444' });
    expect((await send('ida', zip(fresh))).body).toMatchObject({ outcome: 'refused', faults: [{ code: 'school-not-yours' }] });
    expect((await send('admin', zip(fresh), '?dryRun=true')).body).toMatchObject({
      outcome: 'imported',
      schools: [{ instellingsnummer: '444444', known: false }],
    });
  });

  it('gives nobody a role that the sender may not give', async () => {
    const roster = onlySchool(twoSchools(), 'a');
    roster.roles.push(
      role('ann', 'districtAdministrator', 'g', { sourcedId: 'r-x' }),
      role('bo', 'ext:portal-administrator', 'a', { sourcedId: 'r-y' }),
    );
    const { body } = await send('ida', zip(roster));
    expect(body).toMatchObject({ outcome: 'imported', tables: { roles: { added: 0 } } });
    expect(await platform.work('directory', ({ access }) => access.rolesOf(people['bo']))).toEqual([
      { tenant: schools['a'], role: 'pupil' },
    ]);
  });

  it('answers a hostile body with a report or a refusal, never with a 5xx', async () => {
    const refused = async (bytes: Buffer) => (await send('ida', bytes)).body;
    expect(await refused(Buffer.from('no zip at all'))).toMatchObject({
      outcome: 'refused',
      faults: [{ file: 'package.zip', code: 'zip-unreadable' }],
    });
    expect(await refused(zipOf([{ name: '../manifest.csv', bytes: Buffer.from('x') }]))).toMatchObject({
      outcome: 'refused',
      faults: [{ code: 'zip-path' }],
    });
    expect(await refused(zipOf([]))).toMatchObject({ outcome: 'refused', faults: [{ code: 'manifest-missing' }] });
    expect((await as('ida').post(api('/imports'), { a: 1 })).status).toBe(415);
    expect((await send('ida', zip(twoSchools()), '?dryRun=maybe')).status).toBe(400);
    expect((await send('ida', Buffer.alloc(33 * 1024 * 1024))).status).toBe(413);
  });
});

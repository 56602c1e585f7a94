import { pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import rosters from '../dist/index.js';
import { findOwnOrgs } from '../dist/source/own-orgs.js';
import { begin, readPage } from '../dist/source/pages.js';
import { inSchoolYears } from '../dist/source/school-years.js';
import { clientSecret } from './support/one-roster-server.js';
import { aRoster, changed, createWorld, enrolment, pupils, user, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  world.server.be();
  world.server.roster = aRoster();
  await world.portal.work('rosters', ({ runs }) => runs.endAll(world.wissel.id));
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const sorted = (ids: readonly string[], role: string) => ids.map((id) => `${id} ${role}`);
const everybody = {
  '1A': ['ann teacher', ...sorted(pupils.slice(0, 6), 'pupil')].sort(),
  '2A': ['bert teacher', ...sorted(pupils.slice(6), 'pupil')].sort(),
};
const inKernel = (sql: string) => world.portal.platform.runner.run({}, ({ unit }) => unit.kernel(sql, []));
/** Transactions that wrote the rows of the directory: equal before and after when nothing was written. */
const versions = async () => {
  const tables = ['people', 'memberships', 'roles', 'classes', 'enrolments', 'school_years', 'schools', 'sites'];
  const counted = tables.map(
    (table) => `select '${table}' as t, xmin::text, count(*)::int from directory.${table} group by xmin`,
  );
  return (await inKernel(`${counted.join(' union all ')} order by 1, 2`)).rows;
};
const notesOf = (run: { notes: { sourcedId: string; code: string }[] }) =>
  run.notes.map(({ sourcedId, code }) => `${sourcedId} ${code}`).sort();
const id = (sourcedId: string): Promise<string | null> =>
  world.portal.work('directory', ({ people }) => people.bySourcedId(world.wissel.id, sourcedId));

describe('a school', () => {
  test('sees first what would change, and takes it over in one click', async () => {
    expect((await world.connect()).status).toBe(204);
    const preview = await world.run('preview');
    expect(preview).toMatchObject({ state: 'ready', kind: 'preview', failure: null, removals: [] });
    expect(preview.changes).toMatchObject({ people: { added: 14 }, classes: { added: 2 }, enrolments: { added: 14 } });
    expect(await world.members()).toEqual({});

    const { status, run } = await world.decide(preview.id, 'approve');
    expect([status, run.state]).toEqual([204, 'done']);
    expect(await world.members()).toEqual(everybody);
    expect((await world.decide(preview.id, 'approve')).status).toBe(409);
  });

  test('gets nothing but what the portal needs', async () => {
    const rows = await world.portal.work('directory', ({ knex }) =>
      knex('people').whereRaw('? = any(school_ids)', [world.wissel.id]),
    );
    const byName = Object.fromEntries(rows.map((row: { given_name: string }) => [row.given_name, row]));
    expect(byName['Ann']).toMatchObject({ email: 'ann@wissel.example', kind: 'staff' });
    // The address is none; that is no reason to leave him out.
    expect(byName['Bert']).toMatchObject({ email: null });
    expect(byName['Ali']).toMatchObject({ email: null, kind: 'pupil' });
    expect(byName['Oma']).toBeUndefined();
    expect(await world.members(world.linde.id)).toEqual({});
    const [{ count }] = await world.portal.work('rosters', ({ knex }) => knex('pages').count());
    expect(Number(count)).toBe(0);
  });

  test('a second run without change writes nothing', async () => {
    const before = await versions();
    const run = await world.run();
    expect([run.state, changed(run), notesOf(run)]).toEqual(['done', 0, ['bert email']]);
    expect(await versions()).toEqual(before);
  });

  test('follows who comes, moves, leaves and comes back, as the same person', async () => {
    const ali = await id('ali');
    world.server.roster.users = world.server.roster.users.filter(({ sourcedId }) => sourcedId !== 'ali');
    world.server.roster.users.push(user('mo', 'student'));
    world.server.roster.enrollments = [
      ...world.server.roster.enrollments.filter((each) => !['1a-ali', '1a-bo'].includes(each['sourcedId'] as string)),
      enrolment('mo', '1a', 'student'),
      enrolment('bo', '2a', 'student'),
    ];
    expect((await world.run()).state).toBe('done');
    const members = await world.members();
    expect(members['1A']).toContain('mo pupil');
    expect(members['2A']).toContain('bo pupil');
    expect(members['1A']).not.toContain('bo pupil');
    expect(Object.values(members).flat()).not.toContain('ali pupil');

    world.server.roster = aRoster();
    expect((await world.run()).state).toBe('done');
    expect(await world.members()).toEqual(everybody);
    expect(await id('ali')).toBe(ali);
  });

  test('keeps what was added in the portal', async () => {
    const by = await world.portal.work('directory', ({ people }) =>
      people.create({
        givenName: 'Vic',
        familyName: 'Maes',
        kind: 'staff',
        roles: [{ tenant: world.wissel.id, role: 'teacher' }],
      }),
    );
    await world.run();
    expect(await world.portal.work('directory', ({ people }) => people.get(by))).toMatchObject({ schools: [world.wissel.id] });
  });

  const keys = (): Promise<string[]> =>
    world.portal.work('sign-in-oidc', ({ knex }) => knex('roster_keys').where({ provider: 'smartschool' }).pluck('key'));

  test('learns which Smartschool accounts its people have', async () => {
    await world.connect({ accounts: 'smartschool' });
    await world.run();
    const found = await world.portal.work('sign-in-oidc', ({ knex }) => knex('roster_keys').where({ key: 'Key+ali=' }));
    expect(found).toMatchObject([{ person_id: await id('ali'), school_id: world.wissel.id, provider: 'smartschool' }]);

    // A row that cannot be read does not take away how its person signs in, nor does one of nobody knows whom.
    Object.assign(world.server.roster.users.find(({ sourcedId }) => sourcedId === 'ali') ?? {}, { givenName: null });
    expect((await world.run()).state).toBe('done');
    expect(await keys()).toContain('Key+ali=');
    world.server.roster.users = world.server.roster.users.filter(({ sourcedId }) => sourcedId !== 'ali');
    world.server.roster.users.push(user('', 'student'));
    expect((await world.run()).state).toBe('done');
    expect(await keys()).toContain('Key+ali=');
  });

  test.each([
    ['the principal of the school', () => ({ tenant: world.wissel.id, role: 'principal' })],
    ['who holds a role in the whole portal', () => ({ tenant: null, role: 'portal-administrator' })],
  ])('gives nobody a key to the account of %s', async (_, role) => {
    await world.connect({ accounts: 'smartschool' });
    await world.run();
    expect(await keys()).toContain('Key+ann=');
    const ann = await id('ann');
    const hold = (...roles: object[]) =>
      world.portal.work('directory', ({ access }) =>
        access.setRoles(ann, [{ tenant: world.wissel.id, role: 'teacher' }, ...roles]),
      );
    await hold(role());
    // Also when her own row is left out.
    for (const more of [{}, { givenName: null }]) {
      Object.assign(world.server.roster.users[0] ?? {}, more, { metadata: { 'smsc.legacyIdentifier': 'Key+mine=' } });
      expect((await world.run()).state).toBe('done');
      expect((await keys()).filter((key) => key === 'Key+ann=' || key === 'Key+mine=')).toEqual([]);
    }
    await hold();
    await world.connect();
  });
});

describe('servers differ', () => {
  const smartschool = { path: 'v1p1', shape: '1.1' };
  test.each<[string, Parameters<World['server']['be']>[0], Record<string, unknown>?]>([
    ['paths of 1.1 with its payload, as Smartschool', { path: 'v1p1' }, smartschool],
    ['paths of 1.1 with the payload of 1.2', { path: 'v1p1' }, { path: 'v1p1' }],
    ['gives fewer than asked', { clamp: 5 }],
    ['gives fewer than asked, and neither total nor next page', { clamp: 5, total: false, link: 'none' }],
    ['writes Link without brackets', { clamp: 5, total: false, link: 'bare' }],
    ['names a next page on another host', { clamp: 5, link: 'elsewhere' }],
    ['cannot sort', { noSort: true }],
    ['has no sessions', { lacks: ['academicSessions', 'terms'] }],
    ['has schools and no orgs', { lacks: ['orgs'] }],
    ['calls enrollments otherwise', { members: { enrollments: 'enrolments' } }],
    ['wants the client by HTTP Basic', { authentication: 'basic' }, { authentication: 'basic' }],
    ['ends tokens halfway', { clamp: 10, tokenUses: 5 }],
    ['is busy for a moment', { first: [{ status: 429, headers: { 'retry-after': '1' } }] }],
  ])('%s', async (_, deviations, settings = {}) => {
    await world.connect(settings);
    world.server.be(deviations);
    const run = await world.run('preview');
    expect([run.failure, run.state, changed(run)]).toEqual([null, 'ready', 0]);
    expect(run.changes).toMatchObject({ people: { unchanged: 14 }, enrolments: { unchanged: 14 } });
  });

  test('what fails leaves everything as it was, and says why', async () => {
    await world.connect();
    const before = await versions();
    const failsAs = async (deviations: Parameters<World['server']['be']>[0], settings: Record<string, unknown> = {}) => {
      await world.connect(settings);
      world.server.be(deviations);
      const run = await world.run();
      await world.portal.work('rosters', ({ runs }) => runs.endAll(world.wissel.id));
      return run.failure ?? `tried again (${run.tries})`;
    };
    expect({
      list: await failsAs({ members: { users: 'data' } }),
      json: await failsAs({ first: [{ status: 200, body: '<html>' }] }),
      missing: await failsAs({ lacks: ['users'] }),
      forbidden: await failsAs({ first: [{ status: 403 }, { status: 403 }] }),
      unauthorised: await failsAs({ tokenUses: 0 }),
      secret: await failsAs({}, { secret: 'another' }),
      school: await failsAs({}, { schoolId: 'O' }),
      unknownSchool: await failsAs({}, { schoolId: 'X' }),
      path: await failsAs({}, { path: 'v1p1' }),
      stuck: await failsAs({ clamp: 5, stuck: true, total: false, link: 'none' }),
      incomplete: await failsAs({ overstates: true, link: 'none' }),
      down: await failsAs({ first: [{ status: 500 }] }),
    }).toEqual({
      list: 'no-list',
      json: 'malformed',
      missing: 'not-found',
      forbidden: 'forbidden',
      unauthorised: 'unauthorised',
      secret: 'token-refused',
      school: 'other-school',
      unknownSchool: 'school-unknown',
      path: 'not-found',
      stuck: 'tried again (1)',
      incomplete: 'tried again (1)',
      down: 'tried again (1)',
    });
    await world.connect();
    world.server.be({ clamp: 5 });
    world.server.before = (url) => {
      if (url.pathname.endsWith('/users') && url.searchParams.get('offset') === '5')
        world.server.roster.users.push(user('new', 'student'));
    };
    expect(await world.run()).toMatchObject({ failure: null, tries: 1 });
    expect(await versions()).toEqual(before);
  });

  test('what fails again and again ends', async () => {
    await world.connect();
    world.server.be({ first: [{ status: 500 }] });
    const { id } = await world.run();
    const failure = { code: 'server-error', passing: true, after: 3_600 };
    for (let tries = 2; tries <= 5; tries++) {
      await world.portal.work('rosters', async ({ runs, reading }) => {
        const { step } = await runs.find(id);
        await reading.record(id, step, { pages: [], objects: 0, orgs: null, position: null, failure });
      });
    }
    expect(await world.settled(id)).toMatchObject({ state: 'failed', failure: 'server-error' });
  });

  test('asks its own server alone, with a number that was received', async () => {
    await world.connect();
    world.server.be({ clamp: 5, total: false, link: 'none' });
    await world.run('preview');
    const offsets = world.server.asked
      .filter((path) => path.includes('/users'))
      .map((path) => new URL(path, 'http://x').searchParams.get('offset'));
    expect(offsets).toEqual(['0', '5', '10', '15', '16']);
  });
});

test('the OneRoster 1.2 provider of another portal is read like any server', async () => {
  const { other, server } = world;
  const there = await school(other, { name: 'De Wissel', instellingsnummer: '654321' });
  const klas = await schoolClass(other, there, { name: '3B' });
  await teacher(other, klas, { givenName: 'An' });
  for (let count = 0; count < 120; count++) await pupil(other, klas, { givenName: `Lotte ${count}` });
  const machine = other.machine({ scopes: ['directory.roster:read'], tenants: [there.id] });
  server.token = (machine.headers['authorization'] ?? '').replace('Bearer ', '');
  const coordinator = await world.clientOf('ict-coordinator', world.linde.id);
  await world.connect({ address: `${other.url}/api/directory` }, coordinator, world.linde.id);
  const { body } = await coordinator.post(`/api/rosters/schools/${world.linde.id}/runs`, { kind: 'manual' });
  expect(await world.settled(body.id, coordinator)).toMatchObject({
    state: 'done',
    failure: null,
    notes: [],
    changes: { people: { added: 121 }, classes: { added: 1 }, enrolments: { added: 121 } },
  });
  expect((await world.members(world.linde.id))['3B']).toHaveLength(121);
  await coordinator.post(`/api/rosters/schools/${world.linde.id}/connection/remove`);
});

describe('rows', () => {
  test('one that cannot be read is not absent, and stops no other', async () => {
    await world.connect();
    const users = world.server.roster.users;
    const change = (sourcedId: string, more: object) =>
      Object.assign(users.find((each) => each['sourcedId'] === sourcedId) ?? {}, more);
    change('ali', { enabledUser: 'perhaps' });
    change('bo', { roles: [{ roleType: 'primary', role: 'wizard', org: { sourcedId: 'S' } }] });
    change('cas', { givenName: null });
    change('dina', { givenName: 'Di\u0007na' });
    users.push(user('eva', 'student', { givenName: 'Twin' }));
    world.server.roster.enrollments.push(enrolment('nobody', '1a', 'student'));
    world.server.roster.enrollments.push(enrolment('finn', '9z', 'student'));
    Object.assign(world.server.roster.enrollments.find((each) => each['sourcedId'] === '2a-hana') ?? {}, {
      beginDate: '12/01/2026',
    });
    Object.assign(world.server.roster.classes[1] ?? {}, { title: '' });
    const run = await world.run();
    expect([run.state, changed(run)]).toEqual(['done', 0]);
    expect(notesOf(run)).toEqual([
      '1a-nobody reference',
      '2a required',
      '2a-hana date',
      '9z-finn reference',
      'ali boolean',
      'bert email',
      'bo enum',
      'cas required',
      'dina text-control',
      'eva twice',
    ]);
    expect(await world.members()).toEqual(everybody);
    expect(JSON.stringify(world.portal.log)).not.toContain('Peeters');
  });

  test('one that a server in disorder never sent is not gone', async () => {
    await world.connect();
    // The last user is a pupil, whom the server sends never, and another one twice.
    world.server.roster.users = world.server.roster.users.filter(
      ({ sourcedId }) => !['oma', 'elders'].includes(sourcedId as string),
    );
    world.server.roster.enrollments = world.server.roster.enrollments.filter(({ sourcedId }) => sourcedId !== '2a-lou');
    for (const more of [{}, { total: false }]) {
      world.server.be({ clamp: 5, shuffles: true, ...more });
      const run = await world.run();
      expect([run.state, run.changes.people.removed]).toEqual(['done', 0]);
      expect(notesOf(run)).toContain(' two-pages');
      expect(Object.values(await world.members()).flat()).toContain('lou -');
    }
    world.server.be();
    world.server.roster = aRoster();
    await world.run();
    expect(await world.members()).toEqual(everybody);
  });

  test('an id with spaces or decomposed letters is the same one when its row cannot be read', async () => {
    await world.connect({ accounts: 'smartschool' });
    const named = { metadata: { 'smsc.legacyIdentifier': 'Key+rene=' } };
    const [composed, decomposed] = ['ren\u00e9', ' rene\u0301 '];
    world.server.roster.users.push(user(decomposed, 'student', named));
    world.server.roster.enrollments.push(enrolment(decomposed, '1a', 'student'));
    expect((await world.run()).state).toBe('done');
    expect((await world.members())['1A']).toContain(`${composed} pupil`);
    world.server.roster.users.at(-1)!['givenName'] = null;
    world.server.roster.enrollments.at(-1)!['role'] = 'wizard';
    const run = await world.run();
    expect([run.state, changed(run)]).toEqual(['done', 0]);
    const found = await world.portal.work('sign-in-oidc', ({ knex }) => knex('roster_keys').where({ key: 'Key+rene=' }));
    expect(found).toMatchObject([{ person_id: await id(composed) }]);
    world.server.roster = aRoster();
    await world.connect();
    await world.run();
    expect(await world.members()).toEqual(everybody);
  });

  test('enrolments without a school are of this one if their class is', async () => {
    await world.connect();
    const { enrollments } = world.server.roster;
    for (const each of enrollments) each['school'] = null;
    enrollments.push(enrolment('elders', '9z', 'student', { school: null }));
    const run = await world.run();
    expect([run.state, changed(run), notesOf(run)]).toEqual(['done', 0, ['bert email']]);
  });

  test('a class whose terms are missing for once stays in its year', async () => {
    Object.assign(world.server.roster.academicSessions[1] ?? {}, { status: 'tobedeleted' });
    const run = await world.run();
    expect([run.state, changed(run)]).toEqual(['done', 0]);
    expect(notesOf(run)).toEqual(['1a reference', '2a reference', 'bert email']);
    expect(await world.members()).toEqual(everybody);
  });

  test('a word that is wrong in every row takes nobody away', async () => {
    for (const each of world.server.roster.users) each['roles'] = [{ role: 'Pupil', org: { sourcedId: 'S' } }];
    const run = await world.run();
    expect([run.state, changed(run), run.removals, run.leftOut]).toEqual(['done', 0, [], 16]);
    expect(await world.members()).toEqual(everybody);
  });

  test('what no database stores stops nothing', async () => {
    await world.connect({ accounts: 'smartschool' });
    const { users, orgs, classes } = world.server.roster;
    Object.assign(orgs[2] ?? {}, { name: 'Kerk\0straat', identifier: '\ud800' });
    Object.assign(classes[0] ?? {}, { title: '1\0A', grades: ['\0'] });
    const [ann, , ali, bo] = users;
    Object.assign(ann ?? {}, { metadata: { 'smsc.legacyIdentifier': 'a\0b' } });
    Object.assign(ali ?? {}, { givenName: 'Al\ud800i' });
    Object.assign(bo ?? {}, { givenName: 'B'.repeat(5_000), roles: 'student' });
    const run = await world.run();
    expect([run.state, run.failure]).toEqual(['done', null]);
    world.server.roster = aRoster();
    await world.connect();
    await world.run();
    expect(await world.members()).toEqual(everybody);
  });

  test('without an id, nothing of its kind is taken for gone', async () => {
    world.server.roster.users = world.server.roster.users.filter(({ sourcedId }) => sourcedId !== 'ali');
    world.server.roster.users.push(user('', 'student'));
    world.server.roster.enrollments = world.server.roster.enrollments.filter(({ sourcedId }) => sourcedId !== '1a-ali');
    expect((await world.run()).state).toBe('done');
    expect((await world.members())['-']).toEqual(['ali -']);
  });

  test('"false" is false, tobedeleted is gone, another school’s are not ours', async () => {
    world.server.roster.users = world.server.roster.users.map((each) =>
      each['sourcedId'] === 'ali'
        ? { ...each, enabledUser: 'false' }
        : each['sourcedId'] === 'bo'
          ? { ...each, status: 'tobedeleted' }
          : each,
    );
    world.server.roster.enrollments = world.server.roster.enrollments.filter(
      (each) => !['1a-ali', '1a-bo'].includes(each['sourcedId'] as string),
    );
    expect((await world.run()).state).toBe('done');
    const all = Object.values(await world.members()).flat();
    expect([all.includes('ali pupil'), all.includes('bo pupil'), all.length]).toEqual([false, false, 12]);
    world.server.roster = aRoster();
    await world.run();
    expect(await world.members()).toEqual(everybody);
  });

  test('people with one name or e-mail address are different people, a class may be empty, and somebody may have no school', async () => {
    const twin = (id: string, role: string) => user(id, role, { givenName: 'Ann', email: 'ann@wissel.example' });
    world.server.roster.users.push(twin('ann2', 'teacher'), twin('ann3', 'student'), twin('ann4', 'student'));
    world.server.roster.users.push(user('travel', 'teacher', { orgs: [], roles: [] }));
    world.server.roster.classes.push({ ...world.server.roster.classes[0], sourcedId: '3a', title: '3A' });
    world.server.roster.enrollments.push(enrolment('ann3', '1a', 'student'), enrolment('ann4', '1a', 'student'));
    const run = await world.run();
    expect([run.state, notesOf(run)]).toEqual(['done', ['bert email']]);
    const found = await world.portal.work('directory', ({ knex }) =>
      knex('people')
        .where({ given_name: 'Ann', active: true })
        .orderBy('kind')
        .select('kind', 'given_name', 'family_name', 'email'),
    );
    const pupil = { kind: 'pupil', given_name: 'Ann', family_name: 'Peeters', email: null };
    const teacher = { ...pupil, kind: 'staff', email: 'ann@wissel.example' };
    expect(found).toEqual([pupil, pupil, teacher, teacher]);
    expect(await id('travel')).toBeNull();
    expect(
      await world.portal.work('directory', ({ knex }) => knex('classes').where({ sourced_id: '3a', active: true }).pluck('name')),
    ).toEqual(['3A']);
    world.server.roster = aRoster();
    await world.run();
    expect(await world.members()).toEqual(everybody);
  });

  test('no feed gives or takes a role that an ICT coordinator may not', async () => {
    world.server.roster.users.push(user('piet', 'principal'));
    const run = await world.run();
    expect([run.state, notesOf(run)]).toEqual(['done', ['bert email', 'piet/principal/S role-not-yours']]);
    expect(
      Object.values(await world.members())
        .flat()
        .some((each) => each.startsWith('piet')),
    ).toBe(false);
  });
});

describe('much would go', () => {
  test.each([
    ['nobody is left', () => ({ ...aRoster(), users: [], enrollments: [] })],
    [
      'most are gone',
      () => ({ ...aRoster(), users: aRoster().users.slice(0, 3), enrollments: aRoster().enrollments.slice(0, 3) }),
    ],
  ])('%s: it is held', async (_, roster) => {
    await world.connect();
    const before = await versions();
    world.server.roster = roster();
    const run = await world.run();
    expect(run.state).toBe('held');
    expect(run.removals).toContainEqual(expect.objectContaining({ kind: 'people' }));
    expect(await versions()).toEqual(before);
    expect((await world.decide(run.id, 'reject')).run.state).toBe('rejected');
    expect(await versions()).toEqual(before);
  });

  test('a later run replaces one that waits; what was approved is done, and no more than that', async () => {
    world.server.roster = { ...aRoster(), users: aRoster().users.slice(0, 3), enrollments: aRoster().enrollments.slice(0, 3) };
    const first = await world.run();
    const second = await world.run();
    expect([first.state, second.state]).toEqual(['held', 'held']);
    expect(await world.settled(first.id)).toMatchObject({ state: 'replaced' });
    expect((await world.decide(first.id, 'approve')).status).toBe(409);
    // More pupils came in the meantime, by another way: more would go than was shown.
    await world.portal.work('rosters', ({ knex }) =>
      knex('runs')
        .where({ id: second.id })
        .update({ removals: JSON.stringify([{ kind: 'people', class: null, count: 5, total: 14 }]) }),
    );
    expect((await world.decide(second.id, 'approve')).run).toMatchObject({ state: 'held' });
    expect(await world.members()).toEqual(everybody);
    const { run } = await world.decide(second.id, 'approve');
    expect(run.state).toBe('done');
    expect(Object.values(await world.members()).flat()).toHaveLength(3);
    world.server.roster = aRoster();
    expect((await world.run()).state).toBe('done');
    expect(await world.members()).toEqual(everybody);
  });

  test.each(['first', 'last'])('the %s page is lost: the run fails, and nothing of the others is written', async (which) => {
    world.server.roster.users.push(user('nel', 'student'));
    const run = await world.run('preview');
    await world.portal.work('rosters', async ({ knex }) => {
      const numbers: number[] = await knex('pages').where({ run_id: run.id }).orderBy('number').pluck('number');
      await knex('pages')
        .where({ run_id: run.id, number: which === 'first' ? numbers[0] : numbers.at(-1) })
        .delete();
    });
    expect((await world.decide(run.id, 'approve')).run).toMatchObject({ state: 'failed', failure: 'lost' });
    expect(await world.members()).toEqual(everybody);
  });
});

test('a run waits as long as another import is at work', async () => {
  await world.connect();
  const { promise: released, resolve: release } = withResolvers();
  const { promise: held, resolve: isHeld } = withResolvers();
  const holding = world.portal.work('directory', async ({ locks }) => {
    await locks.take('import');
    isHeld();
    await released;
  });
  await held;
  const run = await world.start();
  const state = () => world.portal.work('rosters', async ({ runs }) => (await runs.find(run)).state);
  const take = () => world.portal.work('rosters', ({ taking }) => taking.take(run));
  await expect.poll(state).toBe('applying');
  await take();
  expect(await state()).toBe('applying');
  release();
  await holding;
  await take();
  expect(await world.settled(run)).toMatchObject({ state: 'done', failure: null });
});

describe('what waits for a decision', () => {
  beforeEach(() => world.connect());
  const pagesOf = (run: string): Promise<string[]> =>
    world.portal.work('rosters', ({ knex }) => knex('pages').where({ run_id: run }).pluck('run_id'));
  const makeOld = (run: string) =>
    world.portal.work('rosters', ({ knex }) =>
      knex('runs')
        .where({ id: run })
        .update({ started_at: knex.raw(`now() - interval '73 hours'`) }),
    );

  test('is taken over for three days, and then ends', async () => {
    world.server.roster.users.push(user('nel', 'student'));
    const run = await world.run('preview');
    await makeOld(run.id);
    expect(await world.decide(run.id, 'approve')).toMatchObject({ status: 409, run: { state: 'ready' } });
    await world.portal.work('rosters', ({ runs }) => runs.endOld());
    expect(await world.settled(run.id)).toMatchObject({ state: 'failed', failure: 'lost' });
    expect(await pagesOf(run.id)).toEqual([]);
    expect(await world.members()).toEqual(everybody);
  });

  test('is shown again if the school was imported in between', async () => {
    world.server.roster.users.push(user('nel', 'student'));
    const run = await world.run('preview');
    await world.portal.work('directory', ({ knex }) =>
      knex('imports')
        .where({ school_id: world.wissel.id })
        .update({ imported_at: knex.raw('now()') }),
    );
    expect((await world.decide(run.id, 'approve')).run).toMatchObject({ state: 'ready' });
    expect(await id('nel')).toBeNull();
    expect((await world.decide(run.id, 'approve')).run).toMatchObject({ state: 'done' });
    expect(await id('nel')).not.toBeNull();
    world.server.roster = aRoster();
    await world.run();
  });

  test('is never an empty school because its pages are gone', async () => {
    world.server.roster.users.push(user('nel', 'student'));
    const run = await world.run('preview');
    await world.portal.work('rosters', ({ knex }) => knex('pages').where({ run_id: run.id }).delete());
    expect((await world.decide(run.id, 'approve')).run).toMatchObject({ state: 'failed', failure: 'lost', removals: [] });
    expect(await world.members()).toEqual(everybody);
  });

  test('ends when somebody of the school is erased', async () => {
    const run = await world.run('preview');
    const personId = (await id('ali')) ?? '';
    await world.portal.work('rosters', async (services) => rosters.privacy?.erase?.({ personId, services: services as never }));
    expect(await world.decide(run.id, 'approve')).toMatchObject({ status: 409, run: { state: 'replaced' } });
    expect(await pagesOf(run.id)).toEqual([]);
  });

  test('goes on at no address of a server that is set no more', async () => {
    const settings = await world.portal.work('rosters', ({ connections }) => connections.of(world.wissel.id));
    const asked: string[] = [];
    const requests = {
      get: async (url: URL) => {
        asked.push(`${url.username}${url.origin}`);
        return { status: 200, body: { users: [] }, headers: new Headers() };
      },
    };
    const list = '/ims/oneroster/rostering/v1p2/users?offset=5';
    for (const next of [`https://before.example${list}`, `${world.server.url.replace('//', '//me:you@')}${list}`])
      await readPage(requests as never, settings, { ...begin(3), offset: 5, next });
    expect(asked).toEqual([world.server.url, world.server.url]);
  });
});

test.each([
  ['2026-08-31', '', '2025-2026'],
  ['2026-09-01', '', '2026-2027'],
  ['2026-10-01', '2026-08-28', '2026-2027'],
  ['2026-08-15', '2025-09-01', '2025-2026'],
])('on %s a class whose term begins on "%s" is of %s', (today, startDate, year) => {
  const sessions = startDate === '' ? [] : [{ sourcedId: 'T', type: 'term', startDate, endDate: '2027-06-30' }];
  const { classes, unclear } = inSchoolYears([{ sourcedId: '1a', termSourcedIds: startDate && 'T' }], sessions, today);
  expect([classes[0]?.['termSourcedIds'], unclear]).toEqual([`schoolyear/${year}`, []]);
});

test('of two schools with one number, the settings must say which', () => {
  const orgs = ['S1', ' S2 '].map((sourcedId) => ({ sourcedId, type: 'school', identifier: '023456', name: sourcedId }));
  expect(() => findOwnOrgs(orgs, { schoolId: '', numbers: ['023456'] })).toThrow('school-unknown');
  expect(findOwnOrgs(orgs, { schoolId: 'S2', numbers: ['023456'] }).school).toBe('S2');
});

test('a school that got another number is found by either, and by the one that it has first', () => {
  const orgs = ['023456', '111111'].map((identifier) => ({
    sourcedId: `S${identifier}`,
    type: 'school',
    identifier,
    name: 'De Wissel',
  }));
  const found = (...numbers: string[]) => findOwnOrgs(orgs, { schoolId: '', numbers }).school;
  expect([found('654321', '023456'), found('111111', '023456')]).toEqual(['S023456', 'S111111']);
  expect(() => found('654321')).toThrow('school-unknown');
});

describe('who may', () => {
  test('one run of a school at a time, also of two requests at once', async () => {
    await world.connect();
    const path = `/api/rosters/schools/${world.wissel.id}/runs`;
    const answers = await Promise.all([1, 2, 3].map(() => world.ida.post(path, { kind: 'preview' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const started = answers.find(({ status }) => status === 201);
    await world.settled(started?.body.id);
  });

  test('the secret is shown to nobody, and sent to no other address', async () => {
    const { body } = await world.ida.get(`/api/rosters/schools/${world.wissel.id}/connection`);
    expect(body.connection).toMatchObject({ clientId: 'i-learn' });
    expect(JSON.stringify(body)).not.toContain(clientSecret);
    const waiting = await world.run('preview');
    expect((await world.connect({ secret: null })).status).toBe(204);
    // What was read from one server is not taken over once another is set.
    expect((await world.decide(waiting.id, 'approve')).status).toBe(409);
    expect((await world.connect({ secret: null, tokenAddress: 'https://evil.example/token' })).status).toBe(422);
    expect((await world.connect({ address: 'https://10.0.0.1' })).status).toBe(422);
    expect((await world.connect({ address: world.server.url.replace('//', '//me:you@') })).status).toBe(400);
    expect((await world.connect({ tokenAddress: 'http://evil.example/token' })).status).toBe(422);
    const stored = await inKernel('select * from rosters.connections');
    expect(JSON.stringify(stored.rows)).not.toContain(clientSecret);
    expect(JSON.stringify(world.portal.log)).not.toContain(clientSecret);
  });

  test('nobody but the ICT coordinators of that school', async () => {
    const run = await world.run('preview');
    const other = await world.clientOf('ict-coordinator', world.linde.id);
    const teacher = await world.clientOf('teacher', world.wissel.id);
    const school = `/api/rosters/schools/${world.wissel.id}`;
    for (const [client, status] of [
      [other, 404],
      [teacher, 403],
      [world.portal.client(), 401],
    ] as const) {
      expect((await client.put(`${school}/connection`, world.settings)).status).toBe(status);
      expect((await client.post(`${school}/connection/remove`)).status).toBe(status);
      expect((await client.post(`${school}/runs`, { kind: 'manual' })).status).toBe(status);
      for (const path of ['', '/approve', '/reject'])
        expect(
          (await (path === '' ? client.get(`/api/rosters/runs/${run.id}`) : client.post(`/api/rosters/runs/${run.id}${path}`)))
            .status,
        ).toBe(status);
    }
    expect((await other.get(`${school}/connection`)).body.connection).toBeNull();
    expect((await other.get(`${school}/runs`)).body.runs).toEqual([]);
    expect((await world.settled(run.id)).state).toBe('ready');
  });

  test('at night every school with a connection is read; one that is removed is not', async () => {
    await world.portal.work('rosters', ({ jobs }) => jobs.enqueue('nightly', {}));
    await expect
      .poll(async () => (await world.ida.get(`/api/rosters/schools/${world.wissel.id}/runs`)).body.runs[0]?.kind)
      .toBe('nightly');
    const [{ id }] = (await world.ida.get(`/api/rosters/schools/${world.wissel.id}/runs`)).body.runs;
    expect(await world.settled(id)).toMatchObject({ state: 'done' });

    // What waits for a decision in the morning is told to the coordinators.
    world.server.roster = { ...aRoster(), users: [], enrollments: [] };
    await world.portal.work('rosters', ({ runs }) => runs.start(world.wissel.id, 'nightly'));
    const told = async () =>
      (await world.ida.get('/api/notifications/inbox')).body.items.map(({ text }: { text: string }) => text);
    await expect.poll(told).toEqual(['rosters:notifications.held.text']);

    // So is a run that got lost, once the next one begins.
    const [lost] = await world.portal.work('rosters', ({ knex }) =>
      knex('runs')
        .insert({
          school_id: world.wissel.id,
          kind: 'nightly',
          state: 'applying',
          updated_at: knex.raw(`now() - interval '3 hours'`),
        })
        .returning('id'),
    );
    await world.settled(await world.start());
    expect(await world.settled(lost.id)).toMatchObject({ state: 'failed', failure: 'lost' });
    await expect.poll(told).toContain('rosters:notifications.failed.text');
    expect((await world.ida.post(`/api/rosters/schools/${world.wissel.id}/connection/remove`)).status).toBe(204);
    expect((await world.ida.post(`/api/rosters/schools/${world.wissel.id}/runs`, { kind: 'manual' })).status).toBe(404);
    expect(await world.members()).toEqual(everybody);
  });
});

import type { TestClient } from '@ilearn/core/testing';
import { schoolClass } from '@ilearn/plugin-directory/testing';
import login from '@ilearn/plugin-login';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, type School, startLogin } from './platform.js';

const path = '/api/login/temporary-accounts';
const guest = { givenName: 'Sam', familyName: 'Stagiair', role: 'teacher' };
const DAY = 86_400_000;
let platform: LoginPlatform;
let first: School;
let second: School;
let sofie: TestClient;
let otherCoordinator: TestClient;
let administrator: TestClient;

beforeAll(async () => {
  platform = await startLogin();
  [first, second] = platform.schools;
  const password = 'krijt-en-bord-3a';
  const sign = async (username: string, role: string, school: School) =>
    platform.signIn(await platform.person({ username, password, role, school }), username);
  sofie = await sign('sofie', 'ict-coordinator', first);
  otherCoordinator = await sign('tom', 'ict-coordinator', second);
  administrator = await sign('beheer', 'portal-administrator', first);
});
afterAll(() => platform?.stop());

describe('an ICT coordinator', () => {
  test('creates an account that can sign in, and sees its password once', async () => {
    const made = await sofie.post(path, { ...guest, school: first.id });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ displayName: 'Sam Stagiair', role: 'teacher', school: first.id });
    const days = (new Date(made.body.expiresAt).getTime() - Date.now()) / DAY;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);

    const client = platform.client();
    expect((await platform.attempt(made.body.username, made.body.password, client)).status).toBe(200);
    expect((await client.get('/api/kernel/session')).body.session.roles).toEqual([{ tenant: first.id, role: 'teacher' }]);
    const listed = await sofie.get(path);
    expect(listed.body.accounts).toContainEqual(expect.objectContaining({ username: made.body.username }));
    expect(JSON.stringify(listed.body)).not.toContain(made.body.password);
  });

  test('ends an account: it and its sessions end immediately', async () => {
    const { body } = await sofie.post(path, { ...guest, school: first.id, days: 1 });
    const client = platform.client();
    await platform.attempt(body.username, body.password, client);
    expect((await sofie.delete(`${path}/${body.id}`)).status).toBe(204);
    expect((await client.get('/api/kernel/session')).body.session).toBeNull();
    expect((await platform.attempt(body.username, body.password)).status).toBe(401);
    expect((await sofie.delete(`${path}/${body.id}`)).status).toBe(404);
    expect(await platform.work('login', ({ directory }) => directory.people.get(body.id))).toBeNull();
  });

  test('ux 17: gives a teacher a class, which is without them when the account ends', async () => {
    const klas = await schoolClass(platform, first, { name: '2B' });
    const elsewhere = await schoolClass(platform, second, { name: '2B' });
    const { status, body } = await sofie.post(path, { ...guest, school: first.id, classId: klas.id });
    expect(status).toBe(201);
    const client = await platform.signIn(body.id, 'Sam');
    expect((await client.get('/api/directory/classes')).body.classes).toMatchObject([{ id: klas.id, name: '2B' }]);
    for (const wrong of [{ classId: elsewhere.id }, { classId: klas.id, role: 'ict-coordinator' }, { classId: body.id }]) {
      const refused = await sofie.post(path, { ...guest, school: first.id, ...wrong });
      expect(refused).toMatchObject({ status: 422, body: { type: '/problems/login/unknown-class' } });
    }
    await sofie.delete(`${path}/${body.id}`);
    const teachers = await platform.work('directory', ({ classes }) => classes.teachersOf(klas.id));
    expect(teachers).toEqual([]);
  });

  test('cannot create, see or end accounts of another school', async () => {
    expect((await sofie.post(path, { ...guest, school: second.id })).status).toBe(404);
    const { body } = await otherCoordinator.post(path, { ...guest, school: second.id });
    const list = await sofie.get(path);
    expect(list.body.accounts.map(({ id }: { id: string }) => id)).not.toContain(body.id);
    expect(list.body.schools.map(({ id }: { id: string }) => id)).toEqual([first.id]);
    expect((await sofie.delete(`${path}/${body.id}`)).status).toBe(404);
    expect((await platform.attempt(body.username, body.password)).status).toBe(200);
  });

  test('cannot give a role above their own', async () => {
    expect((await sofie.post(path, { ...guest, school: first.id, role: 'principal' })).status).toBe(403);
    expect((await sofie.post(path, { ...guest, school: first.id, role: 'portal-administrator' })).status).toBe(400);
    expect((await sofie.post(path, { ...guest, school: first.id, role: 'ict-coordinator' })).status).toBe(201);
    expect((await sofie.get(path)).body.roles).toEqual(['pupil', 'teacher', 'ict-coordinator']);
  });

  test.each([
    ['31 days', { days: 31 }, 422],
    ['no days at all', { days: 0 }, 400],
    ['half a day', { days: 0.5 }, 400],
    ['an empty name', { givenName: '  ' }, 400],
    ['a NUL in the name', { familyName: 'a\u0000b' }, 400],
    ['a school that is no id', { school: '123456' }, 400],
  ])('%s is refused and nothing is created', async (_, wrong, status) => {
    const before = (await sofie.get(path)).body.accounts.length;
    expect((await sofie.post(path, { ...guest, school: first.id, ...wrong })).status).toBe(status);
    expect((await sofie.get(path)).body.accounts).toHaveLength(before);
  });
});

test('a portal administrator creates accounts for each school and each role', async () => {
  for (const school of [first, second]) {
    expect((await administrator.post(path, { ...guest, school: school.id, role: 'principal', days: 30 })).status).toBe(201);
  }
  expect((await administrator.post(path, { ...guest, school: crypto.randomUUID() })).status).toBe(404);
});

test('teachers, pupils and guests have no access', async () => {
  const { body } = await sofie.post(path, { ...guest, school: first.id });
  const teacher = platform.client();
  await platform.attempt(body.username, body.password, teacher);
  expect((await teacher.get(path)).status).toBe(403);
  expect((await teacher.post(path, { ...guest, school: first.id })).status).toBe(403);
  expect((await teacher.delete(`${path}/${body.id}`)).status).toBe(403);
  expect((await platform.client().get(path)).status).toBe(401);
});

test('the job removes expired accounts, with the person, and leaves the rest', async () => {
  const { body: gone } = await sofie.post(path, { ...guest, school: first.id });
  const { body: stays } = await sofie.post(path, { ...guest, school: first.id });
  const expired = new Date(Date.now() - 1000);
  const ofFile = await platform.person({ username: 'not-a-guest', password: 'krijt-en-bord-3a', expiresAt: expired });
  await platform.work('login', ({ knex }) => knex('accounts').where('person_id', gone.id).update({ expires_at: expired }));

  expect((await platform.attempt(gone.username, gone.password)).status).toBe(401);
  expect((await sofie.get(path)).body.accounts.map(({ id }: { id: string }) => id)).not.toContain(gone.id);

  const job = login.jobs?.['remove-expired-accounts'];
  expect(job?.schedule).toBeDefined();
  const message = { id: 'x', attempt: 1, at: new Date(), signal: AbortSignal.timeout(60_000) };
  await platform.work('login', async (services) => job?.handler({ payload: {}, services, message }));

  const left = await platform.work('login', async ({ knex, directory }) => ({
    accounts: await knex('accounts').whereIn('person_id', [gone.id, stays.id, ofFile]).pluck('person_id'),
    people: (await directory.people.getMany([gone.id, stays.id, ofFile])).map(({ id }: { id: string }) => id),
  }));
  expect(left.accounts).toEqual([stays.id]);
  expect(left.people.sort()).toEqual([stays.id, ofFile].sort());
  expect((await platform.attempt(stays.username, stays.password)).status).toBe(200);
});

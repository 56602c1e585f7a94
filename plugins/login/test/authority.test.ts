import type { TestClient } from '@ilearn/core/testing';
import { pupil as addPupil, teacher as addTeacher, schoolClass } from '@ilearn/plugin-directory/testing';
import { type PreparedPassword, preparePassword } from '@ilearn/plugin-login';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;
let people: Record<string, string>;
let other: PreparedPassword;

beforeAll(async () => {
  platform = await startLogin();
  other = await preparePassword('een-ander-woord-9');
  people = {
    ict: await platform.person({ username: 'ict', password, role: 'ict-coordinator' }),
    principal: await platform.person({ username: 'principal', password, role: 'principal' }),
    teacher: await platform.person({ username: 'teacher', password }),
    administrator: await platform.person({ username: 'administrator', password, role: 'portal-administrator' }),
  };
  // Somebody who signs in elsewhere.
  people['accountless'] = await platform.work('login', ({ directory }) =>
    directory.people.create({
      givenName: 'Paul',
      familyName: 'Peers',
      kind: 'staff',
      roles: [{ tenant: platform.schools[0].id, role: 'principal' }],
    }),
  );
});
afterAll(() => platform?.stop());

/** What another plugin's route does that calls login for whoever asks. */
const askedBy = (who: string, fn: (services: any) => Promise<unknown>) => {
  const { runner } = platform.platform;
  const roles = [{ tenant: platform.schools[0].id, role: who === 'ict' ? 'ict-coordinator' : who }];
  const principal = { kind: 'person' as const, id: people[who] as string, roles, tenants: '*' as const };
  return runner.run({ principal }, (frame) => fn(runner.cradleOf('login', frame)));
};
const reset =
  (who: string) =>
  ({ accounts }: any) =>
    accounts.set({ personId: people[who], username: `${who}-2`, password: other });

test.each([
  ['ict', ['teacher'], ['principal', 'administrator', 'accountless']],
  ['teacher', [], ['ict', 'principal', 'administrator', 'accountless']],
])('attack 8: %s cannot set passwords or end sessions of anybody above them', async (who, may, mayNot) => {
  for (const whose of mayNot) {
    await expect(askedBy(who, reset(whose)), whose).rejects.toMatchObject({ status: 403 });
    await expect(askedBy(who, ({ sessions }) => sessions.endAll(people[whose]))).rejects.toMatchObject({ status: 403 });
    const asPortal = ({ actAs }: any) => actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, reset(whose));
    await expect(askedBy(who, asPortal), 'acting as the portal too').rejects.toMatchObject({ status: 403 });
  }
  for (const whose of may) await expect(askedBy(who, reset(whose))).resolves.toBeUndefined();
  expect((await platform.attempt('principal', password)).status).toBe(200);
});

test('attack 8: an ICT coordinator cannot end the temporary account of a principal', async () => {
  const administrator = await platform.signIn(people['administrator'] as string);
  const wish = { school: platform.schools[0].id, givenName: 'Gast', familyName: 'Een' };
  const made = await administrator.post('/api/login/temporary-accounts', { ...wish, role: 'principal' });
  expect(made.status).toBe(201);
  const ict = await platform.signIn(people['ict'] as string);
  expect((await ict.delete(`/api/login/temporary-accounts/${made.body.id}`)).status).toBe(403);
  expect((await ict.post('/api/login/temporary-accounts', { ...wish, role: 'principal' })).status).toBe(403);
  expect((await ict.get('/api/login/temporary-accounts')).body.roles).toEqual(['pupil', 'teacher', 'ict-coordinator']);
  expect((await administrator.get('/api/login/temporary-accounts')).body.roles).toEqual([
    'pupil',
    'teacher',
    'ict-coordinator',
    'principal',
  ]);
  expect((await administrator.delete(`/api/login/temporary-accounts/${made.body.id}`)).status).toBe(204);
});

describe('ux 3: a new password for somebody else', () => {
  const clients: Record<string, TestClient> = {};
  let ids: Record<string, string>;
  let klas: string;
  const renew = (who: string, whose: string) => (clients[who] as TestClient).post(`/api/login/people/${ids[whose]}/password`);
  const may = async (who: string, whose: string) =>
    (await (clients[who] as TestClient).get(`/api/login/people/${ids[whose]}/account`)).body.may;

  beforeAll(async () => {
    const [first, second] = platform.schools;
    const one = await schoolClass(platform, first, { name: '3A' });
    const other = await schoolClass(platform, first, { name: '3B' });
    const elsewhere = await schoolClass(platform, second, { name: '3A' });
    klas = one.id;
    const names = { givenName: 'Noor', familyName: 'El Amraní' };
    ids = {
      own: (await addTeacher(platform, one)).id,
      colleague: (await addTeacher(platform, other)).id,
      stranger: (await addTeacher(platform, elsewhere)).id,
      noor: (await addPupil(platform, one, names)).id,
      namesake: (await addPupil(platform, one, names)).id,
      // Also goes to the second school: no teacher of the first may take over the account.
      both: (await addPupil(platform, [one, elsewhere], { givenName: 'Bo' })).id,
      new: (await addPupil(platform, one, { givenName: '明', familyName: '王' })).id,
      ict: people['ict'] as string,
      principal: people['principal'] as string,
      administrator: people['administrator'] as string,
      otherIct: await platform.person({ username: 'other-ict', password, role: 'ict-coordinator', school: second }),
    };
    for (const [name, id] of Object.entries(ids)) clients[name] = await platform.signIn(id, name);
  });

  test('makes an account for who has none, with a username that a child can type', async () => {
    const made = await renew('ict', 'noor');
    expect(made).toMatchObject({ status: 200, body: { username: 'noor.elamrani', givenName: 'Noor', kind: 'pupil' } });
    expect(made.body.password).toMatch(/^[a-z]+(-[a-z]+){3}$/);
    expect((await platform.attempt('noor.elamrani', made.body.password)).status).toBe(200);
    expect((await renew('ict', 'namesake')).body.username).toBe('noor.elamrani2');
    expect((await renew('ict', 'new')).body.username).toMatch(/^account-[a-z]+-\d{4}$/);
    const stored = await platform.work('login', ({ knex }) => knex('accounts').where({ username: 'noor.elamrani' }));
    expect(JSON.stringify(stored)).not.toContain(made.body.password);
    expect((await (clients['ict'] as TestClient).get(`/api/login/people/${ids['noor']}/account`)).body).toEqual({
      username: 'noor.elamrani',
      may: 'reset',
    });
  });

  test('replaces the old one and ends the sessions, also when a teacher of the class gives it', async () => {
    const before = (await renew('ict', 'noor')).body;
    const pupil = platform.client();
    await platform.attempt(before.username, before.password, pupil);
    const after = (await renew('own', 'noor')).body;
    expect(after.username).toBe(before.username);
    expect((await pupil.get('/api/kernel/session')).body.session).toBeNull();
    expect((await platform.attempt(before.username, before.password)).status).toBe(401);
    expect((await platform.attempt(after.username, after.password)).status).toBe(200);
  });

  test.each([
    ['own', 'own', 403],
    ['own', 'colleague', 403],
    ['own', 'principal', 403],
    ['own', 'both', 403],
    ['colleague', 'noor', 403],
    ['stranger', 'noor', 404],
    ['otherIct', 'noor', 404],
    ['otherIct', 'both', 403],
    ['ict', 'both', 403],
    ['ict', 'ict', 403],
    ['ict', 'principal', 403],
    ['ict', 'administrator', 404],
    ['noor', 'noor', 403],
    ['noor', 'namesake', 403],
  ])('%s cannot give one to %s', async (who, whose, status) => {
    if (who === 'noor') clients['noor'] = await platform.signIn(ids['noor'] as string, 'noor');
    expect((await renew(who, whose)).status).toBe(status);
    if (status === 403 && who !== 'noor') expect(await may(who, whose)).toBeNull();
  });

  test('lists usernames of a class only for who may give its pupils passwords', async () => {
    const list = (who: string) => (clients[who] as TestClient).get(`/api/login/classes/${klas}/accounts`);
    for (const [who, mayCreate] of [
      ['own', false],
      ['ict', true],
    ] as const) {
      const { body } = await list(who);
      expect(body).toMatchObject({ name: '3A', may: true, mayCreate });
      expect(body.pupils.map(({ username }: { username: string | null }) => username)).toContain('noor.elamrani');
    }
    expect((await list('colleague')).body).toMatchObject({ may: false, pupils: [] });
    expect((await list('stranger')).status).toBe(404);
    const missing = (who: string) =>
      (clients[who] as TestClient).get(`/api/login/schools/${platform.schools[0].id}/missing-accounts`);
    const { body } = await missing('ict');
    const found = body.people.map(({ id }: { id: string }) => id);
    expect(body.needed).toBe(true);
    expect(found).toContain(ids['both']);
    expect(found).not.toContain(ids['noor']);
    expect(body.people.find(({ id }: { id: string }) => id === ids['both'])).toMatchObject({ username: null });
    for (const who of ['otherIct', 'own']) expect((await missing(who)).status).toBe(403);
  });
});

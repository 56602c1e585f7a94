import type { TestClient } from '@ilearn/core/testing';
import { preparePassword } from '@ilearn/plugin-login';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
const next = 'bus-halte-regen-fiets';
let platform: LoginPlatform;
let client: TestClient;
let username: string;
let serial = 0;

beforeAll(async () => {
  platform = await startLogin();
});
afterAll(() => platform?.stop());

beforeEach(async () => {
  username = `lien-${++serial}`;
  await platform.person({ username, password });
  client = platform.client();
  await platform.attempt(username, password, client);
});

describe('changing your own password', () => {
  test('needs the old one, after which only the new one works', async () => {
    expect((await client.put('/api/login/password', { current: password, password: next })).status).toBe(204);
    expect((await platform.attempt(username, password)).status).toBe(401);
    expect((await platform.attempt(username, next)).status).toBe(200);
  });

  test('ends other sessions and keeps this one, with a new id', async () => {
    const elsewhere = platform.client();
    await platform.attempt(username, password, elsewhere);
    const before = client.cookie('ilearn') as string;
    await client.put('/api/login/password', { current: password, password: next });

    expect((await elsewhere.get('/api/kernel/session')).body.session).toBeNull();
    expect((await platform.client().setCookie('ilearn', before).get('/api/kernel/session')).body.session).toBeNull();
    expect((await client.get('/api/kernel/session')).body.session).toMatchObject({ displayName: 'Lien Peeters' });
  });

  test('a wrong old password changes nothing, counts as a failed attempt and ends nothing', async () => {
    for (let i = 0; i < 6; i++) {
      const answer = await client.put('/api/login/password', { current: 'not-this-one', password: next });
      expect(answer).toMatchObject({ status: 403, body: { type: '/problems/login/wrong-password' } });
    }
    expect((await client.put('/api/login/password', { current: password, password: next })).status).toBe(429);
    await platform.coolDown();
    expect((await platform.attempt(username, password)).status).toBe(200);
    expect((await client.get('/api/kernel/session')).body.session).not.toBeNull();
  });

  test.each([
    ['too short for a teacher', 'negen-ltr', ['too-short']],
    ['on everybody’s list', 'Welkom2026!', ['common']],
    ['made of their own name', 'LienPeeters12', ['own-name']],
    ['a row of keys', 'azertyuiop', ['common']],
  ])('a new password that is %s is refused, with the rule', async (_, weak, faults) => {
    const answer = await client.put('/api/login/password', { current: password, password: weak });
    expect(answer).toMatchObject({ status: 422, body: { type: '/problems/login/weak-password', faults, shortest: 10 } });
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: '/password' }]);
    expect(JSON.stringify(answer.body)).not.toContain(weak);
    expect((await platform.attempt(username, password)).status).toBe(200);
  });

  test('a pupil may take eight characters', async () => {
    await platform.person({ username: 'noor', password: 'appelboom1', role: 'pupil', names: ['Noor', 'El Amrani'] });
    const pupil = platform.client();
    await platform.attempt('noor', 'appelboom1', pupil);
    expect((await pupil.put('/api/login/password', { current: 'appelboom1', password: 'maan-vos' })).status).toBe(204);
    expect((await pupil.put('/api/login/password', { current: 'maan-vos', password: 'maan-vo' })).body).toMatchObject({
      shortest: 8,
    });
  });

  test('requires a session', async () => {
    expect((await platform.client().put('/api/login/password', { current: password, password: next })).status).toBe(401);
  });

  test('is not offered to people who signed in with another provider', async () => {
    const personId = await platform.work('login', ({ directory }) =>
      directory.people.create({
        givenName: 'An',
        familyName: 'Maes',
        kind: 'staff',
        roles: [{ tenant: platform.schools[0].id, role: 'teacher' }],
      }),
    );
    const other = await platform.signIn(personId, 'An Maes');
    expect((await other.get('/api/login/account')).body).toEqual({ account: null });
    expect((await other.put('/api/login/password', { current: password, password: next })).status).toBe(404);
  });

  test('keeps a temporary account temporary', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    await platform.person({ username: 'guest', password, expiresAt });
    const guest = platform.client();
    await platform.attempt('guest', password, guest);
    await guest.put('/api/login/password', { current: password, password: next });
    expect((await guest.get('/api/login/account')).body.account).toMatchObject({
      username: 'guest',
      expiresAt: expiresAt.toISOString(),
    });
  });
});

describe('accounts that another plugin sets', () => {
  test('a username belongs to one person', async () => {
    const second = platform.person({ username: username.toUpperCase(), password });
    await expect(second).rejects.toMatchObject({ type: 'login/username-taken', status: 409 });
  });

  test('setting a password ends the sessions that were open', async () => {
    const prepared = await preparePassword(next);
    await platform.work('login', async ({ accounts }) => {
      const { person_id } = await accounts.byUsername(username);
      await accounts.set({ personId: person_id, username, password: prepared });
    });
    expect((await client.get('/api/kernel/session')).body.session).toBeNull();
  });

  test('a person who does not exist gets no account', async () => {
    const prepared = await preparePassword(password);
    const set = platform.work('login', ({ accounts }) =>
      accounts.set({ personId: crypto.randomUUID(), username: 'ghost', password: prepared }),
    );
    await expect(set).rejects.toMatchObject({ status: 404 });
  });

  test.each(['a', '.dot', 'with space', 'semi;colon', 'x'.repeat(65), 'emoji😀'])('"%s" is not a valid username', async (bad) => {
    await expect(platform.person({ username: bad, password })).rejects.toMatchObject({
      type: 'login/invalid-username',
      status: 422,
    });
  });
});

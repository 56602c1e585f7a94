import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;

beforeAll(async () => {
  platform = await startLogin();
  await platform.person({ username: 'lien.peeters', password });
});
afterAll(() => platform?.stop());

describe('signing in', () => {
  test('opens a session for the right username and password', async () => {
    const client = platform.client();
    const answer = await platform.attempt('lien.peeters', password, client);
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Lien Peeters' } });
    const session = await client.get('/api/kernel/session');
    expect(session.body.session).toMatchObject({ displayName: 'Lien Peeters', roles: [{ role: 'teacher' }] });
  });

  test('accepts the username in any case, width and Unicode composition', async () => {
    await platform.person({ username: 'Zoë.D’Hondt'.replace('’', "'"), password, names: ['Zoë', "D'Hondt"] });
    for (const typed of ["zoë.d'hondt", "ZOE\u0308.D'HONDT", " ｚoë.d'hondt "]) {
      expect((await platform.attempt(typed, password)).status, typed).toBe(200);
    }
  });

  test('accepts a password in any Unicode composition', async () => {
    await platform.person({ username: 'composed', password: 'caf\u00e9-aan-de-vaart' });
    expect((await platform.attempt('composed', 'cafe\u0301-aan-de-vaart')).status).toBe(200);
  });

  test('answers an unknown name, a wrong password and an expired account with the same words', async () => {
    await platform.person({ username: 'expired', password, expiresAt: new Date(Date.now() - 1000) });
    const answers = [
      await platform.attempt('lien.peeters', 'not-this-one'),
      await platform.attempt('nobody.at-all', 'not-this-one'),
      await platform.attempt('expired', 'not-this-one'),
      await platform.attempt('expired', password),
    ];
    const comparable = answers.map(({ status, body: { requestId, ...body }, headers }) => ({
      status,
      body,
      headers: [...headers.keys()].sort(),
      length: headers.get('content-length'),
    }));
    expect(comparable[0]).toMatchObject({ status: 401, body: { type: '/problems/login/wrong-credentials', retryAfter: 0 } });
    for (const answer of comparable) expect(answer).toEqual(comparable[0]);
  });

  test('gives a new session id and ends the old one', async () => {
    const client = platform.client();
    await platform.attempt('lien.peeters', password, client);
    const old = client.cookie('ilearn') as string;
    await platform.attempt('lien.peeters', password, client);
    expect(client.cookie('ilearn')).not.toBe(old);
    const thief = platform.client().setCookie('ilearn', old);
    expect((await thief.get('/api/kernel/session')).body.session).toBeNull();
  });

  test('does not adopt a session id that somebody planted', async () => {
    const planted = 'A'.repeat(43);
    const client = platform.client().setCookie('ilearn', planted);
    await platform.attempt('lien.peeters', password, client);
    expect(client.cookie('ilearn')).not.toBe(planted);
  });

  test('a session never outlives a temporary account', async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    await platform.person({ username: 'brief', password, expiresAt });
    const answer = await platform.attempt('brief', password);
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('ilearn=')) as string;
    const seconds = Number(/Max-Age=(\d+)/.exec(cookie)?.[1]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
  });

  test('refuses a request that another site caused', async () => {
    const client = platform.client();
    await platform.attempt('lien.peeters', password, client);
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await client.post('/api/login/session', { username: 'lien.peeters', password }, { headers });
    expect(answer.status).toBe(403);
    const change = await client.put('/api/login/password', { current: password, password: 'een-heel-ander-woord' }, { headers });
    expect(change.status).toBe(403);
    expect((await platform.attempt('lien.peeters', password)).status).toBe(200);
  });

  test('accepts no form post, the one body that another site can send without permission', async () => {
    const client = platform.client();
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await client.post('/api/login/session', undefined, {
        raw: JSON.stringify({ username: 'lien.peeters', password }),
        headers: { ...headers, 'content-type': type },
      });
      expect([403, 415]).toContain(answer.status);
    }
    expect(client.cookie('ilearn')).toBeUndefined();
  });
});

describe('bad input', () => {
  test.each([
    ['a password of 257 characters', { username: 'lien.peeters', password: 'x'.repeat(257) }],
    ['a username of 257 characters', { username: 'x'.repeat(257), password }],
    ['a NUL in the username', { username: 'lien\u0000.peeters', password }],
    ['an empty password', { username: 'lien.peeters', password: '' }],
    ['no password', { username: 'lien.peeters' }],
    ['an unknown member', { username: 'lien.peeters', password, remember: true }],
    ['a list for a username', { username: ['lien.peeters'], password }],
  ])('%s is answered with 400 and a place', async (_, body) => {
    const answer = await platform.client().post('/api/login/session', body);
    expect(answer).toMatchObject({ status: 400, body: { type: '/problems/validation-failed' } });
    expect(answer.body.errors[0].in).toBe('body');
  });

  test('a body of a megabyte is refused for its size', async () => {
    const answer = await platform
      .client()
      .post('/api/login/session', { username: 'lien.peeters', password: 'x'.repeat(1_000_000) });
    expect(answer.status).toBe(413);
  });

  test('a NUL in the password is refused before the password is checked', async () => {
    const { status, body } = await platform.attempt('nul', 'a\u0000b');
    expect([status, body.errors]).toMatchObject([400, [{ in: 'body', pointer: '/password' }]]);
  });

  test('SQL in the username matches nobody', async () => {
    expect((await platform.attempt("' or 1=1 --", password)).status).toBe(401);
  });
});

describe('stored data', () => {
  test('the password is in no answer, no log line and no column', async () => {
    const secret = 'zeer-geheime-woorden-97';
    await platform.person({ username: 'secretive', password: secret });
    const answers = [await platform.attempt('secretive', secret), await platform.attempt('secretive', `${secret}!`)];
    for (const { body, headers } of answers) expect(JSON.stringify([body, [...headers]])).not.toContain(secret);
    expect(platform.log.join('')).not.toContain(secret);
    expect(platform.log.join('')).not.toContain('secretive');
    const tables = await platform.work('login', async ({ knex }) => [await knex('accounts'), await knex('throttles')]);
    expect(JSON.stringify(tables)).not.toContain(secret);
  });

  test('passwords are hashed with argon2id at the cost that OWASP asks for', async () => {
    const hashes: string[] = await platform.work('login', ({ knex }) => knex('accounts').pluck('password_hash'));
    expect(hashes.length).toBeGreaterThan(0);
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('a hash of another cost is renewed at the next sign-in', async () => {
    const { hash } = await import('@node-rs/argon2');
    const personId = await platform.person({ username: 'older', password });
    const weak = await hash(password, { memoryCost: 1024, timeCost: 1 });
    await platform.work('login', ({ knex }) => knex('accounts').where('person_id', personId).update({ password_hash: weak }));
    expect((await platform.attempt('older', password)).status).toBe(200);
    const row = await platform.work('login', ({ knex }) => knex('accounts').where('person_id', personId).first());
    expect(row.password_hash).toMatch(/m=19456,t=2,p=1/);
  });
});

test('the list of providers is public and names nobody', async () => {
  const answer = await platform.client().get('/api/login/options');
  expect(answer.body).toEqual({
    audiences: ['pupil', 'staff', 'provider'].map((key) => ({ key, ofSchools: false, providers: [] })),
  });
});

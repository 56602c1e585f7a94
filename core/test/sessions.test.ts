import { createHash } from 'node:crypto';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bram, lotte, north } from './support/fixtures.js';
import { web } from './support/web.js';

let portal: TestPlatform;
let secure: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web] });
  secure = await createTestPlatform({ plugins: [web], settings: { publicUrl: 'https://leren.example' } });
});
afterAll(async () => {
  await portal?.stop();
  await secure?.stop();
});

const signIn = async (body: Record<string, unknown> = {}) => {
  const client = portal.client();
  const answer = await client.post('/api/web/sign-in', { id: lotte, ...body });
  return { client, answer, id: client.cookie('ilearn') ?? '' };
};
const whoIs = async (client: ReturnType<TestPlatform['client']>) =>
  (await client.get('/api/kernel/session')).body.session?.personId ?? null;
const inDatabase = (sql: string, values: unknown[] = []) =>
  portal.platform.runner.run({}, ({ unit }) => unit.kernel(sql, values));

describe('the session cookie', () => {
  test('cannot be read by scripts or sent by other sites', async () => {
    const { answer } = await signIn();
    const [session = '', own] = answer.headers.getSetCookie();
    expect(session).toMatch(/^ilearn=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/);
    expect(session).not.toMatch(/Domain|Secure/);
    // A cookie of the plugin's own does not push it aside.
    expect(own).toBe('seen=yes; Path=/');
  });

  test('is bound to the host, and to https if the portal uses https', async () => {
    const client = secure.client();
    const answer = await client.post('/api/web/sign-in', { id: lotte });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-ilearn=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=43200$/,
    );
    expect(await whoIs(client)).toBe(lotte);
    const downgraded = secure.client().setCookie('ilearn', client.cookie('__Host-ilearn') ?? '');
    expect(await whoIs(downgraded)).toBeNull();
  });

  test('identifies a session that the database knows only by its hash', async () => {
    const { id } = await signIn();
    const { rows } = await inDatabase('select id_hash from kernel.sessions where id_hash = $1', [
      createHash('sha256').update(id).digest(),
    ]);
    expect(rows).toHaveLength(1);
    const dump = JSON.stringify((await inDatabase(`select s::text, encode(id_hash, 'base64') from kernel.sessions s`)).rows);
    expect(dump).not.toContain(id);
  });

  test.each([
    ['none', ''],
    ['short', 'abc'],
    ['long', 'a'.repeat(4000)],
    ['unknown', 'A'.repeat(43)],
    ['with SQL', `'${' or true --'.repeat(3)}`],
    ['twice', `${'A'.repeat(43)}; ilearn=${'B'.repeat(43)}`],
  ])('is worthless if forged: %s', async (_, cookie) => {
    const client = portal.client();
    const headers = { cookie: `ilearn=${cookie}` };
    expect((await client.get('/api/kernel/session', { headers })).body).toEqual({ session: null });
    expect((await client.post('/api/web/write', undefined, { headers })).status).toBe(401);
  });
});

describe('a session', () => {
  test('shows who is signed in, with roles and permissions', async () => {
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    const { client } = await signIn({ language: 'fr' });
    expect((await client.get('/api/kernel/session')).body).toEqual({
      session: {
        personId: lotte,
        displayName: 'Lotte Peeters',
        ageBand: null,
        language: 'fr',
        roles: [{ tenant: north, role: 'teacher' }],
        permissions: ['web:write'],
        recent: true,
      },
    });
    expect((await client.get('/api/web/client')).body.language).toBe('fr');
    expect((await client.put('/api/kernel/session/language', { language: 'en' })).status).toBe(204);
    expect((await client.get('/api/web/client')).body.language).toBe('en');
    expect((await client.put('/api/kernel/session/language', { language: 'de' })).status).toBe(400);
    expect((await portal.client().put('/api/kernel/session/language', { language: 'en' })).status).toBe(401);
  });

  test('gets a new id at sign-in, and the old one ends', async () => {
    const { client, id: before } = await signIn();
    await client.post('/api/web/sign-in', { id: bram });
    const after = client.cookie('ilearn');
    expect(after).not.toBe(before);
    expect(await whoIs(client)).toBe(bram);
    expect(await whoIs(portal.client().setCookie('ilearn', before))).toBeNull();
  });

  test('that is fixed is never recent', async () => {
    const { client } = await signIn({ fixed: true });
    expect((await client.get('/api/kernel/session')).body.session.recent).toBe(false);
  });

  test('cannot be chosen by whoever sends the visitor', async () => {
    const planted = 'P'.repeat(43);
    const client = portal.client().setCookie('ilearn', planted);
    await client.post('/api/web/sign-in', { id: lotte });
    expect(client.cookie('ilearn')).not.toBe(planted);
    expect(await whoIs(portal.client().setCookie('ilearn', planted))).toBeNull();
  });

  test('does not begin if signing in fails afterwards', async () => {
    const { answer, id } = await signIn({ fail: true });
    expect([answer.status, answer.headers.getSetCookie(), id]).toEqual([404, [], '']);
  });

  test('ends at sign-out, for that client only', async () => {
    const one = await signIn();
    const two = await signIn();
    expect((await one.client.delete('/api/kernel/session')).status).toBe(204);
    expect(one.client.cookie('ilearn')).toBeUndefined();
    expect(await whoIs(portal.client().setCookie('ilearn', one.id))).toBeNull();
    expect(await whoIs(two.client)).toBe(lotte);
    expect((await portal.client().delete('/api/kernel/session')).status).toBe(204);
  });

  test('ends everywhere on request', async () => {
    const one = await signIn();
    const two = await signIn();
    const other = await signIn({ id: bram });
    await one.client.post('/api/web/sign-out-everywhere');
    expect([await whoIs(one.client), await whoIs(two.client), await whoIs(other.client)]).toEqual([null, null, bram]);
  });

  test('ends after two hours without a request, and a request extends it', async () => {
    const { client } = await signIn();
    const idle = (minutes: number) =>
      inDatabase(`update kernel.sessions set seen_at = now() - make_interval(mins => $1)`, [minutes]);
    await idle(119);
    expect(await whoIs(client)).toBe(lotte);
    // Noted after the answer.
    const seen = () => inDatabase(`select max(seen_at) > now() - interval '1 minute' as fresh from kernel.sessions`);
    await expect.poll(async () => (await seen()).rows).toEqual([{ fresh: true }]);
    await idle(121);
    expect(await whoIs(client)).toBeNull();
    expect((await client.post('/api/web/sign-out-everywhere')).status).toBe(401);
  });

  test('ends twelve hours after sign-in in any case, or sooner on request', async () => {
    const { client, answer } = await signIn();
    const lasts = (text = '') => Number(/Max-Age=(\d+)/.exec(text)?.[1]);
    expect(lasts(answer.headers.getSetCookie()[0])).toBe(12 * 3_600);
    await inDatabase(`update kernel.sessions set expires_at = now() - interval '1 second'`);
    expect(await whoIs(client)).toBeNull();

    const brief = await signIn({ minutes: 5 });
    expect(Math.round(lasts(brief.answer.headers.getSetCookie()[0]) / 60)).toBe(5);
    const endless = await signIn({ minutes: 100_000 });
    expect(lasts(endless.answer.headers.getSetCookie()[0])).toBe(12 * 3_600);
    const past = await signIn({ minutes: -1 });
    expect(await whoIs(past.client)).toBeNull();
  });
});

describe('a write with a session', () => {
  const write = (on: TestPlatform, id: string, name: string, headers: Record<string, string>) =>
    fetch(new URL('/api/web/write', on.url), {
      method: 'POST',
      headers: { ...(id === '' ? {} : { cookie: `${name}=${id}` }), ...headers },
    });
  const statusOf = async (headers: Record<string, string>, id?: string) =>
    (await write(portal, id ?? (await signIn()).id, 'ilearn', headers)).status;

  test('is accepted from the portal’s own pages', async () => {
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    const { port } = new URL(portal.url);
    expect(await statusOf({ origin: portal.url })).toBe(200);
    expect(await statusOf({ origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await statusOf({ origin: portal.url, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusOf({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['another site that looks alike', { origin: 'http://localhost.evil.example' }],
    ['another port', { origin: 'http://localhost:1' }],
    ['a sandbox', { origin: 'null' }],
    ['nowhere', {}],
    ['another site, by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ])('is refused from %s', async (_, headers) => {
    const { id } = await signIn();
    const answer = await write(portal, id, 'ilearn', headers);
    expect([answer.status, ((await answer.json()) as any).type]).toEqual([403, '/problems/cross-site-request']);
  });

  test('is refused if Origin and Sec-Fetch-Site disagree', async () => {
    expect(await statusOf({ origin: portal.url, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusOf({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(403);
  });

  test('behind https accepts only the public address', async () => {
    const client = secure.client();
    await client.post('/api/web/sign-in', { id: lotte });
    const id = client.cookie('__Host-ilearn') ?? '';
    const status = async (origin: string) => (await write(secure, id, '__Host-ilearn', { origin })).status;
    expect(await status('https://leren.example')).toBe(403);
    await secure.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    expect(await status('https://leren.example')).toBe(200);
    expect(await status('http://leren.example')).toBe(403);
    expect(await status(secure.url)).toBe(403);
  });

  test('also protects sign-in: another site cannot sign its visitor in', async () => {
    const signInFrom = (headers: Record<string, string>) => portal.client().post('/api/web/sign-in', { id: lotte }, { headers });
    expect((await signInFrom({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await signInFrom({ origin: portal.url })).status).toBe(200);
  });

  test('does not affect a route that ignores the session', async () => {
    const form = { form: { name: 'tool' }, headers: { origin: 'https://tool.example', 'sec-fetch-site': 'cross-site' } };
    const { client } = await signIn();
    expect((await client.request('POST', '/api/web/form', form)).body).toEqual({ name: 'tool' });
  });
});

import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deviceOf } from '../dist/access/device.js';
import { kernelRows } from '../dist/privacy/export/person-data.js';
import { bram, lotte } from './support/fixtures.js';
import { web } from './support/web.js';

const android =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro Build/UQ1A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.71 Mobile Safari/537.36';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web] });
});
afterAll(() => portal?.stop());

const inDatabase = (sql: string, values: unknown[] = []) =>
  portal.platform.runner.run({}, ({ unit }) => unit.kernel<any>(sql, values));
beforeEach(() => inDatabase('delete from kernel.sessions'));

const signIn = async (id: string, userAgent = '') => {
  const client = portal.client();
  await client.post('/api/web/sign-in', { id }, { headers: { 'user-agent': userAgent } });
  return client;
};
const sessionsOf = async (client: TestClient): Promise<any[]> => (await client.get('/api/kernel/sessions')).body.sessions;
const isSignedIn = async (client: TestClient) => (await client.get('/api/kernel/session')).body.session !== null;

describe('attack 17: one’s own sessions', () => {
  test('attack 17: are listed with times and kind of device, the current one first', async () => {
    await signIn(lotte, android);
    const here = await signIn(lotte);
    const [current, other, ...rest] = await sessionsOf(here);
    expect(rest).toEqual([]);
    expect([current.current, current.device]).toEqual([true, null]);
    expect(other).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      device: 'Chrome (Android)',
      startedAt: expect.stringMatching(/Z$/),
      usedAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      current: false,
    });
    const stored = JSON.stringify((await inDatabase('select s::text from kernel.sessions s')).rows);
    expect(stored).not.toMatch(/Pixel|\b537\b|126\.0|127\.0\.0\.1|UQ1A/);
  });

  test('attack 17: can be ended one by one, immediately, but not the current one', async () => {
    const there = await signIn(lotte, android);
    const elsewhere = await signIn(lotte);
    const here = await signIn(lotte);
    // StoredManifest by the process before they end.
    for (const client of [there, elsewhere]) expect(await isSignedIn(client)).toBe(true);
    const { id } = (await sessionsOf(here)).find(({ device }) => device === 'Chrome (Android)');
    expect((await here.delete(`/api/kernel/sessions/${id}`)).status).toBe(204);
    expect(await Promise.all([there, elsewhere, here].map(isSignedIn))).toEqual([false, true, true]);
    expect((await there.get('/api/kernel/sessions')).status).toBe(401);
    expect((await here.delete(`/api/kernel/sessions/${id}`)).status).toBe(404);
    const [current] = await sessionsOf(here);
    const refused = await here.delete(`/api/kernel/sessions/${current.id}`);
    expect([refused.status, refused.body.detail]).toEqual([404, expect.stringContaining('sign out')]);
    expect(await isSignedIn(here)).toBe(true);
  });

  test('attack 17: can be ended all at once except the current one, and never those of others', async () => {
    const others = [await signIn(lotte), await signIn(lotte, android)];
    const stranger = await signIn(bram);
    const here = await signIn(lotte);
    expect((await here.delete('/api/kernel/sessions')).status).toBe(204);
    expect(await Promise.all([...others, here, stranger].map(isSignedIn))).toEqual([false, false, true, true]);
    expect(await sessionsOf(here)).toHaveLength(1);
  });

  test('attack 17: nobody can see or end those of others', async () => {
    const victim = await signIn(lotte, android);
    const [{ id }] = await sessionsOf(victim);
    const { rows } = await inDatabase(`select encode(id_hash, 'hex') as hash from kernel.sessions`);
    await portal.grant(bram, [{ tenant: null, role: 'portal-administrator' }]);
    const attacker = await signIn(bram);
    for (const query of ['', `?person=${lotte}`, `?personId=${lotte}`, `?id=${id}`]) {
      const { body } = await attacker.get(`/api/kernel/sessions${query}`);
      expect(JSON.stringify(body)).not.toContain(id);
      if (body.sessions !== undefined) expect(body.sessions).toHaveLength(1);
    }
    for (const guess of [id, id.toUpperCase(), rows[0].hash, lotte, '00000000-0000-0000-0000-000000000000', '%25', '*', 'null']) {
      const { status } = await attacker.delete(`/api/kernel/sessions/${guess}`);
      expect([400, 404], guess).toContain(status);
    }
    expect((await attacker.delete(`/api/kernel/sessions?personId=${lotte}`)).status).toBeLessThan(500);
    for (const client of [portal.client(), portal.client().setCookie('ilearn', id)]) {
      expect((await client.get('/api/kernel/sessions')).status).toBe(401);
      expect((await client.delete('/api/kernel/sessions')).status).toBe(401);
      expect((await client.delete(`/api/kernel/sessions/${id}`)).status).toBe(401);
    }
    const forged = { headers: { origin: 'https://evil.example' } };
    expect((await victim.delete('/api/kernel/sessions', forged)).status).toBe(403);
    expect(await isSignedIn(victim)).toBe(true);
  });

  test('attack 17: a list has at most 50, including the current one, and none that has ended', async () => {
    await inDatabase(
      `insert into kernel.sessions (id_hash, person_id, display_name, seen_at, expires_at)
       select sha256(n::text::bytea), $1, 'x', now(), now() + interval '1 hour' from generate_series(1, 60) n`,
      [lotte],
    );
    const here = await signIn(lotte);
    await inDatabase(`update kernel.sessions set seen_at = now() - interval '3 minutes' where display_name <> 'x'`);
    const { body } = await here.get('/api/kernel/sessions');
    expect([body.sessions.length, body.more, body.sessions[0].current]).toEqual([50, true, true]);
    expect(body.sessions[1].device).toBeNull();
    await inDatabase(`update kernel.sessions set expires_at = now() where display_name = 'x' and id_hash > '\\x80'`);
    await inDatabase(`update kernel.sessions set seen_at = now() - interval '3 hours' where display_name = 'x'`);
    expect((await here.get('/api/kernel/sessions')).body).toMatchObject({ sessions: [{ current: true }], more: false });
  });

  test('attack 17: the person’s export includes the device', async () => {
    await signIn(lotte, android);
    const reading = (read: any) => portal.platform.runner.run({ readOnly: true }, ({ unit }) => read(unit));
    const sessions = kernelRows(reading as never, lotte, '*').find(({ table }) => table === 'sessions');
    const found: unknown[] = [];
    for await (const batch of (sessions as any).batches()) found.push(...batch);
    expect(found).toMatchObject([{ device: 'Chrome (Android)' }]);
    expect(JSON.stringify(found)).not.toContain('handle');
  });
});

describe('the kind of device', () => {
  test.each([
    [android, 'Chrome (Android)'],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
      'Chrome (ChromeOS)',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
      'Edge (Windows)',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
      'Safari (macOS)',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1',
      'Chrome (iPad)',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari (iPhone)',
    ],
    ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox (Linux)'],
    [
      'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36',
      'Samsung Internet (Android)',
    ],
    ['curl/8.7.1', null],
    ['', null],
    [undefined, null],
  ])('of %s', (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));

  test('attack 17: never contains text of the sender', () => {
    const families = ['Edge', 'Opera', 'Samsung Internet', 'Firefox', 'Chrome', 'Safari'];
    const systems = ['Android', 'iPhone', 'iPad', 'ChromeOS', 'Windows', 'macOS', 'Linux'];
    const known = new Set([...families, ...systems, ...families.flatMap((one) => systems.map((other) => `${one} (${other})`))]);
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('Chrome/', 'Edg/1', ' Safari/', 'Version/1 ', 'Android', 'Mac OS X', '\u202e', '<b>'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const device = deviceOf(pieces.join(' '));
        expect(device === null || known.has(device)).toBe(true);
      }),
    );
  });
});

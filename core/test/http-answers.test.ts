import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bram, lotte } from './support/fixtures.js';
import { web } from './support/web.js';

let portal: TestPlatform;
let proxied: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web] });
  proxied = await createTestPlatform({ plugins: [web], settings: { publicUrl: 'https://leren.example', trustProxy: true } });
});
afterAll(async () => {
  await portal?.stop();
  await proxied?.stop();
});
beforeEach(async () => void (await portal.client().delete('/api/web/things')));

const stored = async () => (await portal.client().get('/api/web/things')).body.texts;
const end = (how: string, text = 'kept?') => portal.client().post(`/api/web/fail/${how}`, { text });

describe('an answer', () => {
  test('contains only what the route declares', async () => {
    expect((await portal.client().get('/api/web/leaky')).body).toEqual({ name: 'n', inner: { a: 1 } });
  });

  test('that does not fit the declaration of the route is a 500 without details', async () => {
    const { status, body } = await portal.client().get('/api/web/wrong');
    expect([status, body]).toEqual([
      500,
      {
        type: '/problems/internal',
        title: 'Something went wrong',
        status: 500,
        detail: 'Nothing was stored. Try again; if it happens again, give the operator the request id.',
        instance: '/api/web/wrong',
        requestId: expect.any(String),
      },
    ]);
    expect(portal.log.join('')).toContain('the answer does not fit its schema at ok (invalid_type)');
    expect(portal.log.join('')).not.toContain('hunter2');
  });

  test('may be a page, a redirect or nothing', async () => {
    const page = await portal.client().get('/api/web/page');
    expect([page.status, page.body, page.headers.get('content-type')]).toEqual([200, '<p>é</p>', 'text/html; charset=utf-8']);
    const away = await portal.client().get('/api/web/away');
    expect([away.status, away.headers.get('location'), away.body]).toEqual([303, '/elders', '']);
    const gone = await portal.client().delete('/api/web/things');
    expect([gone.status, gone.body, gone.headers.get('content-type')]).toEqual([204, '', null]);
  });
});

describe('a route that formats problems itself', () => {
  const post = (how: string, body: unknown = { text: 'kept?' }) =>
    portal.client().post(`/api/web/formatted/${how}`, body as object);

  test.each<[string, () => ReturnType<typeof post>, string]>([
    ['a problem that it throws', () => post('thrown-problem'), '422 web/refused'],
    ['a problem that it returns', () => post('returned-problem'), '422 web/refused'],
    ['an error', () => post('error'), '500 internal'],
    ['an error of the database', () => post('cast'), '400 invalid-value'],
    ['a body that its schema refuses', () => post('ok', { text: 1 }), '400 validation-failed'],
    ['a body that cannot be stored', () => post('ok', { text: '\0' }), '400 validation-failed'],
    ['a body that is too large', () => post('ok', { text: 'x'.repeat(1_048_576) }), '413 body-too-large'],
    ['a wrong method', () => portal.client().get('/api/web/formatted/ok'), '405 method-not-allowed'],
  ])('formats %s', async (_, ask, error) => {
    const { status, body, headers } = await ask();
    expect([status, body]).toEqual([400, { error }]);
    expect([headers.get('content-type'), headers.get('cache-control'), headers.get('x-format')]).toEqual([
      'application/json',
      'no-store',
      'own',
    ]);
    expect(headers.get('allow')).toBe(error.startsWith('405') ? 'POST' : null);
  });

  test.each(['unformatted', 'undeclared'])('answers with a problem without details if its format fails: %s', async (how) => {
    const { status, body, headers } = await post(how);
    expect([status, body.type, headers.get('content-type')]).toEqual([500, '/problems/internal', 'application/problem+json']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(await stored()).toEqual([]);
  });
});

describe('the unit of work ends with the answer', () => {
  test.each([
    ['reply', 409],
    ['returned-problem', 422],
  ])('committed when the handler returns: %s', async (how, status) => {
    expect((await end(how)).status).toBe(status);
    expect(await stored()).toEqual(['kept?']);
  });

  test.each([
    ['thrown-problem', 422],
    ['error', 500],
    ['null', 500],
    ['status', 500],
    ['header', 500],
    ['twice', 409],
    ['cast', 400],
    ['constant', 500],
    ['swallowed', 500],
  ])('rolled back when it fails: %s', async (how, status) => {
    const answer = await end(how);
    expect(answer.status).toBe(status);
    expect(await stored()).toEqual([]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('location')).toBeNull();
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|kept\?|\.js|at |node_modules|insert into/);
  });

  test('a problem keeps its own members, but cannot override the standard ones', async () => {
    const returned = await end('returned-problem');
    expect(returned.body).toMatchObject({ type: '/problems/web/refused', title: 'Refused', status: 422, triesLeft: 2 });
    const thrown = await end('thrown-problem', 'anders');
    expect([thrown.body.type, thrown.headers.get('retry-after')]).toEqual(['/problems/web/refused', '5']);
  });
});

describe('every answer', () => {
  const paths = [
    '/api/web/things',
    '/api/web/page',
    '/api/web/wrong',
    '/api/web/nothing',
    '/api/web/away',
    '/api/openapi.json',
    '/api',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/assets/x.js',
    '/ergens',
  ];

  test.each(paths)('has the security headers: %s', async (path) => {
    for (const [on, hsts] of [
      [portal, null],
      [proxied, 'max-age=31536000'],
    ] as const) {
      const { headers } = await on.client().get(path, { headers: { 'x-forwarded-for': '203.0.113.7' } });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('strict-transport-security')).toBe(hsts);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test.each(paths.filter((path) => path.startsWith('/api')))('of the API is not cached and runs nothing: %s', async (path) => {
    const { headers } = await portal.client().get(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('script-src');
  });

  test('has a request id: the client’s if it is valid, otherwise a new one', async () => {
    const idOf = async (given: string) => {
      const { headers, body } = await portal.client().get('/api/web/wrong', { headers: { 'x-request-id': given } });
      expect(body.requestId).toBe(headers.get('x-request-id'));
      return body.requestId;
    };
    expect(await idOf('proxy-0123.abc_DEF')).toBe('proxy-0123.abc_DEF');
    for (const given of ['short', 'with space', '"quoted-id"', 'x'.repeat(65), '<script>alert(1)</script>']) {
      expect(await idOf(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    }
    const one = await portal.client().get('/api/web/things');
    const two = await portal.client().get('/api/web/things');
    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'));
  });
});

describe('the client', () => {
  const client = async (on: TestPlatform, headers: Record<string, string>) =>
    (await on.client().get('/api/web/client', { headers })).body;

  test('is answered in the first requested language that the portal supports', async () => {
    expect((await client(portal, { 'accept-language': 'de, fr-BE;q=0.9, nl;q=0.8' })).language).toBe('fr');
    expect((await client(portal, { 'accept-language': 'en-GB' })).language).toBe('en');
    expect((await client(portal, { 'accept-language': 'zh' })).language).toBe('nl');
    expect((await client(portal, { 'accept-language': ';;q=x,' })).language).toBe('nl');
  });

  test('cannot forge its address', async () => {
    const forged = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
    expect((await client(portal, forged)).address).toMatch(/127\.0\.0\.1$/);
    // Behind a proxy the last address is the proxy's word, what stands before it the client's.
    expect((await client(proxied, forged)).address).toBe('203.0.113.7');
  });
});

describe('the log', () => {
  const marker = 'Marieke-Vandenabeele';
  let lines: string[];
  beforeAll(async () => {
    const before = portal.log.length;
    const client = await portal.signIn(lotte, marker);
    const email = `${marker}@example.be`;
    const header = { headers: { authorization: `Basic ${marker}`, 'user-agent': marker, 'x-request-id': 'test-request-1' } };
    await client.post(`/api/web/things/${bram}?page=1`, { text: marker.slice(0, 20) }, header);
    await client.post(`/api/web/things/${marker}?page=${marker}`, { text: email }, header);
    await client.post('/api/web/echo', { name: marker });
    await portal.client().request('GET', '/api/web/echo', { headers: { authorization: `Bearer ${marker}` } });
    await client.get(`/${marker}`);
    await client.get(`/api/web/${marker}`);
    await client.get(`/api/${marker}/x`);
    for (const how of ['twice', 'cast', 'number', 'error', 'returned-problem']) {
      await client.post(`/api/web/fail/${how}`, { text: email }, { headers: { 'x-request-id': `test-${how}` } });
    }
    await client.request('POST', '/api/web/echo', { raw: `{"name": ${marker}` });
    lines = portal.log.slice(before);
  });

  test('has a line for each request: id, plugin, route, status and time', () => {
    const found = lines
      .map((line) => JSON.parse(line))
      .find(({ requestId, msg }) => requestId === 'test-request-1' && msg === 'request');
    expect(found).toMatchObject({
      level: 30,
      plugin: 'web',
      route: 'POST /api/web/things/:id',
      status: 201,
      ms: expect.any(Number),
    });
    expect(Object.keys(found).sort()).toEqual(['level', 'ms', 'msg', 'plugin', 'requestId', 'route', 'status', 'time']);
  });

  test('has the cause of each failure, under the same id', () => {
    const failures = lines.map((line) => JSON.parse(line)).filter(({ err }) => err !== undefined);
    expect(failures.map(({ requestId, msg, err }) => [requestId, msg, err.code])).toEqual([
      ['test-twice', 'input refused by the database, not by the route', '23505'],
      ['test-cast', 'input refused by the database, not by the route', '22007'],
      ['test-number', 'input refused by the database, not by the route', '22P02'],
      ['test-error', 'request failed', undefined],
    ]);
    expect(failures[0].err.message).toContain('duplicate key value violates unique constraint');
    expect(failures[1].err.message).toContain('invalid input syntax for type date: "…"');
    expect(failures[3].err.stack).toContain('web.ts');
  });

  test('has no personal data: no name, address, body, query, path, token or cookie', () => {
    expect(lines.join('')).not.toContain(marker);
    expect(lines.join('')).not.toMatch(new RegExp(`${lotte}|${bram}|Bearer|ilearn=`));
  });
});

import { createRequire } from 'node:module';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../scripts/system.mjs';
import { plugin } from './support/fixtures.js';
import { web } from './support/web.js';

const { version } = createRequire(import.meta.url)('../package.json');
const token = 'een-lang-geheim-voor-metingen';
let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web, plugin('quiet')] });
});
afterAll(async () => {
  await portal?.stop();
});

describe('health', () => {
  test('operator 22: tells everyone whether the process lives and the portal is ready, and tells a monitor about each plugin', async () => {
    const live = await portal.client().get('/health/live');
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);
    expect(await (await fetch(`${portal.url}/health/ready`)).json()).toEqual({ status: 'ready' });
    const ready = await portal.client().get('/health/ready');
    expect([ready.status, ready.body]).toEqual([
      200,
      {
        status: 'ready',
        database: 'reachable',
        queue: 'reachable',
        // Both clocks are those of this machine: a process that waited for its turn may still be a second off.
        clock: { state: 'right', offsetSeconds: expect.any(Number) },
        plugins: {
          web: { state: 'started', version: '1.0.0', contract: 1 },
          quiet: { state: 'started', version: '1.0.0', contract: 1 },
        },
      },
    ]);
    expect(ready.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a worker', () => {
  test('answers only /health and /metrics', async () => {
    const worker = await createTestPlatform({ plugins: [web], only: 'worker' });
    const statuses = [];
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/',
      '/api',
      '/api/web/things',
      '/api/kernel/session',
      '/assets/x.js',
    ])
      statuses.push((await worker.client().get(path)).status);
    await worker.stop();
    expect(statuses).toEqual([200, 200, 200, 404, 404, 404, 404, 404]);
  });
});

describe('metrics', () => {
  test('count requests by plugin, route and status, without personal data', async () => {
    await portal.client().post('/api/web/things/33333333-3333-4333-8333-333333333333', { text: 'Marieke' });
    await portal.client().get('/api/web/Marieke');
    const { status, body, headers } = await portal.client().get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toContain('ilearn_http_request_seconds_count{plugin="web",route="POST /api/web/things/:id",status="201"} 1');
    expect(body).toContain('ilearn_http_request_seconds_count{plugin="kernel",route="none",status="404"} 1');
    expect(body).toMatch(/^ilearn_database_connections\{state="total"\} \d+$/m);
    expect(body).toMatch(/^ilearn_messages/m);
    expect(body).not.toMatch(/Marieke|33333333-/);
  });

  test('attack 12: are not served to callers on this machine without a token, only on a port of their own', async () => {
    const port = await freePort();
    const open = await createTestPlatform({ plugins: [], settings: { metricsToken: undefined, metricsPort: port } });
    const closed = await createTestPlatform({ plugins: [], settings: { metricsToken: undefined } });
    try {
      for (const { url } of [open, closed]) {
        for (const headers of [
          {},
          { 'x-forwarded-for': '127.0.0.1' },
          { forwarded: 'for=127.0.0.1' },
          { 'x-real-ip': '127.0.0.1' },
          { authorization: 'Bearer undefined' },
        ] as Record<string, string>[]) {
          expect((await fetch(`${url}/metrics`, { headers })).status, JSON.stringify(headers)).toBe(403);
          expect(await (await fetch(`${url}/health/ready`, { headers })).json()).toEqual({ status: 'ready' });
        }
      }
      const own = `http://127.0.0.1:${port}`;
      expect(await (await fetch(`${own}/metrics`)).text()).toContain('ilearn_database_connections');
      expect(await (await fetch(`${own}/health/ready`)).json()).toMatchObject({
        status: 'ready',
        database: 'reachable',
        plugins: {},
      });
      for (const path of ['/', '/api', '/api/kernel/session']) expect((await fetch(`${own}${path}`)).status).toBe(404);
    } finally {
      await open.stop();
      await closed.stop();
    }
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  test('require the token, if there is one, on their own port too', async () => {
    const port = await freePort();
    const both = await createTestPlatform({ plugins: [], settings: { metricsToken: token, metricsPort: port } });
    try {
      for (const url of [both.url, `http://127.0.0.1:${port}`]) {
        const ask = (path: string, authorization?: string) =>
          fetch(`${url}${path}`, authorization === undefined ? {} : { headers: { authorization } });
        for (const wrong of [undefined, 'Bearer something-else-altogether', `Basic ${token}`, 'Bearer ', `bearer ${token}x`]) {
          expect((await ask('/metrics', wrong)).status).toBe(403);
          expect(await (await ask('/health/ready', wrong)).json(), 'operator 22').toEqual({ status: 'ready' });
        }
        expect((await ask('/metrics', `Bearer ${token}`)).status).toBe(200);
        expect(await (await ask('/health/ready', `Bearer ${token}`)).json()).toMatchObject({ plugins: {} });
      }
    } finally {
      await both.stop();
    }
  });
});

describe('the description of the API', () => {
  const reader = () => portal.signIn('33333333-3333-4333-8333-333333333333');
  const read = async () => (await (await reader()).get('/api/openapi.json')).body;

  test('attack 17: is shown only to signed-in people, unless the operator opens it to everyone', async () => {
    for (const path of ['/api', '/api/openapi.json']) {
      const { status, body } = await portal.client().get(path);
      expect([status, body.type, JSON.stringify(body)]).toEqual([
        401,
        '/problems/sign-in-first',
        expect.not.stringContaining('web'),
      ]);
      expect((await portal.client().setCookie('ilearn', 'A'.repeat(43)).get(path)).status).toBe(401);
      expect((await (await reader()).get(path)).status).toBe(200);
      expect((await (await reader()).post(path)).status).toBe(404);
    }
    const open = await createTestPlatform({ plugins: [], settings: { apiDocs: 'public' } });
    const { status, body } = await open.client().get('/api/openapi.json');
    await open.stop();
    expect([status, body.info['x-ilearn-contract']]).toEqual([200, 1]);
  });

  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(await read());
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test('describes each route with inputs, answers and permission', async () => {
    const { openapi, info, paths, components } = await read();
    expect([openapi, info.version]).toEqual(['3.1.0', version]);
    const thing = paths['/api/web/things/{id}'].post;
    expect(thing.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'page', in: 'query', required: false },
      { name: 'tag', in: 'query', required: false, schema: { type: 'array' } },
    ]);
    expect(thing.requestBody.content['application/json'].schema).toMatchObject({
      required: ['text'],
      additionalProperties: false,
    });
    expect(Object.keys(thing.responses)).toEqual(['201', 'default']);
    expect([thing['x-permission'], thing.security]).toEqual(['public', []]);
    expect(paths['/api/web/write'].post).toMatchObject({ 'x-permission': 'web:write', security: [{ session: [] }] });
    expect(paths['/api/web/form'].post.requestBody.content).toHaveProperty(['application/x-www-form-urlencoded']);
    expect(paths['/api/kernel/session'].get.summary).toContain('Who is signed in');
    expect(components.securitySchemes.session).toMatchObject({ type: 'apiKey', in: 'cookie' });
    const ids = Object.values<any>(paths).flatMap((path) => Object.values<any>(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has a readable page that needs no script', async () => {
    const { status, body, headers } = await (await reader()).get('/api');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const path of Object.keys((await read()).paths)) expect(body).toContain(`<code>${path}</code>`);
    expect(body).toContain('Takes all kinds of input');
    expect(body).not.toMatch(/<script|<link|src=|https?:\/\//);
  });
});

test('starting reports the time of each phase and plugin', () => {
  const lines = portal.platform.report.render().split('\n');
  for (const phase of ['migrate', 'start', 'serve']) expect(lines.some((line) => line.trim().startsWith(phase))).toBe(true);
});

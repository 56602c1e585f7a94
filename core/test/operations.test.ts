import { createRequire } from 'node:module';
import { networkInterfaces } from 'node:os';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plugin } from './support/fixtures.js';
import { web } from './support/web.js';

const { version } = createRequire(import.meta.url)('../package.json');
const token = 'een-lang-geheim-voor-metingen';
let portal: TestPlatform;
let guarded: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web, plugin('quiet')], settings: { host: '0.0.0.0' } });
  guarded = await createTestPlatform({ plugins: [], settings: { metricsToken: token } });
});
afterAll(async () => {
  await portal?.stop();
  await guarded?.stop();
});

describe('health', () => {
  test('tells that the process lives, and that the portal is ready with each plugin', async () => {
    const live = await portal.client().get('/health/live');
    expect([live.status, live.body]).toEqual([200, { status: 'live' }]);
    const ready = await portal.client().get('/health/ready');
    expect([ready.status, ready.body]).toEqual([
      200,
      {
        status: 'ready',
        database: 'reachable',
        queue: 'reachable',
        plugins: { web: { state: 'started', version: '1.0.0' }, quiet: { state: 'started', version: '1.0.0' } },
      },
    ]);
    expect(ready.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a worker', () => {
  test('answers /health and /metrics, and nothing else', async () => {
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
  test('count requests by plugin, route and status, with nothing of people in them', async () => {
    await portal.client().post('/api/web/things/33333333-3333-4333-8333-333333333333', { text: 'Marieke' });
    await portal.client().get('/api/web/Marieke');
    const { status, body, headers } = await portal.client().get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toContain('ilearn_http_request_seconds_count{plugin="web",route="POST /api/web/things/:id",status="201"} 1');
    expect(body).toContain('ilearn_http_request_seconds_count{plugin="kernel",route="none",status="404"} 1');
    expect(body).toMatch(/^ilearn_database_connections\{state="total"\} \d+$/m);
    expect(body).toMatch(/^ilearn_messages/m);
    expect(body).not.toMatch(/Marieke|33333333/);
  });

  test('are for this machine alone while there is no token', async () => {
    const { port } = new URL(portal.url);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal);
    if (outside !== undefined) expect((await fetch(`http://${outside.address}:${port}/metrics`)).status).toBe(403);
    // A proxy on this machine brings others.
    expect((await portal.client().get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(403);
  });

  test('are for who shows the token, where there is one', async () => {
    const status = async (authorization?: string) =>
      (await guarded.client().get('/metrics', authorization === undefined ? {} : { headers: { authorization } })).status;
    expect(await status()).toBe(403);
    expect(await status('Bearer something-else-altogether')).toBe(403);
    expect(await status(`Basic ${token}`)).toBe(403);
    expect(await status(`Bearer ${token}`)).toBe(200);
  });
});

describe('the description of the API', () => {
  const read = async () => (await portal.client().get('/api/openapi.json')).body;

  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(await read());
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  test('tells of each route its inputs, answers and permission', async () => {
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

  test('has a page to read it, that needs no script', async () => {
    const { status, body, headers } = await portal.client().get('/api');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const path of Object.keys((await read()).paths)) expect(body).toContain(`<code>${path}</code>`);
    expect(body).toContain('Takes all kinds of input');
    expect(body).not.toMatch(/<script|<link|src=|https?:\/\//);
  });
});

test('starting tells how long each phase and plugin took', () => {
  const lines = portal.platform.report.render().split('\n');
  for (const phase of ['migrate', 'start', 'serve']) expect(lines.some((line) => line.trim().startsWith(phase))).toBe(true);
});

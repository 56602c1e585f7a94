import { request } from 'node:http';
import { jobFor, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lotte, none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const job = jobFor<any>();
const ok = z.object({ ok: z.boolean() });
/** Runs for hours, without a function that the database guard refuses to plugins, as it does `pg_sleep`. */
const endless = 'select count(*)::text from generate_series(1, 1000000) as one, generate_series(1, 1000000) as other';
/** What the handlers saw, in turn. */
const seen: string[] = [];
const until = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
const common = { summary: 'Takes long', permission: 'public' as const, responses: { 200: ok } };

const slow = plugin('slow', {
  tables: { kept: none },
  migrations: [sql('0001', 'create table kept (name text)')],
  routes: [
    route({
      ...common,
      method: 'POST',
      path: '/waits',
      timeoutMs: 600,
      handler: async ({ services: { knex }, request: { signal } }) => {
        await knex('kept').insert({ name: 'waits' });
        await until(signal);
        seen.push(`waits: ${signal.reason.title}`);
        await knex('kept')
          .insert({ name: 'late' })
          .catch(() => seen.push('waits: refused'));
        return { ok: true };
      },
    }),
    route({ ...common, method: 'POST', path: '/never', timeoutMs: 600, handler: () => new Promise(() => {}) }),
    route({
      ...common,
      method: 'POST',
      path: '/lingers',
      timeoutMs: 30_000,
      handler: async ({ request: { signal }, services: { knex } }) => {
        seen.push('lingers: begun');
        await until(signal);
        seen.push(`lingers: ${signal.reason.title}`);
        await knex('kept').insert({ name: 'lingers' });
        return { ok: true };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/reads',
      permission: 'signed-in',
      machines: { none: 'a test' },
      handler: async ({ request: { signal } }) => {
        seen.push('reads: begun');
        await until(signal);
        seen.push(`reads: ${signal.reason.title}`);
        return { ok: true };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/statement',
      timeoutMs: 800,
      handler: ({ services: { knex } }) => knex.raw(`insert into kept ${endless}`).then(() => ({ ok: true })),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/reading',
      permission: 'signed-in',
      machines: { none: 'a test' },
      timeoutMs: 800,
      handler: ({ services: { knex } }) => knex.raw(endless).then(() => ({ ok: true })),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/third',
      timeoutMs: 900,
      handler: () => new Promise((resolve) => setTimeout(resolve, 450, { ok: true })),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/brief',
      permission: 'signed-in',
      machines: { none: 'a test' },
      handler: async ({ services: { knex } }) => {
        seen.push('brief: begun');
        await knex.raw('select count(*) from generate_series(1, 800000)');
        return { ok: true };
      },
    }),
    route({ ...common, method: 'GET', path: '/quick', handler: () => ({ ok: true }) }),
  ],
  jobs: {
    hangs: job({
      payload: z.object({}),
      retries: 0,
      timeoutSeconds: 1,
      handler: async ({ services: { knex }, message: { signal } }) => {
        await knex('kept').insert({ name: 'job' });
        await until(signal);
        seen.push('job: aborted');
        return new Promise(() => {});
      },
    }),
  },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [slow], settings: { databaseConnections: 3 } });
});
afterAll(() => portal?.stop());

const post = (path: string) => portal.client().post(`/api/slow${path}`);
const told = (message: string) => portal.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === message);
const kept = () => portal.work('slow', ({ knex }) => knex('kept').pluck('name'));
const onServer = async () => (await portal.platform.home()).kind === 'postgresql';

describe('a route at its time limit', () => {
  test('newcomer 15: is aborted, rolled back, answered 503, and reported as slow', async () => {
    const { status, body, headers } = await post('/waits');
    expect([status, body.type, headers.get('retry-after')]).toEqual([503, '/problems/timeout', '30']);
    expect(body.detail).toContain('within 0.6 seconds');
    await expect.poll(() => seen).toEqual(expect.arrayContaining(['waits: Timed out', 'waits: refused']));
    expect(await kept()).toEqual([]);
    expect(told('slow')).toContainEqual(
      expect.objectContaining({
        plugin: 'slow',
        route: 'POST /api/slow/waits',
        limitMs: 600,
        over: true,
        ms: expect.any(Number),
      }),
    );
    expect((await portal.client().get('/metrics')).body).toContain(
      'ilearn_slow_requests_total{plugin="slow",route="POST /api/slow/waits"} 1',
    );
    expect(told('request failed')).toEqual([]);
  });

  test('releases its connection, every time', async () => {
    for (let time = 0; time < 8; time++) expect((await post('/never')).status).toBe(503);
    expect((await portal.client().get('/api/slow/quick')).status).toBe(200);
    expect(await kept()).toEqual([]);
  });

  test('has its statement cancelled on PostgreSQL, so that the server is free again', async () => {
    // PGlite runs a statement to its end, in this process: nothing can be told to it meanwhile.
    if (!(await onServer())) return;
    const client = await portal.signIn(lotte);
    for (let time = 0; time < 4; time++) expect((await post('/statement')).status).toBe(503);
    for (let time = 0; time < 4; time++) expect((await client.get('/api/slow/reading')).status).toBe(503);
    const { pool } = await portal.platform.home();
    const running = async () =>
      (
        await pool.query(
          `select count(*)::int as count from pg_stat_activity where datname = current_database() and state <> 'idle' and query like '%generate_series(1, 1000000)%' and pid <> pg_backend_pid()`,
        )
      ).rows[0].count;
    await expect.poll(running, { timeout: 20_000 }).toBe(0);
    expect((await portal.client().get('/api/slow/quick')).status).toBe(200);
    expect(await kept()).toEqual([]);
  });

  test('is reported as slow after a third of it, and still answers', async () => {
    expect((await portal.client().get('/api/slow/third')).status).toBe(200);
    expect(told('slow')).toContainEqual(expect.objectContaining({ route: 'GET /api/slow/third', limitMs: 900, over: false }));
    expect(told('slow').some(({ route }) => route === 'GET /api/slow/quick')).toBe(false);
  });
});

/** Asks, and goes away once the handler has begun. */
async function goAway(method: string, path: string, begun: string, cookie = '') {
  const { hostname, port } = new URL(portal.url);
  const outgoing = request({ hostname, port, path: `/api/slow${path}`, method, headers: cookie === '' ? {} : { cookie } });
  outgoing.on('error', () => {});
  outgoing.end();
  await expect.poll(() => seen, { timeout: 20_000, interval: 5 }).toContain(begun);
  outgoing.destroy();
}

describe('a client that disconnects', () => {
  test('aborts what is only read for it', async () => {
    const client = await portal.signIn(lotte);
    await goAway('GET', '/reads', 'reads: begun', `ilearn=${client.cookie('ilearn')}`);
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('reads: The client disconnected');
    await expect
      .poll(() => told('request').some(({ route, status }) => /reads/.test(route) && status === 499), { timeout: 20_000 })
      .toBe(true);
  });

  test('costs no connection if its statement ends soon', async () => {
    if (!(await onServer())) return;
    const client = await portal.signIn(lotte);
    const { pool } = await portal.platform.home();
    const backends = async () =>
      (await pool.query('select pid from pg_stat_activity where datname = current_database()')).rows.map(({ pid }) => pid);
    await client.get('/api/slow/brief');
    const before = await backends();
    for (let time = 0; time < 6; time++) {
      seen.length = 0;
      await goAway('GET', '/brief', 'brief: begun', `ilearn=${client.cookie('ilearn')}`);
    }
    expect((await client.get('/api/slow/brief')).status).toBe(200);
    expect(await backends()).toEqual(expect.arrayContaining(before));
  });

  test('does not abort what may change something: its handler is told, and continues', async () => {
    await goAway('POST', '/lingers', 'lingers: begun');
    await expect.poll(() => seen, { timeout: 20_000 }).toContain('lingers: The client disconnected');
    await expect.poll(kept, { timeout: 20_000 }).toEqual(['lingers']);
  });
});

test('a job at its time limit has failed, and is rolled back', async () => {
  const before = await kept();
  await portal.work('slow', ({ jobs }) => jobs.enqueue('hangs', {}));
  await expect
    .poll(async () => (await portal.client().get('/metrics')).body, { timeout: 30_000 })
    .toContain('ilearn_messages{state="failed"} 1');
  expect(seen).toContain('job: aborted');
  expect(await kept()).toEqual(before);
});

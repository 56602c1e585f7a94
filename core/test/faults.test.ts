import { routeFor } from '@ilearn/core';
import { createTestPlatform, openTestHome } from '@ilearn/core/testing';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Outage } from '../dist/context/unit.js';
import { openHome } from '../dist/database/homes/home.js';
import { losesConnection, outageOfDatabase } from '../dist/database/outages/outage.js';
import { spawnRedis } from '../scripts/redis.mjs';
import { monitor } from './support/command.js';
import { onPostgres } from './support/database.js';
import { none, plugin, sql } from './support/fixtures.js';
import { startFreezer } from './support/freezer.js';
import { portalOn, type TestHome } from './support/portal.js';
import { until } from './support/redis.js';

// What becomes of a portal while what it stands on fails.
const serverUrl = onPostgres();

/** SQLSTATE, what it says of the database, and whether the connection is lost with it. */
const table: [string, Outage, boolean][] = [
  ['08000', 'unreachable', true],
  ['08006', 'unreachable', true],
  ['08P01', 'unreachable', true],
  ['57P01', 'unreachable', true],
  ['57P02', 'unreachable', true],
  ['57P03', 'unreachable', true],
  ['57P04', 'unreachable', true],
  ['57P05', 'unreachable', true],
  ['25P04', 'unreachable', true],
  ['53000', 'crowded', false],
  ['53200', 'crowded', false],
  ['53300', 'crowded', false],
  ['53400', 'crowded', false],
  ['53100', 'full', false],
  ['58000', 'full', false],
  ['58030', 'full', false],
  ['XX001', 'full', false],
  ['XX002', 'full', false],
  ['25006', 'read-only', true],
  ['55P03', 'locked', false],
  ['57014', 'slow', false],
];

const thrown = (code: string, severity = 'ERROR'): Error =>
  Object.assign(new pg.DatabaseError('what it says', 1, 'error'), { code, severity });

describe('how an error of the database is classified', () => {
  test.each(table)('%s: %s', (code, outage, lost) => {
    expect([outageOfDatabase(thrown(code)), losesConnection(thrown(code))]).toEqual([outage, lost]);
  });

  test('with any other SQLSTATE, the database is not at fault, unless the connection ended', () => {
    const known = (code: string) => table.some(([each]) => each === code) || /^(08|57P|53|58)/.test(code) || code === '25P03';
    const digit = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    fc.assert(
      fc.property(fc.string({ unit: digit, minLength: 5, maxLength: 5 }), (code) => {
        fc.pre(!known(code));
        expect(outageOfDatabase(thrown(code))).toBe(null);
        expect(outageOfDatabase(thrown(code, 'FATAL'))).toBe('unreachable');
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'CERT_HAS_EXPIRED',
  ])('%s of the driver means unreachable', (code) => {
    expect(outageOfDatabase(Object.assign(new Error('connect'), { code }))).toBe('unreachable');
  });

  test('a change refused in a read-only unit is the plugin’s fault, as is a transaction that was idle for too long', () => {
    expect(outageOfDatabase(thrown('25006'), { readOnly: true })).toBe(null);
    expect([outageOfDatabase(thrown('25P03', 'FATAL')), losesConnection(thrown('25P03', 'FATAL'))]).toEqual([null, true]);
  });
});

const route = routeFor<any>();
const failing = plugin('failing', {
  tables: { rows: none },
  migrations: [
    sql(
      '0001',
      `create table rows (id int);
       create function fail(state text) returns void language plpgsql set search_path = failing as $$
         begin raise exception 'what it says' using errcode = state; end $$`,
    ),
  ],
  routes: [
    route({
      method: 'POST',
      path: '/fail',
      summary: 'Fails as it is told',
      permission: 'public',
      body: z.object({ state: z.string(), hide: z.boolean().default(false) }),
      responses: { 200: z.object({}) },
      handler: async ({ body, services: { knex } }) => {
        await knex('rows').insert({ id: 1 });
        try {
          await knex.raw('select failing.fail(?)', [body.state]);
        } catch (error) {
          if (!body.hide) throw error;
          throw new Error('something else');
        }
        return {};
      },
    }),
    route({
      method: 'POST',
      path: '/slow',
      summary: 'Counts for long',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async ({ services: { knex } }) => {
        await knex.raw('select count(*) from generate_series(1, 3000000000)');
        return {};
      },
    }),
    route({
      method: 'GET',
      path: '/rows',
      summary: 'Reads',
      permission: 'public',
      responses: { 200: z.object({ rows: z.number() }) },
      handler: async ({ services: { knex } }) => ({ rows: (await knex('rows')).length }),
    }),
  ],
});

describe('operator 11: the database fails', () => {
  test('is answered with 503 and Retry-After, logged in one line that names the database, and takes no plugin out of service', async () => {
    const portal = await createTestPlatform({ plugins: [failing] });
    try {
      for (const [state, outage] of table) {
        // An error of this class in a message of the server; whether the connection goes is the server's affair.
        const type = outage === 'locked' || outage === 'slow' ? 'database-busy' : 'database-unavailable';
        for (const hide of [false, true]) {
          const { status, body, headers } = await portal.client().post('/api/failing/fail', { state, hide });
          expect([state, status, body.type]).toEqual([state, 503, `/problems/${type}`]);
          expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        }
      }
      const told = portal.log.map((line) => JSON.parse(line));
      const fails = told.filter(({ msg }) => msg === 'the database fails').map(({ database }) => database);
      expect(fails.sort()).toEqual([...new Set(table.map(([, outage]) => outage))].sort());
      expect(told.filter(({ msg }) => ['request failed', 'out of service', 'handler failed'].includes(msg))).toEqual([]);
      expect(portal.log.join('')).not.toContain('Fix the plugin');
      expect((await portal.client().get('/api/failing/rows')).body).toEqual({ rows: 0 });
      // What is a plugin's fault stays one.
      expect((await portal.client().post('/api/failing/fail', { state: '42P01' })).status).toBe(500);
      expect(portal.log.join('')).toContain('Fix the plugin');
    } finally {
      await portal.stop();
    }
    const ends = portal.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'the database works again');
    expect(ends.reduce((sum, { failures }) => sum + failures, 0)).toBe(table.length * 2);
  });

  test('a statement that takes too long is cancelled by the database, after the configured time', async () => {
    const home = await openTestHome();
    const limits = { usual: { lockMs: 2_000, statementMs: 1_000, idleMs: 60_000 }, jobs: null };
    const other: TestHome = { ...(await openHome({ url: `${home.url}`, connections: 3, limits })), url: home.url };
    const portal = portalOn(other, [failing]);
    try {
      const port = await portal.start();
      const answer = await fetch(`http://127.0.0.1:${port}/api/failing/slow`, { method: 'POST' });
      expect([answer.status, ((await answer.json()) as any).type]).toEqual([503, '/problems/database-busy']);
    } finally {
      await portal.stop();
      await other.close();
      await home.close();
    }
  });

  test('over the network: refused, lost and back, with one log line at the start and one at the end', async () => {
    const home = await openTestHome();
    const freezer = await startFreezer(`${home.url}`);
    const log: string[] = [];
    const other: TestHome = { ...(await openHome({ url: freezer.url, connections: 3 })), url: freezer.url };
    const portal = portalOn(other, [failing], { log });
    try {
      const port = await portal.start();
      const read = async () => (await fetch(`http://127.0.0.1:${port}/api/failing/rows`)).status;
      expect(await read()).toBe(200);
      freezer.stop();
      for (let call = 0; call < 30; call++) expect(await read()).toBe(503);
      const told = log.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
      expect(told.map(({ msg, database }) => [msg, database])).toEqual([['the database fails', 'unreachable']]);
    } finally {
      await portal.stop();
      await other.close();
      await home.close();
    }
  });
});

describe('operator 9: whatever hangs, the operator gets an answer', () => {
  const quick = 2_000;

  /** Status, body and whether each came in time, of what balancers and operators ask. */
  async function look(port: number) {
    const ask = async (path: string) => {
      const began = performance.now();
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: monitor, signal: AbortSignal.timeout(8_000) });
      const text = await answer.text();
      return { status: answer.status, text, inTime: performance.now() - began < quick };
    };
    const [ready, live, metrics] = await Promise.all(['/health/ready', '/health/live', '/metrics'].map(ask));
    return { ready: ready as NonNullable<typeof ready>, all: [ready, live, metrics].map((each) => each?.inTime), metrics };
  }

  test('if the database hangs, the pool is exhausted, a table is locked, or Redis hangs or is gone', async () => {
    const home = await openTestHome();
    const redis = await spawnRedis();
    const [database, queue] = [await startFreezer(`${home.url}`), await startFreezer(redis.url)];
    const other: TestHome = { ...(await openHome({ url: database.url, connections: 3 })), url: database.url };
    const portal = portalOn(other, [failing], {
      settings: { redisUrl: queue.url, metricsToken: monitor.authorization.slice(7) },
    });
    const held: pg.PoolClient[] = [];
    try {
      const port = await portal.start();
      await until('Redis answers', async () => (await look(port)).ready.text.includes('"queue":"reachable"'));

      queue.freeze();
      const hung = await look(port);
      expect([hung.ready.status, hung.all]).toEqual([200, [true, true, true]]);
      expect(JSON.parse(hung.ready.text)).toMatchObject({ queue: 'unreachable' });
      queue.thaw();

      const locker = await home.pool.connect();
      await locker.query('begin; lock table failing.rows; lock table kernel.messages; lock table kernel.plugin_states');
      const locked = await look(port);
      expect([locked.ready.status, locked.all]).toEqual([200, [true, true, true]]);
      await locker.query('rollback');
      locker.release();

      await until('its connections are free', () => other.pool.waitingCount === 0, 20);
      for (let each = 0; each < 3; each++) held.push(await other.pool.connect());
      const waiting = fetch(`http://127.0.0.1:${port}/api/failing/rows`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const full = await look(port);
      expect([full.ready.status, full.all]).toEqual([200, [true, true, true]]);
      expect(JSON.parse(full.ready.text)).toMatchObject({ connections: 'all in use' });
      for (const client of held.splice(0)) client.release();
      expect((await waiting).status).toBe(200);

      database.freeze();
      // One late answer takes nobody out; seconds without any do.
      let frozen = await look(port);
      expect(frozen.all).toEqual([true, true, true]);
      await until('it is not ready', async () => {
        frozen = await look(port);
        expect(frozen.all).toEqual([true, true, true]);
        return frozen.ready.status === 503;
      });
      expect(JSON.parse(frozen.ready.text)).toMatchObject({ database: 'hangs' });
      database.thaw();
      await until('it is ready again', async () => (await look(port)).ready.status === 200, 30);

      queue.stop();
      const gone = await look(port);
      expect([gone.ready.status, gone.all]).toEqual([200, [true, true, true]]);
    } finally {
      for (const client of held) client.release();
      database.thaw();
      await portal.stop();
      await other.close();
      queue.stop();
      database.stop();
      await redis.stop();
      await home.close();
    }
  });

  test('if a handler uses the one connection of the embedded database', async () => {
    process.env['ILEARN_TEST_POSTGRES'] = '';
    const portal = await createTestPlatform({ plugins: [failing], settings: { metricsToken: monitor.authorization.slice(7) } });
    process.env['ILEARN_TEST_POSTGRES'] = serverUrl();
    let end = () => {};
    const held = portal.work('failing', async ({ knex }) => {
      await knex('rows');
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { ready, all } = await look(Number(new URL(portal.url).port));
      expect([ready.status, all]).toEqual([200, [true, true, true]]);
      expect(JSON.parse(ready.text)).toMatchObject({ database: 'busy' });
    } finally {
      end();
      await held;
      await portal.stop();
    }
  });
});

test('a portal stops in bounded time even if its database hangs', async () => {
  const home = await openTestHome();
  const freezer = await startFreezer(`${home.url}`);
  const other: TestHome = { ...(await openHome({ url: freezer.url, connections: 3 })), url: freezer.url };
  const client = await other.pool.connect();
  freezer.freeze();
  const began = performance.now();
  await other.close();
  expect(performance.now() - began).toBeLessThan(30_000);
  client.release(true);
  freezer.stop();
  await home.close();
});

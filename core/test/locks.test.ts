import { nothing, routeFor } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openHome } from '../dist/database/homes/home.js';
import { onPostgres } from './support/database.js';
import { none, plugin, sql } from './support/fixtures.js';
import { portalOn, type TestHome } from './support/portal.js';

onPostgres();

const route = routeFor<any>();
const reads = (path: string, name: string) =>
  route({
    method: 'GET',
    path,
    summary: `Reads ${name}`,
    permission: 'public',
    responses: { 200: z.object({}) },
    handler: async ({ services: { knex } }) => {
      await knex(name).limit(1);
      return {};
    },
  });
const paths = plugin('paths', {
  tables: { paths: none, notes: none },
  migrations: [sql('0001', 'create table paths (id int); create table notes (id int)')],
  routes: [
    reads('/list', 'paths'),
    reads('/board', 'paths'),
    reads('/notes', 'notes'),
    route({
      method: 'POST',
      path: '/paths',
      summary: 'Adds one',
      permission: 'public',
      body: z.object({ id: z.int() }),
      responses: { 204: nothing('Added') },
      handler: async ({ body, services: { knex } }) => {
        await knex('paths').insert(body);
      },
    }),
  ],
});

test('operator 12: while one table is locked, requests that need other tables are answered', async () => {
  const home = await openTestHome();
  const other: TestHome = { ...(await openHome({ url: `${home.url}`, connections: 10 })), url: home.url };
  const portal = portalOn(other, [paths]);
  const outcomes = new Map<string, number[]>();
  const slowest = new Map<string, number>();
  const told: number[] = [];
  const refusals: string[] = [];
  const under: Promise<void>[] = [];
  let sent = 0;
  try {
    const port = await portal.start();
    const send = async (method: 'GET' | 'POST', path: string) => {
      const id = sent++;
      const body = method === 'POST' ? { body: JSON.stringify({ id }), headers: { 'content-type': 'application/json' } } : {};
      const began = performance.now();
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...body });
      const text = await answer.text();
      if (path === '/api/paths/notes' && answer.status !== 200) refusals.push(text);
      outcomes.set(path, [...(outcomes.get(path) ?? []), answer.status]);
      slowest.set(path, Math.max(slowest.get(path) ?? 0, performance.now() - began));
      if (answer.status === 204) told.push(id);
    };
    const locker = await home.pool.connect();
    await locker.query('begin; lock table paths.paths');
    // 40 a second, three of four on what is locked.
    const calls = [
      ['GET', '/api/paths/list'],
      ['POST', '/api/paths/paths'],
      ['GET', '/api/paths/board'],
      ['GET', '/api/paths/notes'],
    ] as const;
    for (let round = 0; round < 80; round++) {
      for (const [method, path] of calls) under.push(send(method, path));
      if (round % 10 === 0) under.push(send('GET', '/api/kernel/session'), send('GET', '/health/ready'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await locker.query('rollback');
    locker.release();
    await Promise.all(under);
    expect(refusals).toEqual([]);
    const statuses = (path: string) => [...new Set(outcomes.get(path))].sort();
    expect([statuses('/api/paths/notes'), statuses('/api/kernel/session'), statuses('/health/ready')]).toEqual([
      [200],
      [200],
      [200],
    ]);
    // Each waited for its lock, or its connection, no longer than it may.
    expect(slowest.get('/api/paths/notes')).toBeLessThan(10_000);
    for (const [, path] of calls) expect(statuses(path).filter((status) => ![200, 204, 503].includes(status))).toEqual([]);
    expect(outcomes.get('/api/paths/paths')).toContain(503);
    // Told is stored, and nothing else is.
    const { rows } = await home.pool.query('select id from paths.paths order by id');
    expect(rows.map(({ id }) => id)).toEqual(told.sort((a, b) => a - b));
    await send('POST', '/api/paths/paths');
    expect(outcomes.get('/api/paths/paths')?.at(-1)).toBe(204);
  } finally {
    await Promise.allSettled(under);
    await portal.stop();
    await other.close();
    await home.close();
  }
});

test('a job waits longer for a lock than a request', async () => {
  const home = await openTestHome();
  const other: TestHome = { ...(await openHome({ url: `${home.url}`, connections: 5 })), url: home.url };
  const portal = portalOn(other, [paths]);
  try {
    await portal.start();
    const shown = await portal.work(
      'paths',
      async ({ knex }) => (await knex.raw(`select current_setting('lock_timeout') as it`)).rows[0].it,
    );
    expect(shown).toBe('10s');
    expect((await other.pool.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '2s' }]);
  } finally {
    await portal.stop();
    await other.close();
    await home.close();
  }
});

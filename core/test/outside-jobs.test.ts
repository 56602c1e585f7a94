import { connect } from 'node:net';
import { jobFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';
import { column, portalOn, type TestHome } from './support/portal.js';
import { until } from './support/redis.js';
import { type SilentServer, startSilentServer } from './support/silent-server.js';

const job = jobFor<any>();
const letter = z.object({ to: z.string() });
let silent: SilentServer;

/** What the calls below saw, and what holds them up. */
const calls: { id: string; attempt: number; to: string }[] = [];
let atOnce = 0;
let mostAtOnce = 0;
let aborted = 0;
let gate: Promise<void> | null = null;
let open = () => {};
const close = () => {
  gate = new Promise((resolve) => {
    open = resolve;
  });
};
/** Fails the next so many calls, or records. */
let failing = 0;
let failingRecords = 0;

/** Waits for the other side's greeting, as whoever sends mail does. */
const greeting = (port: number, signal: AbortSignal) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (data) => resolve(`${data}`)).once('error', reject);
    signal.addEventListener('abort', () => socket.destroy(signal.reason));
  });

const mailer = plugin('mailer', {
  privileges: ['queues'],
  tables: { effects: none },
  migrations: [sql('0001', 'create table effects (id uuid, text text)')],
  jobs: {
    send: job({
      payload: letter,
      retries: 3,
      backoff: 0,
      outside: {
        atOnce: 3,
        call: async ({ payload: { to }, message: { id, attempt, signal, progress }, read }) => {
          calls.push({ id, attempt, to });
          mostAtOnce = Math.max(mostAtOnce, ++atOnce);
          signal.addEventListener('abort', () => aborted++);
          progress(0.5);
          const before = await read(({ knex }) => knex('effects').pluck('text'));
          try {
            await Promise.race([gate, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))]);
          } finally {
            atOnce--;
          }
          if (failing-- > 0) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
          return { sent: `${to} after ${(before as string[]).length}` };
        },
      },
      handler: async ({ result, services: { knex }, message: { id } }) => {
        await knex('effects').insert({ id, text: result.sent });
        if (failingRecords-- > 0) throw new Error('not recorded');
      },
    }),
    mail: job({
      payload: z.object({ port: z.int() }),
      retries: 0,
      outside: { seconds: 3, call: ({ payload: { port }, message: { signal } }) => greeting(port, signal) },
      handler: ({ services: { knex }, message: { id } }) => knex('effects').insert({ id, text: 'greeted' }),
    }),
    early: job({
      payload: z.object({}),
      retries: 0,
      outside: { call: ({ read }) => read(({ knex }) => knex('effects').insert({ text: 'early' })) },
      handler: () => {},
    }),
    plain: job({
      payload: letter,
      handler: ({ payload, services: { knex }, message: { id } }) => knex('effects').insert({ id, text: payload.to }),
    }),
  },
});

let portal: TestPlatform;
beforeAll(async () => {
  silent = await startSilentServer();
  portal = await createTestPlatform({ plugins: [mailer] });
});
afterAll(async () => {
  open();
  await portal?.stop();
  await silent?.stop();
});
beforeEach(async () => {
  Object.assign(calls, { length: 0 });
  [mostAtOnce, aborted, failing, failingRecords, gate] = [0, 0, 0, 0, null];
  await portal.work('mailer', ({ knex }) => knex('effects').delete());
});
afterEach(() => open());

const enqueue = (name: string, payload: unknown, options?: object): Promise<string> =>
  portal.work('mailer', ({ jobs }) => jobs.enqueue(name, payload, options));
const effects = (): Promise<string[]> => portal.work('mailer', ({ knex }) => knex('effects').pluck('text').orderBy('text'));
const status = (id: string) => portal.work('mailer', ({ jobs }) => jobs.status(id));
const counts = () => portal.work('mailer', ({ queues }) => queues.counts());

test('newcomer 1: jobs that call a server which never answers do not affect pages, the database or other jobs', async () => {
  const { pool } = await portal.platform.home();
  for (let each = 0; each < 6; each++) await enqueue('mail', { port: silent.port });
  await until('as many as may do so wait for the greeting', () => silent.open === 4);
  expect(await counts()).toMatchObject({ running: 4, waiting: 2 });
  await until('no connection is held', () => pool.totalCount - pool.idleCount + pool.waitingCount === 0);

  // While they hang: a page, and a job beside them.
  expect((await portal.client().get('/api/kernel/session')).status).toBe(200);
  await enqueue('plain', { to: 'lien' });
  await until('it is done', async () => (await effects()).includes('lien'), 20);
  expect(silent.open).toBeGreaterThan(0);
  await portal.drain();
  expect(await effects()).toEqual(['lien']);
  expect(await counts()).toMatchObject({ failed: 6, running: 0 });
  const failed = await portal.work('mailer', ({ queues }) => queues.messages('failed'));
  expect(failed[0]).toMatchObject({ name: 'mail', failure: 'TimeoutError' });
  await portal.platform.runner.run({}, ({ unit }) => unit.kernel('delete from kernel.messages'));
});

describe('a job that calls another service', () => {
  test('reads before, calls without a unit of work, and records the result', async () => {
    const id = await enqueue('send', { to: 'lien' });
    await portal.drain();
    expect(await effects()).toEqual(['lien after 0']);
    expect(calls).toEqual([{ id, attempt: 1, to: 'lien' }]);
    expect(await status(id)).toBeNull();
  });

  test('is called with the same id at each try, and recorded once', async () => {
    failing = 2;
    const id = await enqueue('send', { to: 'lien' });
    await portal.drain();
    expect(calls.map(({ id, attempt }) => [id, attempt])).toEqual([1, 2, 3].map((attempt) => [id, attempt]));
    expect(await effects()).toEqual(['lien after 0']);
  });

  test('is called again if recording failed, and nothing of the first record stays', async () => {
    failingRecords = 1;
    const id = await enqueue('send', { to: 'lien' });
    await portal.drain();
    expect(calls.map(({ id }) => id)).toEqual([id, id]);
    expect(await effects()).toEqual(['lien after 0']);
  });

  test('fails as a job without taking its plugin out of service while that service is unreachable', async () => {
    failing = 1_000;
    for (let each = 0; each < 8; each++) await enqueue('send', { to: 'lien' });
    await portal.drain();
    expect(calls.length).toBe(32);
    expect(portal.platform.gate.states()['mailer']).toMatchObject({ state: 'started' });
    expect(await counts()).toMatchObject({ failed: 8 });
    failing = 0;
    // Tried anew by an operator, under the same ids.
    const before = new Set(calls.map(({ id }) => id));
    await portal.work('mailer', ({ queues }) => queues.retryAll());
    await portal.drain();
    expect(new Set(calls.map(({ id }) => id))).toEqual(before);
    expect(await effects()).toHaveLength(8);
  });

  test('shows as running, with its progress, and leaves its unique key free', async () => {
    close();
    const id = await enqueue('send', { to: 'lien' }, { uniqueKey: 'one' });
    await until('it calls', () => atOnce === 1);
    await until('its progress shows', async () => (await status(id))?.progress === 0.5);
    expect(await status(id)).toEqual({ state: 'running', failures: 0, progress: 0.5 });
    expect(await counts()).toMatchObject({ running: 1 });
    expect(await portal.work('mailer', ({ queues }) => queues.messages('running'))).toMatchObject([{ id, progress: 0.5 }]);
    const second = await enqueue('send', { to: 'bart' }, { uniqueKey: 'one' });
    expect(second).not.toBe(id);
    open();
    await portal.drain();
    expect(await effects()).toHaveLength(2);
  });

  test('runs at most as often concurrently as it declares', async () => {
    close();
    await portal.work('mailer', ({ jobs }) =>
      Promise.all(Array.from({ length: 8 }, (_, each) => jobs.enqueue('send', { to: `${each}` }))),
    );
    await until('three call', () => atOnce === 3);
    await enqueue('plain', { to: 'beside them' });
    await until('another job is done', async () => (await effects()).includes('beside them'));
    expect(await counts()).toMatchObject({ running: 3, waiting: 5 });
    open();
    await portal.drain();
    expect([mostAtOnce, calls.length]).toEqual([3, 8]);
    expect(await effects()).toHaveLength(9);
  });

  test('is told to stop when it is cancelled, and is not recorded', async () => {
    close();
    const id = await enqueue('send', { to: 'lien' });
    await until('it calls', () => atOnce === 1);
    expect(await portal.work('mailer', ({ jobs }) => jobs.cancel(id))).toBe(true);
    await until('it is told', () => aborted === 1);
    await until('it has ended', () => atOnce === 0);
    await portal.drain();
    expect([await effects(), await status(id), calls.length]).toEqual([[], null, 1]);
  });

  test('is not affected by a cancellation that is rolled back', async () => {
    close();
    const id = await enqueue('send', { to: 'lien' });
    await until('it calls', () => atOnce === 1);
    const undone = portal.work('mailer', async ({ jobs }) => {
      await jobs.cancel(id);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    open();
    await portal.drain();
    expect([await effects(), aborted]).toEqual([['lien after 0'], 0]);
  });

  test('cannot change anything before it records: PostgreSQL refuses it', async () => {
    await enqueue('early', {});
    await portal.drain();
    expect(await effects()).toEqual([]);
    await portal.platform.runner.run({}, ({ unit }) => unit.kernel('delete from kernel.messages'));
  });
});

describe('over a restart', () => {
  let home: TestHome;
  beforeAll(async () => {
    home = await openTestHome();
  });
  afterAll(() => home?.close());
  const log: string[] = [];
  const begin = async () => {
    const platform = portalOn(home, [mailer], { log });
    await platform.start();
    return platform;
  };
  const done = () => column(home, 'select text from mailer.effects order by text');

  test('it is told to stop, does not count as failed, and continues after the next start', async () => {
    const first = await begin();
    close();
    const id = await first.work('mailer', ({ jobs }) => jobs.enqueue('send', { to: 'lien' }));
    await until('it calls', () => atOnce === 1);
    await first.stop();
    expect(aborted).toBe(1);
    expect(await column(home, 'select attempts from kernel.messages where lease is null and taken_at is null')).toEqual([0]);
    open();
    gate = null;
    const second = await begin();
    await until('it is done', async () => (await done()).length === 1);
    await second.stop();
    expect(calls.map((call) => call.id)).toEqual([id, id]);
  });

  test('a worker whose lease expired and was taken over is told to stop and records nothing', async () => {
    await home.pool.query('delete from mailer.effects');
    const portal = await begin();
    close();
    const id = await portal.work('mailer', ({ jobs }) => jobs.enqueue('send', { to: 'lien' }));
    await until('it calls', () => atOnce === 1);
    // As it is after a process slept past its lease.
    await home.pool.query(
      `update kernel.messages set lease = gen_random_uuid(), leased_until = now() - interval '1 second', taken_at = now() - interval '1 minute'`,
    );
    await until('it was called again', () => calls.length === 2, 30);
    await until('the first was told', () => aborted === 1, 20);
    open();
    await until('it is done', async () => (await done()).length > 0);
    await until('nothing is left', async () => (await column(home, 'select id from kernel.messages')).length === 0);
    await portal.stop();
    expect(await done()).toEqual(['lien after 0']);
    expect(calls.map((call) => call.id)).toEqual([id, id]);
  });

  test('a lease is renewed for as long as the call lasts', async () => {
    await home.pool.query('delete from mailer.effects');
    const before = log.filter((line) => line.includes('handed to the job engine again')).length;
    const portal = await begin();
    close();
    await portal.work('mailer', ({ jobs }) => jobs.enqueue('send', { to: 'lien' }));
    await until('it calls', () => atOnce === 1);
    await home.pool.query(
      `update kernel.messages set leased_until = now() + interval '8 seconds', taken_at = now() - interval '1 minute'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(await column(home, 'select leased_until > now() from kernel.messages')).toEqual([true]);
    open();
    await until('it is done', async () => (await done()).length > 0);
    await portal.stop();
    expect(log.filter((line) => line.includes('handed to the job engine again'))).toHaveLength(before);
    expect(calls).toHaveLength(1);
  });
});

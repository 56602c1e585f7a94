import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openHome } from '../dist/database/homes/home.js';
import { MOST_BEHIND_MS, Replica } from '../dist/database/homes/replica.js';
import { writtenTo } from '../dist/database/homes/replica-place.js';
import { jobLimits, requestLimits } from '../dist/database/homes/session-settings.js';
import { PostgresServer } from '../scripts/postgres.mjs';
import { plugin } from './support/fixtures.js';

const school = '00000000-0000-4000-8000-00000000000a';
const other = '00000000-0000-4000-8000-00000000000b';
const ann = '00000000-0000-4000-8000-0000000000a1';
const bob = '00000000-0000-4000-8000-0000000000b1';

class Notes {
  constructor(private readonly parts: any) {}
  add(text: string) {
    const [tenant] = this.parts.principal.tenants;
    return this.parts.knex('notes').insert({ school_id: tenant, text });
  }
  texts(): Promise<string[]> {
    return this.parts.knex('notes').pluck('text').orderBy('text');
  }
}

const read = (path: string, more: object) => ({
  method: 'GET' as const,
  path,
  summary: 'Texts of the notes',
  permission: 'note:read',
  machines: { none: 'a test' },
  responses: { 200: z.array(z.string()) },
  handler: ({ services }: any) => services.notes.texts(),
  ...more,
});

const notes = plugin('notes', {
  permissions: { 'note:read': ['teacher'] },
  tables: { notes: { tenant: 'school_id' } },
  migrations: [
    {
      name: '0001_notes',
      up: 'create table notes (id serial, school_id uuid not null, text text not null)',
      down: 'drop table notes',
    },
  ],
  services: { notes: Notes },
  routes: [
    read('/notes', { mayLag: true }),
    read('/current-notes', {}),
    {
      method: 'POST',
      path: '/notes',
      summary: 'Add a note',
      permission: 'note:read',
      machines: { none: 'a test' },
      body: z.object({ text: z.string() }),
      responses: { 204: { description: 'Added' } },
      handler: ({ body, services }: any) => services.notes.add(body.text).then(() => undefined),
    },
    {
      method: 'POST',
      path: '/doubtful-notes',
      summary: 'Add a note, and answer with a problem',
      permission: 'note:read',
      machines: { none: 'a test' },
      body: z.object({ text: z.string() }),
      responses: { 204: { description: 'Added' } },
      handler: async ({ body, services }: any) => {
        await services.notes.add(body.text);
        return new Problem({ type: 'doubtful', status: 409, title: 'Stored, with a doubt' });
      },
    },
  ],
} as any);

let primary: PostgresServer;
let copy: PostgresServer;
let migrated: TestPlatform;
let portal: TestPlatform;
let writer: TestClient;
let reader: TestClient;
let onReplica: pg.Client;
let replicaUrl: string;

beforeAll(async () => {
  const settings = ['fsync=off', 'max_connections=60', 'wal_keep_size=64MB'];
  primary = await PostgresServer.create(settings);
  await primary.start();
  vi.stubEnv('ILEARN_TEST_POSTGRES', primary.url);
  migrated = await createTestPlatform({ plugins: [notes] });
  copy = await primary.copy('standby', settings);
  await copy.start();
  const replica = new URL(String((await migrated.platform.home()).pool.options.connectionString));
  replica.port = `${copy.port}`;
  replicaUrl = replica.href;
  portal = await createTestPlatform({ plugins: [notes], beside: migrated, settings: { readDatabaseUrl: replica.href } });
  await portal.grant(ann, [{ tenant: school, role: 'teacher' }]);
  await portal.grant(bob, [{ tenant: other, role: 'teacher' }]);
  writer = await portal.signIn(ann, 'Ann');
  reader = await portal.signIn(ann, 'Ann');
  onReplica = new pg.Client({ connectionString: replica.href });
  onReplica.on('error', () => {});
  await onReplica.connect();
}, 120_000);

afterAll(async () => {
  await onReplica?.end().catch(() => {});
  await portal?.stop();
  await migrated?.stop();
  await copy?.remove();
  await primary?.remove();
  vi.unstubAllEnvs();
});

const texts = async (client: TestClient, path = '/api/notes/notes'): Promise<string[]> => {
  const { status, body } = await client.get(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const add = async (text: string) => expect((await writer.post('/api/notes/notes', { text })).status).toBe(204);
const state = async () => (await portal.client().get('/health/ready')).body.replica;
const used = () => vi.waitFor(async () => expect(await state()).toBe('used'), { timeout: 15_000, interval: 100 });
/** Until the replica shows it: the browser that changed nothing reads there. */
const seen = (text: string) =>
  vi.waitFor(async () => expect(await texts(reader)).toContain(text), { timeout: 10_000, interval: 100 });

describe('a replica', { timeout: 90_000 }, () => {
  // A test that fails leaves it paused.
  afterEach(() => onReplica.query('select pg_wal_replay_resume()').catch(() => {}));

  test('is read by routes that may lag, but not by the browser that has just changed something, nor by other routes', async () => {
    await used();
    await add('first');
    await seen('first');
    await onReplica.query('select pg_wal_replay_pause()');
    await add('second');
    expect(await texts(reader)).toEqual(['first']);
    expect(await texts(reader, '/api/notes/current-notes')).toEqual(['first', 'second']);
    expect(await texts(writer)).toEqual(['first', 'second']);
    // A copy that stays behind is left before it is older than promised.
    const began = performance.now();
    await seen('second');
    expect(performance.now() - began).toBeLessThan(MOST_BEHIND_MS + 1_000);
    expect(await state()).toBe('behind');
    await vi.waitFor(() => expect(portal.log.filter((line) => line.includes('the replica is not read'))).toHaveLength(1));
    await onReplica.query('select pg_wal_replay_resume()');
    await used();
  });

  test('keeps schools apart, as the primary server does', async () => {
    const stranger = await portal.signIn(bob, 'Bob');
    const { pool } = await migrated.platform.home();
    await used();
    expect(await texts(stranger)).toEqual([]);
    await onReplica.query('select pg_wal_replay_pause()');
    await pool.query(`insert into notes.notes (school_id, text) values ($1, 'theirs')`, [other]);
    // Without it: the replica answered.
    expect(await texts(stranger)).toEqual([]);
    expect(await texts(reader)).toEqual(['first', 'second']);
    await onReplica.query('select pg_wal_replay_resume()');
    await vi.waitFor(async () => expect(await texts(stranger)).toEqual(['theirs']), { timeout: 10_000, interval: 100 });
    expect(await texts(reader)).toEqual(['first', 'second']);
  });

  test('does not know a session longer than the primary server does', async () => {
    await used();
    const leaver = await portal.signIn(ann, 'Ann');
    await pause(MOST_BEHIND_MS / 3);
    expect(await texts(leaver)).toEqual(['first', 'second']);
    await onReplica.query('select pg_wal_replay_pause()');
    await (await migrated.platform.home()).pool.query('delete from kernel.sessions where person_id = $1', [ann]);
    expect((await leaver.get('/api/notes/notes')).status).toBe(401);
    await onReplica.query('select pg_wal_replay_resume()');
    reader = await portal.signIn(ann, 'Ann');
    writer = await portal.signIn(ann, 'Ann');
  });

  test('is not read by whoever changed something, for a second longer than it may be behind', async () => {
    const mark = `ilearn-changed=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MOST_BEHIND_MS / 1_000 + 1}`;
    const changed = await reader.post('/api/notes/notes', { text: 'fourth' });
    expect(changed.headers.getSetCookie()).toEqual([mark]);
    // The problem was returned, so that the note is stored.
    const doubtful = await reader.post('/api/notes/doubtful-notes', { text: 'fifth' });
    expect([doubtful.status, doubtful.headers.getSetCookie()]).toEqual([409, [mark]]);
    expect(await texts(reader)).toEqual(['fifth', 'first', 'fourth', 'second']);
    await (await migrated.platform.home()).pool.query(`delete from notes.notes where text in ('fourth', 'fifth')`);
    reader = await portal.signIn(ann, 'Ann');
    await vi.waitFor(async () => expect(await texts(reader)).toEqual(['first', 'second']), { timeout: 10_000, interval: 100 });
  });

  test('is not read if it is of another database, or of a history that was given up', async () => {
    const home = await migrated.platform.home();
    const limits = { usual: requestLimits, jobs: jobLimits };
    /** The states of a replica, one after the other, beside a primary server. */
    const compared = async (url: string, primaryAsk: typeof home.ask, expected: string[]) => {
      const states: string[] = [];
      const compares = new Replica({ url, connections: 2, limits, primary: primaryAsk, changed: (now) => states.push(now) });
      compares.start();
      await vi.waitFor(() => expect(states).toEqual(expected), { timeout: 15_000, interval: 50 });
      await pause(1_200);
      expect(states).toEqual(expected);
      await compares.close();
    };
    await used();
    const elsewhere = new URL(replicaUrl);
    elsewhere.pathname = '/postgres';
    await compared(elsewhere.href, home.ask, ['another']);
    // The primary server itself.
    await compared(String(home.pool.options.connectionString), home.ask, ['another']);

    // A standby that is promoted begins another timeline, as a restored server does.
    const restored = await primary.copy('standby', ['fsync=off', 'max_connections=60']);
    try {
      await restored.start();
      const url = new URL(replicaUrl);
      url.port = `${restored.port}`;
      const restoredHome = await openHome({ url: url.href, connections: 2 });
      await restoredHome.pool.query('select pg_promote()');
      await compared(replicaUrl, restoredHome.ask, ['another']);
      // It has written more than the replica has applied.
      await restoredHome.pool.query('select pg_switch_wal()');
      await restoredHome.pool.query('checkpoint');
      await compared(replicaUrl, restoredHome.ask, ['another']);
      await restoredHome.close();
    } finally {
      await restored.remove();
    }

    // A primary server that was put back to an earlier state without another timeline, and then wrote more than the replica has applied.
    let before: unknown[] | null = await home.ask(writtenTo, [], 1_000);
    await add('later');
    await seen('later');
    const ask = async (...given: Parameters<typeof home.ask>) => {
      const answer = before ?? (await home.ask(...given));
      before = null;
      return answer as never;
    };
    await compared(replicaUrl, ask, ['another']);
    await home.pool.query(`delete from notes.notes where text = 'later'`);
  });

  test('that freezes in the middle of a statement is left, and the primary server answers', async () => {
    await used();
    expect(await texts(reader)).toEqual(['first', 'second']);
    const { rows } = await onReplica.query(
      `select pid from pg_stat_activity where application_name like 'ilearn%' and pid <> pg_backend_pid()`,
    );
    const pids = rows.map(({ pid }) => pid as number);
    expect(pids.length).toBeGreaterThan(1);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const began = performance.now();
      expect(await texts(reader)).toEqual(['first', 'second']);
      const ms = performance.now() - began;
      expect(ms).toBeGreaterThan(500);
      expect(ms).toBeLessThan(MOST_BEHIND_MS + 2_500);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  });

  test('that takes no connections or goes away delays requests for a moment, and none fails', async () => {
    await used();
    process.kill(copy.pid as number, 'SIGSTOP');
    // The server's processes for connections that are open still answer; new ones are not made.
    const answers = await Promise.all(Array.from({ length: 20 }, () => texts(reader)));
    expect(answers.every((each) => each.includes('second'))).toBe(true);
    process.kill(copy.pid as number, 'SIGCONT');
    await copy.stop('SIGKILL');
    const began = performance.now();
    expect(await texts(reader)).toEqual(['first', 'second']);
    expect(performance.now() - began).toBeLessThan(1_000);
    await vi.waitFor(async () => expect(await state()).toBe('unreachable'), { timeout: 10_000, interval: 100 });
    await copy.start();
    await used();
    await add('third');
    await seen('third');
  });
});

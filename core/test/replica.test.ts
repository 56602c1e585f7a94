import { setTimeout as pause } from 'node:timers/promises';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { MOST_BEHIND_MS } from '../dist/database/homes/replica.js';
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
  ],
} as any);

let primary: PostgresServer;
let copy: PostgresServer;
let migrated: TestPlatform;
let portal: TestPlatform;
let writer: TestClient;
let reader: TestClient;
let onReplica: pg.Client;

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
    await used();
    expect(await texts(stranger)).toEqual([]);
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

  test('that hangs or goes away delays requests for a moment, and none fails', async () => {
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

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handlerFor, jobFor, type PluginDefinition, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lotte, none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const noted = z.object({ text: z.string() });
const texts = route({
  method: 'GET',
  path: '/texts',
  summary: 'What it has',
  permission: 'public',
  responses: { 200: z.array(z.string()) },
  handler: ({ services: { knex } }) => knex('texts').pluck('text').orderBy('text'),
});
const table = { tables: { texts: none }, migrations: [sql('0001', 'create table texts (text text)')] };

/** Fails at start for as long as the test wants. */
let broken = false;
const source = plugin('source', {
  ...table,
  migrations: [sql('0001', 'create table texts (text text); create view all_texts as select text from texts')],
  exports: { views: ['all_texts'] },
  events: { noted },
  routes: [texts],
});
const sink: PluginDefinition = plugin('sink', {
  ...table,
  // Its owner reads a view of another's, so it has rights beyond its own schema.
  migrations: [sql('0001', 'create table texts (text text); create view copies as select text from source.all_texts')],
  requires: { source: '^1.0.0' },
  routes: [texts],
  on: {
    'source.noted': handlerFor<any>()(noted, ({ payload, services: { knex } }) => knex('texts').insert({ text: payload.text })),
  },
  jobs: {
    keep: jobFor<any>()({
      payload: z.object({ text: z.string() }),
      handler: ({ payload, services: { knex } }) => knex('texts').insert({ text: payload.text }),
    }),
  },
  start: async () => {
    if (broken) throw new Error('the lamp is out');
    return async () => {};
  },
});
const reader = plugin('reader', {
  requires: { sink: '^1.0.0', source: '^1.0.0' },
  routes: [{ ...texts, handler: ({ services: { knex } }: any) => knex('source.all_texts').pluck('text') }],
});

let portal: TestPlatform;
const operate = (command: any, id = '', options = {}) => portal.platform.operate({ command, id, options });
const status = async (path: string) => (await portal.client().get(path)).status;
const publish = (text: string) => portal.work('source', ({ events }) => events.publish('noted', { text }));

describe('a plugin that was out of service', () => {
  beforeAll(async () => {
    broken = true;
    portal = await createTestPlatform({ plugins: [source, sink, reader], required: [] });
  });
  afterAll(() => portal?.stop());

  test('is listed with cause and remedy', async () => {
    const { code, lines } = await operate('list');
    expect(code).toBe(0);
    expect(lines.join('\n')).toBe(
      [
        'source  1.0.0     contract 1  started',
        'sink    1.0.0     contract 1  quarantined (start: start-failed)',
        '    start: the lamp is out',
        '    → See the message, fix it, then: ilearn plugin retry sink.',
        'reader  1.0.0     contract 1  quarantined (start: requires-what-is-out)',
        '    requires.sink: It requires sink, which is out of service: the lamp is out',
        '    → Fix sink, then: ilearn plugin retry sink.',
      ].join('\n'),
    );
  });

  test('keeps its events waiting, and fails again while it is not fixed', async () => {
    await publish('een');
    await portal.drain();
    const { code, lines } = await operate('retry', 'sink');
    expect([code, lines[1]]).toEqual([2, '    start: the lamp is out']);
    expect((await portal.client().get('/metrics')).body).toContain('ilearn_messages{state="held"} 1');
  });

  test('is in service after a retry, with those that waited for it and the events sent to it', async () => {
    broken = false;
    const { code, lines } = await operate('retry', 'sink');
    expect([code, lines]).toEqual([0, ['sink  1.0.0     contract 1  started']]);
    await portal.drain();
    expect((await portal.client().get('/api/sink/texts')).body).toEqual(['een']);
    expect(await status('/api/reader/texts')).toBe(200);
    expect((await (await portal.signIn(lotte)).get('/api/openapi.json')).body.paths).toHaveProperty('/api/sink/texts');
  });
});

describe('disabling', () => {
  beforeAll(async () => {
    // Roles belong to the whole server: these are nobody else's.
    portal = await createTestPlatform({ plugins: [source, sink, reader], required: [], settings: { rolePrefix: 'lifecycle' } });
    await portal.work('source', ({ knex }) => knex('texts').insert({ text: 'bewaard' }));
    await portal.work('sink', ({ knex }) => knex('texts').insert([{ text: 'drie\u2028regels\n' }, { text: 'vier' }]));
  });
  afterAll(() => portal?.stop());
  beforeEach(async () => {
    for (const id of ['source', 'sink', 'reader']) await operate('enable', id);
  });

  test('lists the plugins that require it, and disables them too on request', async () => {
    const refused = await operate('disable', 'source');
    expect([refused.code, refused.lines]).toEqual([
      2,
      ['sink, reader require source.', '→ Disable them too: ilearn plugin disable source --with-dependants.'],
    ]);
    expect(await status('/api/source/texts')).toBe(200);
    expect((await operate('disable', 'source', { withDependants: true })).code).toBe(0);
    const { status: answer, body } = await portal.client().get('/api/reader/texts');
    expect([answer, body.type, body.plugin]).toEqual([503, '/problems/plugin-disabled', 'reader']);
  });

  test('keeps the data, and enabling brings it back with its rights', async () => {
    await operate('disable', 'sink', { withDependants: true });
    expect(await status('/api/sink/texts')).toBe(503);
    await operate('enable', 'sink');
    await operate('enable', 'reader');
    expect((await portal.client().get('/api/sink/texts')).body).toEqual(['drie\u2028regels\n', 'vier']);
    expect((await portal.client().get('/api/reader/texts')).body).toEqual(['bewaard']);
  });

  test('returns a job that the engine already has; it is done once after enabling', async () => {
    await portal.work('sink', ({ jobs }) => jobs.enqueue('keep', { text: 'laat' }, { delaySeconds: 1 }));
    const { pool } = await portal.platform.home();
    const taken = async () => (await pool.query('select taken_at is not null as taken from kernel.messages')).rows[0]?.taken;
    await operate('disable', 'sink', { withDependants: true });
    // As if it had been handed over just before.
    await pool.query('update kernel.messages set taken_at = now(), task = gen_random_uuid()');
    expect(await taken()).toBe(true);
    await expect.poll(taken, { timeout: 10_000 }).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // It is due by now, and held.
    expect(await taken()).toBe(false);
    await operate('enable', 'sink');
    await portal.drain();
    const late = await portal.work('sink', ({ knex }) => knex('texts').where({ text: 'laat' }));
    expect(late).toHaveLength(1);
    await portal.work('sink', ({ knex }) => knex('texts').where({ text: 'laat' }).delete());
  });

  test('an unknown plugin is refused', async () => {
    expect(await operate('disable', 'nowhere')).toEqual({
      code: 2,
      lines: ['There is no plugin "nowhere" in this portal. See: ilearn plugin list'],
    });
  });

  test('detaching exports every row, verifies the export and leaves the plugin disabled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilearn-detach-'));
    try {
      const { code, lines } = await operate('detach', 'sink', { to: folder, withDependants: true });
      expect([code, lines[1]]).toEqual([0, '  texts: 2 rows']);
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
      expect(manifest).toMatchObject({
        plugin: 'sink',
        version: '1.0.0',
        migrations: [{ name: '0001' }],
        tables: [{ name: 'texts', file: 'texts.jsonl', rows: 2, columns: { text: 'text' } }],
      });
      const rows = readFileSync(join(folder, 'texts.jsonl'), 'utf8').trim().split('\n');
      expect(rows.map((row) => JSON.parse(row))).toEqual([{ text: 'drie\u2028regels\n' }, { text: 'vier' }]);
      expect(await status('/api/sink/texts')).toBe(503);
      const again = await operate('detach', 'sink', { to: folder });
      expect([again.code, again.lines[0]]).toEqual([2, `The folder ${folder} is not empty.`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('purging is refused while the plugin is enabled or required, shows what would be removed, and then removes everything', async () => {
    expect((await operate('purge', 'sink')).lines[0]).toBe('sink is enabled.');
    await operate('disable', 'source', { withDependants: true });
    await operate('enable', 'sink');
    await operate('disable', 'sink');
    await operate('disable', 'reader');
    const dry = await operate('purge', 'sink');
    expect([dry.code, dry.lines]).toEqual([
      0,
      [
        'schema     sink',
        'table      texts  2 rows',
        'view       copies',
        'role       lifecycle_sink',
        'role       lifecycle_sink__owner',
        'history    1 migrations · 0 waiting messages · 0 schedules',
        '',
        'Nothing was removed. → ilearn plugin purge sink --yes',
      ],
    ]);
    const left = async () => {
      const { pool } = await portal.platform.home();
      const { rows } = await pool.query(
        `select (select count(*)::int from pg_namespace where nspname = 'sink') as schemas,
           (select count(*)::int from kernel.migrations where plugin = 'sink') as migrations,
           (select count(*)::int from pg_roles where rolname like 'lifecycle\\_sink%') as roles`,
      );
      return rows[0];
    };
    expect(await left()).toEqual({ schemas: 1, migrations: 1, roles: 2 });
    expect((await operate('purge', 'sink', { yes: true })).code).toBe(0);
    expect(await left()).toEqual({ schemas: 0, migrations: 0, roles: 0 });
    // Enabled again it begins anew.
    await operate('enable', 'source');
    await operate('enable', 'sink');
    expect((await portal.client().get('/api/sink/texts')).body).toEqual([]);
  });
});

test('units of work of a plugin that go on after its start leave nothing at the signal of that start', async () => {
  const warnings: string[] = [];
  const listen = ({ name }: Error) => void warnings.push(name);
  process.on('warning', listen);
  let done = 0;
  const busy = plugin('busy', {
    start: async ({ work }) => {
      // Node warns at the eleventh listener.
      for (; done < 12; done++) await work(async () => {});
    },
  });
  const own = await createTestPlatform({ plugins: [busy] });
  await own.stop();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  expect([done, warnings]).toEqual([12, []]);
});

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { handlerFor, type PluginDefinition, Problem, routeFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';
import { column, portalOn, refusalOf } from './support/portal.js';

const route = routeFor<any>();
const ok = z.object({ ok: z.boolean() });
const ping = route({
  method: 'GET',
  path: '/ping',
  summary: 'Answers',
  permission: 'public',
  responses: { 200: ok },
  handler: () => ({ ok: true }),
});
const answering = (id: string, rest: Partial<PluginDefinition> = {}) => plugin(id, { routes: [ping], ...rest });

let portal: TestPlatform | undefined;
afterEach(async () => {
  await portal?.stop();
  portal = undefined;
});

/** A portal that does without any of these plugins, `sound` among them. */
async function boot(...plugins: PluginDefinition[]): Promise<TestPlatform> {
  portal = await createTestPlatform({
    plugins: [...plugins, answering('sound')],
    required: [],
    settings: { pluginStartSeconds: 1 },
  });
  return portal;
}
const ask = (path: string) => (portal as TestPlatform).client().get(path);

class Lost {
  constructor({ library }: any) {
    library.find();
  }
}
const table = { tables: { t: none }, migrations: [sql('0001', 'create table t (a int)')] };

describe.each<[phase: string, code: string, Partial<PluginDefinition>]>([
  ['check', 'faulty-manifest', { mayGrant: { a: ['b'] } }],
  ['migrate', 'migration-failed', { ...table, migrations: [sql('0001', 'create table t (a int); creat')] }],
  ['services', 'service-failed', { services: { lost: Lost } }],
  [
    'start',
    'start-failed',
    {
      start: async () => {
        throw new Error('no connection to the moon');
      },
    },
  ],
  [
    'start',
    'start-timed-out',
    { start: ({ work }) => work(({ knex }) => knex.raw('select 1').then(() => new Promise(() => {}))) },
  ],
])('a plugin that fails at %s (%s)', (phase, code, fault) => {
  test('is out of service with those that require it, and the others stay in service', async () => {
    await boot(
      answering('bad', { ...table, ...fault }),
      answering('onbad', { requires: { bad: '^1.0.0' } }),
      answering('far', { requires: { onbad: '^1.0.0' } }),
    );
    const ready = await ask('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'ready']);
    expect(ready.body.plugins).toEqual({
      sound: { state: 'started', version: '1.0.0', contract: 1 },
      bad: { state: 'quarantined', version: '1.0.0', contract: 1, phase, code },
      onbad: { state: 'quarantined', version: '1.0.0', contract: 1, phase, code: 'requires-what-is-out' },
      far: { state: 'quarantined', version: '1.0.0', contract: 1, phase, code: 'requires-what-is-out' },
    });
    for (const id of ['bad', 'onbad', 'far']) {
      const { status, body, headers } = await ask(`/api/${id}/ping`);
      expect([status, headers.get('retry-after')]).toEqual([503, '60']);
      expect(body).toMatchObject({ type: '/problems/plugin-quarantined', plugin: id, phase });
      // The cause is the operator's to read.
      expect(JSON.stringify(body)).not.toMatch(/creat|moon|library|\^99/);
    }
    expect((await ask('/api/sound/ping')).body).toEqual({ ok: true });
    expect((await ask('/metrics')).body).toContain('ilearn_plugin_state{plugin="bad",state="quarantined"} 1');
    const told = portal?.log.filter((line) => line.includes('"out of service"')).map((line) => JSON.parse(line));
    expect(told?.map((line) => line.plugin)).toEqual(['bad', 'onbad', 'far']);
    expect(told?.[0].causes[0]).toMatchObject({ message: expect.any(String), remedy: expect.any(String) });
  });
});

describe('a plugin whose manifest is hostile', () => {
  test('cannot take others out of service, even if it comes first: by a name that it may not use, another’s id, a schema or path that throws', async () => {
    const page = (tag: string, path: string) => ({
      entry: new URL('../dist/index.js', import.meta.url),
      messages: new URL('../messages/', import.meta.url),
      pages: [{ path, tag, title: 't', permission: 'public' }],
    });
    const throwing = z.custom(() => {
      throw new Error('no schema of mine');
    });
    await boot(
      plugin('thief', { permissions: { 'note:read': ['pupil'] }, ui: page('sound-page', '/x') }),
      answering('throwing', { config: throwing }),
      answering('unroutable', { routes: [{ ...ping, path: '/a(b' }] }),
      answering('owner', { permissions: { 'note:read': ['teacher'] } }),
    );
    const { plugins } = (await ask('/health/ready')).body;
    expect(Object.entries(plugins).map(([id, { state }]: any) => `${id} ${state}`)).toEqual([
      'thief quarantined',
      'throwing quarantined',
      'unroutable quarantined',
      'owner started',
      'sound started',
    ]);
    expect((await ask('/api/owner/ping')).status).toBe(200);
  });

  test('a circle of requirements takes only its members out of service', async () => {
    await boot(
      answering('hen', { requires: { egg: '*' } }),
      answering('egg', { requires: { hen: '*' } }),
      answering('above', { requires: { below: '*' } }),
      answering('below'),
    );
    const states = (await ask('/health/ready')).body.plugins;
    expect(Object.keys(states).filter((id) => states[id].state === 'started')).toEqual(['above', 'below', 'sound']);
  });
});

test('the pages of a plugin out of service answer 503, and the shell knows it', async () => {
  const page = (tag: string, path: string) => ({
    entry: new URL('../dist/index.js', import.meta.url),
    messages: new URL('../../ui/messages/', import.meta.url),
    pages: [{ path, tag, title: 't', permission: 'public', nav: { icon: 'x', order: 1 } }],
  });
  portal = await createTestPlatform({
    plugins: [
      plugin('bad', { mayGrant: { a: ['b'] }, ui: page('bad-page', '/paden/:id') }),
      plugin('fine', { ui: page('fine-page', '/paden') }),
    ],
    required: [],
    uiFolder: fileURLToPath(new URL('../../ui/dist/assets', import.meta.url)),
  });
  const out = await ask('/paden/7');
  expect([out.status, out.headers.get('retry-after')]).toEqual([503, '60']);
  const told = JSON.parse(/id="ilearn-portal">(.*?)<\/script>/.exec(out.body)?.[1] ?? '');
  expect(told.plugins.map(({ id, out, entry }: any) => [id, out === true, entry !== undefined])).toEqual([
    ['fine', false, true],
    ['bad', true, false],
  ]);
  expect(told.plugins[1].pages).toEqual([{ path: '/paden/:id', tag: 'bad-page', title: 't', permission: 'public' }]);
  for (const path of ['/paden', '/', '/paden/7/stap']) expect((await ask(path)).status).toBe(200);
});

describe('a plugin that is required', () => {
  const bad = answering('bad', { ...table, migrations: [sql('0001', 'create table t (a int); creat')] });

  test('prevents the start, by its own fault or that of one that it requires, and nothing of it is stored', async () => {
    for (const required of ['bad', 'onbad']) {
      const home = await openTestHome();
      try {
        const platform = portalOn(home, [answering('fine', table), bad, answering('onbad', { requires: { bad: '^1.0.0' } })], {
          required: [`@test/${required}`],
        });
        expect(await refusalOf(platform.start())).toContain('The portal does not start: 1 fault.\n\n  bad › migrations.0001');
        await platform.stop();
        // Each plugin migrates by itself: what the others made is there for the next try.
        expect(await column(home, `select nspname::text from pg_namespace where nspname in ('fine', 'bad', 'onbad')`)).toEqual([
          'fine',
        ]);
      } finally {
        await home.close();
      }
    }
  });

  test('does not prevent the start while it is sound', async () => {
    portal = await createTestPlatform({ plugins: [bad, answering('sound')], required: ['sound'] });
    expect((await ask('/api/sound/ping')).status).toBe(200);
  });
});

/** Clients of so many people. */
const people = (count: number) => Promise.all(Array.from({ length: count }, () => (portal as TestPlatform).signIn(randomUUID())));
const failing = (path: string, fails: () => boolean) => ({
  ...ping,
  path,
  permission: 'signed-in' as const,
  machines: { none: 'a test' },
  handler: () => {
    if (fails()) throw new Error('out of order');
    return { ok: true };
  },
});

describe('a plugin whose calls fail', () => {
  test('newcomer 14: with one broken route, only that route goes out of service, after ten calls of at least five callers', async () => {
    let fails = true;
    await boot(answering('partly', { routes: [ping, failing('/broken', () => fails), failing('/whole', () => false)] }));
    const callers = await people(6);
    const [one, ...others] = callers as [TestClient, ...TestClient[]];
    for (let call = 0; call < 30; call++) expect((await one.get('/api/partly/broken')).status).toBe(500);
    for (const other of others.slice(0, 4)) for (let call = 0; call < 2; call++) await other.get('/api/partly/broken');
    const { status, headers, body } = await (others[4] as TestClient).get('/api/partly/broken');
    expect([status, body.type]).toEqual([503, '/problems/plugin-quarantined']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await one.get('/api/partly/whole')).status).toBe(200);
    expect((await ask('/api/partly/ping')).status).toBe(200);
    expect((await ask('/health/ready')).body.plugins.partly).toMatchObject({
      state: 'started',
      resting: ['GET /api/partly/broken'],
    });
    expect((await ask('/metrics')).body).toContain('ilearn_part_resting{plugin="partly",part="GET /api/partly/broken"} 1');
    const list = await portal?.platform.operate({ command: 'list', options: {} });
    expect(list?.lines.join('\n')).toMatch(
      /partly +1\.0\.0 +contract 1 +started \(1 of its routes and handlers out of service\)\n +GET \/api\/partly\/broken: Half of/,
    );
    const told = portal?.log.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'part out of service');
    expect(told).toMatchObject({ plugin: 'partly', part: 'GET /api/partly/broken', code: 'too-many-failures' });
    fails = false;
    expect((await portal?.platform.operate({ command: 'retry', id: 'partly', options: {} }))?.code).toBe(0);
    expect((await one.get('/api/partly/broken')).status).toBe(200);
  });

  test('is not taken out of service by one person, one network or one tool, however its calls fail', async () => {
    await boot(
      answering('partly', { routes: [ping, { ...failing('/broken', () => true), permission: 'public', machines: undefined }] }),
    );
    for (let call = 0; call < 40; call++) expect((await ask('/api/partly/broken')).status).toBe(500);
    expect((await ask('/health/ready')).body.plugins.partly).toEqual({ state: 'started', version: '1.0.0', contract: 1 });
  });

  test('in three of its routes goes out of service as a whole, and comes back on request', async () => {
    let fails = true;
    const paths = ['/a', '/b', '/c'];
    await boot(answering('failing', { routes: [ping, ...paths.map((path) => failing(path, () => fails))] }));
    const callers = await people(6);
    for (const client of callers) for (const path of paths) await client.get(`/api/failing${path}`);
    for (const client of callers) for (const path of paths.slice().reverse()) await client.get(`/api/failing${path}`);
    const { status, headers } = await ask('/api/failing/ping');
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('/health/ready')).body.plugins.failing).toMatchObject({ state: 'quarantined', code: 'too-many-failures' });
    fails = false;
    expect((await portal?.platform.operate({ command: 'retry', id: 'failing', options: {} }))?.code).toBe(0);
    expect((await ask('/api/failing/ping')).status).toBe(200);
  });

  test('in one handler keeps that handler’s events with all their tries, while those of others are processed', async () => {
    let fails = true;
    const noted = z.object({});
    await boot(
      plugin('source', { events: { noted, other: noted } }),
      answering('failing', {
        requires: { source: '^1.0.0' },
        ...table,
        on: {
          'source.noted': handlerFor<any>()(noted, ({ services: { knex }, message }) => {
            if (fails) throw new Error('out of order');
            return knex('t').insert({ a: message.attempt });
          }),
          'source.other': handlerFor<any>()(noted, ({ services: { knex } }) => knex('t').insert({ a: 100 })),
        },
      }),
    );
    const publish = (event: string, times: number) =>
      portal?.work('source', ({ events }) => Promise.all(Array.from({ length: times }, () => events.publish(event, {}))));
    await publish('noted', 12);
    const resting = async () => (await ask('/health/ready')).body.plugins.failing.resting;
    await expect.poll(resting, { timeout: 30_000 }).toEqual(['event source.noted']);
    await publish('noted', 1);
    await publish('other', 1);
    await expect.poll(() => portal?.work('failing', ({ knex }) => knex('t').pluck('a')), { timeout: 30_000 }).toEqual([100]);
    expect((await ask('/metrics')).body).toMatch(/ilearn_messages\{state="held"\} 1[0-3]/);
    fails = false;
    expect((await portal?.platform.operate({ command: 'retry', id: 'failing', options: {} }))?.code).toBe(0);
    await portal?.drain();
    const tries: number[] = await portal?.work('failing', ({ knex }) => knex('t').where('a', '<', 100).orderBy('a').pluck('a'));
    expect([tries.length, tries[0]]).toEqual([13, 1]);
  });

  test('counts the messages of one caller as that caller’s, including those that their handlers cause', async () => {
    const payload = z.object({});
    await boot(
      plugin('digging', {
        routes: [
          {
            ...ping,
            method: 'POST',
            permission: 'signed-in',
            machines: { none: 'a test' },
            handler: async ({ services: { jobs } }: any) => {
              await jobs.enqueue('begin', {});
              return { ok: true };
            },
          },
        ],
        jobs: {
          begin: { payload, handler: ({ services: { jobs } }: any) => jobs.enqueue('dig', {}) },
          dig: {
            payload,
            retries: 0,
            handler: () => {
              throw new Error('the spade broke');
            },
          },
        },
      }),
    );
    const state = async () => (await ask('/health/ready')).body.plugins.digging;
    const failed = async () => Number(/ilearn_messages\{state="failed"\} (\d+)/.exec((await ask('/metrics')).body)?.[1] ?? 0);
    const [one, ...others] = (await people(6)) as [TestClient, ...TestClient[]];
    for (let call = 0; call < 15; call++) expect((await one.post('/api/digging/ping')).status).toBe(200);
    await expect.poll(failed, { timeout: 60_000 }).toBe(15);
    expect(await state()).toEqual({ state: 'started', version: '1.0.0', contract: 1 });
    for (const other of [...others, ...others]) await other.post('/api/digging/ping');
    await expect.poll(async () => (await state()).resting, { timeout: 60_000 }).toEqual(['job dig']);
    const home = await (portal as TestPlatform).platform.home();
    const callers = await column(home, 'select distinct caller from kernel.messages where caller is not null');
    for (const caller of callers) expect(caller).toMatch(/^[\w-]{16}$/);
  });

  test('stays in service if its answers are problems, or caused by the caller', async () => {
    await boot(
      answering('refusing', {
        routes: [
          {
            ...ping,
            handler: () => {
              throw new Problem({ type: 'refusing/no', status: 503, title: 'No' });
            },
          },
        ],
      }),
    );
    for (let call = 0; call < 25; call++) expect((await ask('/api/refusing/ping')).body.type).toBe('/problems/refusing/no');
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PortalFolder } from './support/command.js';

// Each starts a process, the first makes a database.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const head = `
import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
const get = (path, handler) =>
  ({ method: 'GET', path, summary: 'x', permission: 'public', responses: { 200: z.object({ ok: z.boolean() }) }, handler });
const ok = () => ({ ok: true });
const payload = z.object({});
`;
const pack = (definition: string, before = '') => `${head}${before}\nexport default definePlugin(${definition});`;
/** Code that keeps more memory with each call. V8 collects garbage seldom, so that a portal of this size sees a leak only if it grows slowly. */
const fillBy = (numbers: number) => `const kept = []; const fill = () => { kept.push(new Array(${numbers}).fill(1.5)); };`;
const ui = (tag: string, path: string) => `{
  entry: new URL('./index.js', import.meta.url), messages: new URL('./messages/', import.meta.url),
  pages: [{ path: '${path}', tag: '${tag}', title: 't', permission: 'public' }] }`;

const packages: Record<string, string> = {
  sound: pack(`{ id: 'sound', version: '1.0.0', routes: [get('/ping', ok)], jobs: { tidy: { payload, handler() {} } },
    commands: [{ name: 'tidy up', summary: 's', async run() {} }], permissions: { 'sound:read': ['teacher'] },
    tables: { secrets: { tenant: { none: 'a test' } } },
    migrations: [{ name: '0001', up: 'create table secrets (text text)', down: '' }],
    ui: ${ui('sound-page', '/gezond')} }`),
  importing: `throw new Error('cannot find the moon');`,
  starting: pack(
    `{ id: 'starting', version: '1.0.0', routes: [get('/ping', ok)], async start() { throw new Error('no fuel'); } }`,
  ),
  routing: pack(`{ id: 'routing', version: '1.0.0', routes: [get('/ping', () => { throw new Error('wrong turn'); })] }`),
  working: pack(`{ id: 'working', version: '1.0.0',
    jobs: { dig: { payload, retries: 0, handler() { throw new Error('the spade broke'); } } },
    routes: [get('/ping', ok), get('/dig', async ({ services: { jobs } }) => { await jobs.enqueue('dig', {}); return { ok: true }; })] }`),
  begging: pack(
    `{ id: 'begging', version: '1.0.0', services: { lost: class { constructor({ sessions }) { sessions.start(); } } },
      routes: [get('/ping', ok)] }`,
  ),
  prying: pack(`{ id: 'prying', version: '1.0.0',
    routes: [get('/ping', async ({ services: { knex } }) => { await knex('sound.secrets').select(); return { ok: true }; })] }`),
  stealing: pack(`{ id: 'stealing', version: '1.0.0', permissions: { 'sound:read': ['pupil'] },
    commands: [{ name: 'tidy up', summary: 's', async run() {} }], ui: ${ui('sound-page', '/gezond')}, routes: [get('/ping', ok)] }`),
  // Another's route and job can only be had under its id.
  posing: pack(
    `{ id: 'sound', version: '9.0.0', routes: [get('/ping', () => ({ ok: false }))], jobs: { tidy: { payload, handler() {} } } }`,
  ),
  waiting: pack(`{ id: 'waiting', version: '1.0.0', routes: [get('/ping', ok)], start: () => new Promise(() => {}) }`),
  leaking: pack(
    `{ id: 'leaking', version: '1.0.0', routes: [get('/ping', () => { fill(); return { ok: true }; })] }`,
    fillBy(500_000),
  ),
  hoarding: pack(
    `{ id: 'hoarding', version: '1.0.0',
      jobs: { hoard: { payload, async handler({ services: { jobs } }) { fill(); await jobs.enqueue('hoard', {}); } } },
      routes: [get('/ping', async ({ services: { jobs } }) => { await jobs.enqueue('hoard', {}); return { ok: true }; })] }`,
    fillBy(100_000),
  ),
};

const folder = new PortalFolder();
for (const [name, source] of Object.entries(packages)) folder.pack(name, source);
for (const language of ['nl', 'en', 'fr']) {
  for (const name of ['sound', 'stealing']) folder.write(name, `messages/${language}.json`, '{}');
}
folder.environment = {
  ...folder.environment,
  PLUGIN_START_SECONDS: '1',
  TRUST_PROXY: 'true',
  NODE_OPTIONS: '--max-old-space-size=192',
};

let run: ReturnType<typeof folder.begin>;
let url: string;
/** @param network of the client, as a proxy tells it */
const ask = async (path: string, network = 1) => {
  const response = await fetch(`${url}${path}`, { headers: { 'x-forwarded-for': `203.0.113.${network}` } });
  return { status: response.status, body: (await response.json()) as any };
};
/** What the operator reads of a plugin in the log, a JSON object a line. */
const logged = (plugin: string, message: string) =>
  run.err
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .find((line) => line.plugin === plugin && line.msg === message);
const untilLogged = (plugin: string, message: string) =>
  vi.waitFor(
    () => {
      const line = logged(plugin, message);
      if (line === undefined) throw new Error(`nothing said of ${plugin}; it printed:\n${run.err.slice(-3_000)}`);
      return line;
    },
    { timeout: 60_000, interval: 100 },
  );
const start = async (...names: string[]) => {
  folder.compose(...names);
  run = folder.begin('start');
  url = await run.printed(/The portal is ready at (http:\S+)/);
};

beforeAll(() => folder.useServer());
afterAll(() => folder.remove());

describe('a portal with hostile plugins', () => {
  beforeAll(async () => {
    await start(...Object.keys(packages).filter((name) => name !== 'hoarding'));
    // What it says of faults comes by another pipe than what it says of being ready.
    await vi.waitFor(() => expect(run.err).toContain('The portal starts without the plugins named here'), 10_000);
  });
  afterAll(async () => {
    run.child.kill('SIGINT');
    await run.ended;
  });
  // Whatever a plugin did before: the others serve.
  const serves = async () => expect((await ask('/api/sound/ping')).body).toEqual({ ok: true });

  test.each([
    [
      'importing',
      'importing › package\n    The package cannot be imported: cannot find the moon (index.js:1)\n    → Fix the package, or remove it from ilearn.config.ts.',
    ],
    [
      'starting',
      'starting › start\n    no fuel (index.js:9)\n    → See the message, fix it, then: ilearn plugin retry starting.',
    ],
    [
      'begging',
      '    begging: nothing provides "sessions" (needed by lost -> sessions). Add \'sessions\' to privileges in the manifest of begging.',
    ],
    [
      'stealing',
      'stealing › ui\n    The tag sound-page is already used by sound.\n    → Rename the element; a longer plugin id may share the prefix.',
    ],
    ['stealing', 'stealing › ui.pages\n    The page /gezond is already used by sound.\n    → Give the page a path of its own.'],
    ['stealing', 'stealing › commands\n    The command tidy up is already used by sound.\n    → Give the command another name.'],
    [
      'waiting',
      'waiting › start\n    start() of waiting did not end within 1 seconds.\n    → Do not wait for long work in start()',
    ],
  ])('reports %s at start, and runs without it', async (id, told) => {
    expect(run.err).toContain(told);
    const { status, body } = await ask(`/api/${id}/ping`);
    expect([status, body.type, body.plugin]).toEqual([503, '/problems/plugin-quarantined', id]);
    await serves();
  });

  test('does not let a package that uses the id of a plugin take over its routes and jobs', async () => {
    expect(run.err).toContain(
      'sound › id\n    Two packages contain the plugin "sound": sound and posing.\n    → Keep one of them in ilearn.config.ts.',
    );
    await serves();
  });

  test('takes a route that throws for many callers out of service, until it is retried', async () => {
    for (let call = 0; call < 20; call++) expect((await ask('/api/routing/ping')).status).toBe(500);
    for (let call = 2; call < 10; call++) expect((await ask('/api/routing/ping', call % 4)).status).toBe(500);
    for (let call = 0; call < 4; call++) await ask('/api/routing/ping', call + 10);
    expect((await ask('/api/routing/ping')).body).toMatchObject({ plugin: 'routing', status: 503, phase: 'run' });
    expect(logged('routing', 'request failed')).toMatchObject({ err: { message: 'wrong turn' }, remedy: expect.any(String) });
    expect(logged('routing', 'part out of service')).toMatchObject({
      part: 'GET /api/routing/ping',
      code: 'too-many-failures',
      causes: [
        {
          message: expect.stringContaining('at least five callers, the last with: wrong turn'),
          remedy: expect.stringContaining('plugin retry'),
        },
      ],
    });
    await serves();
  });

  test('takes a job that throws out of service, and leaves its plugin in service', async () => {
    for (let call = 0; call < 12; call++) await ask('/api/working/dig', call);
    const { part, causes } = await untilLogged('working', 'part out of service');
    expect(part).toBe('job dig');
    expect(causes[0].message).toContain('the spade broke');
    expect(logged('working', 'handler failed')).toMatchObject({ handler: 'job dig', remedy: expect.any(String) });
    expect((await ask('/api/working/ping')).status).toBe(200);
    await serves();
  });

  test('refuses access to another plugin’s data in the database', async () => {
    expect((await ask('/api/prying/ping')).status).toBe(500);
    expect(logged('prying', 'request failed')).toMatchObject({
      err: { message: expect.stringContaining('permission denied for schema sound') },
      remedy: expect.stringContaining('exported services and views'),
    });
    await serves();
  });

  test('lists its plugins by a command, with causes, and is repaired without a restart', async () => {
    // What went out a moment ago, the process tells within two seconds.
    const list = await vi.waitFor(
      async () => {
        const run = await folder.run('plugin', 'list');
        expect(run.code).toBe(0);
        expect(run.out).toMatch(/^routing +1\.0\.0 +contract 1 +started \(1 of its routes and handlers out of service\)$/m);
        return run;
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(list.out).toMatch(/^sound +1\.0\.0 +contract 1 +started$/m);
    expect(list.out).toMatch(/^importing +\? +contract \? +quarantined \(import: not-loaded\)$/m);
    expect(list.out).toContain('    package: The package cannot be imported: cannot find the moon');
    folder.pack('importing', pack(`{ id: 'importing', version: '1.0.1', routes: [get('/ping', ok)] }`));
    const retried = await folder.run('plugin', 'retry', 'importing');
    expect([retried.code, retried.out]).toEqual([0, 'importing  1.0.1     contract 1  started\n']);
    expect((await ask('/api/importing/ping')).body).toEqual({ ok: true });
  });

  test('takes a plugin whose route leaks memory out of service before the memory is full', async () => {
    for (let call = 0; call < 500; call++) {
      if ((await ask('/api/leaking/ping')).status === 503) break;
    }
    const { code, causes } = await untilLogged('leaking', 'out of service');
    expect(code).toBe('too-much-memory');
    expect(causes[0]).toMatchObject({
      message: expect.stringMatching(/holds \d+ MB/),
      remedy: expect.stringContaining('restart the portal'),
    });
    expect((await ask('/api/leaking/ping')).body).toMatchObject({ plugin: 'leaking', status: 503 });
    await serves();
    expect(run.code).toBeNull();
  });
});

test('takes a plugin whose job leaks memory in a loop out of service before the memory is full', async () => {
  await start('sound', 'hoarding');
  expect((await ask('/api/hoarding/ping')).status).toBe(200);
  const { code } = await untilLogged('hoarding', 'out of service');
  expect(code).toBe('too-much-memory');
  expect((await ask('/api/sound/ping')).body).toEqual({ ok: true });
  run.child.kill('SIGINT');
  const { code: exit, err } = await run.ended;
  expect(exit, err).toBe(0);
});

import { jobFor, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { withoutConstants } from '../dist/database/sql/without-constants.js';
import { readableLine } from '../dist/foundation/log-lines.js';
import { PortalFolder } from './support/command.js';
import { none, plugin, sql } from './support/fixtures.js';

let portal: TestPlatform;
const places = { in: '' };
const tell = ({ log }: any) => log.info({ step: 1 }, 'on my way');
const tracing = plugin('tracing', {
  events: { told: z.object({}) },
  on: { 'tracing.told': ({ services }: any) => tell(services) },
  jobs: { walk: jobFor<any>()({ payload: z.object({}), handler: ({ services }) => tell(services) }) },
  routes: [
    routeFor<any>()({
      method: 'POST',
      path: '/begin',
      summary: 'Begins',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async ({ services }) => {
        await services.jobs.enqueue('walk', {});
        await services.events.publish('told', {});
        return {};
      },
    }),
    routeFor<any>()({
      method: 'POST',
      path: '/broken',
      summary: 'Breaks',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async function handleBroken({ services }) {
        places.in = 'handleBroken';
        await services.knex('nowhere').select('nothing');
        return {};
      },
    }),
  ],
});
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [tracing], settings: { logLevel: 'info' } as any });
});
afterAll(() => portal?.stop());
const lines = () => portal.log.map((line: string) => JSON.parse(line));

test('newcomer 12: log lines of a job and a handler name both plugin and handler', async () => {
  expect((await portal.client().post('/api/tracing/begin')).status).toBe(200);
  await portal.drain();
  const told = lines().filter(({ msg }) => msg === 'on my way');
  expect(told.map(({ plugin: id, handler, step }) => [id, handler, step]).sort()).toEqual([
    ['tracing', 'event tracing.told', 1],
    ['tracing', 'job walk', 1],
  ]);
});

test('newcomer 12: a failing query names the line of the plugin that made it', async () => {
  expect((await portal.client().post('/api/tracing/broken')).status).toBe(500);
  const failed = lines().find(({ msg }) => msg === 'request failed');
  expect(failed.err.message).toContain('nowhere');
  expect(failed.err.stack).toMatch(/handleBroken.*traces\.test\.ts:\d+/);
});

describe('a statement that fails names the line of the plugin that sent it', () => {
  const ways: Record<string, (knex: any) => Promise<unknown>> = {
    'a query': async (knex) => await knex('nowhere').select('nothing'),
    'a query after others': async (knex) => {
      await knex('leaves').limit(1);
      await Promise.all([knex('leaves').limit(1), knex('nowhere').first()]);
    },
    'a raw statement': async (knex) => await knex.raw('select * from nowhere where name = ?', ['Lotte']),
    'a statement with a then': async (knex) => await knex('nowhere').then((rows: unknown[]) => rows.length),
    'an insertion': async (knex) => await knex('leaves').insert({ id: 1, label: null }),
    'an insertion that returns': async (knex) => await knex('leaves').insert({ id: 1, label: 'Lotte' }).returning('nothing'),
    'a transaction': async (knex) => await knex.transaction(async (inner: any) => await inner('nowhere').delete()),
    'a value that does not fit': async (knex) => await knex('leaves').where('id', 'Lotte').update({ label: 'x' }),
  };
  const failing = plugin('failing', {
    tables: { leaves: none },
    migrations: [sql('0001_leaves', 'create table leaves (id int primary key, label text not null)')],
    jobs: {
      rake: jobFor<any>()({
        payload: z.object({ way: z.string() }),
        retries: 0,
        handler: async function handlerOfPlugin({ services, payload }) {
          await (ways[payload.way] as (knex: any) => Promise<unknown>)(services.knex);
        },
      }),
    },
    routes: [
      routeFor<any>()({
        method: 'POST',
        path: '/:way',
        summary: 'Fails',
        permission: 'public',
        params: z.object({ way: z.string() }),
        responses: { 200: z.object({}) },
        handler: async function handlerOfPlugin({ services, params }) {
          await (ways[params.way] as (knex: any) => Promise<unknown>)(services.knex);
          return {};
        },
      }),
      routeFor<any>()({
        method: 'POST',
        path: '/jobs/:way',
        summary: 'Lets a job fail',
        permission: 'public',
        params: z.object({ way: z.string() }),
        responses: { 200: z.object({}) },
        handler: async ({ services, params }) => {
          await services.jobs.enqueue('rake', params);
          return {};
        },
      }),
    ],
  });
  let broken: TestPlatform;
  beforeAll(async () => {
    broken = await createTestPlatform({ plugins: [failing] });
  });
  afterAll(() => broken?.stop());
  const logged = () => broken.log.map((line: string) => JSON.parse(line)).filter(({ err }) => err?.stack !== undefined);

  test.each(Object.keys(ways))('newcomer 12: %s, of a route and of a job', async (way) => {
    const before = logged().length;
    const { status } = await broken.client().post(`/api/failing/${encodeURIComponent(way)}`);
    expect(status).toBeGreaterThanOrEqual(400);
    await broken.client().post(`/api/failing/jobs/${encodeURIComponent(way)}`);
    await vi.waitFor(() => expect(logged().length).toBeGreaterThanOrEqual(before + 2), { timeout: 20_000 });
    for (const { err, plugin: owner } of logged().slice(before)) {
      expect([owner, err.stack]).toEqual(['failing', expect.stringMatching(/traces\.test\.ts:\d+/)]);
      expect(JSON.stringify(err)).not.toContain('Lotte');
    }
  });
});

test('newcomer 12: at a terminal, the log is readable', () => {
  const line = {
    level: 50,
    time: '2026-11-27T08:30:00.000Z',
    plugin: 'notes',
    route: '/a',
    msg: 'request failed',
    err: { message: 'no ink', stack: 'Error: no ink\n    at x' },
  };
  expect(readableLine(JSON.stringify(line))).toBe(
    '08:30:00 ERROR [notes] request failed route=/a message=no ink\n    Error: no ink\n        at x\n',
  );
});

describe('at level debug', () => {
  const diary = plugin('diary', {
    tables: { pages: none },
    migrations: [sql('0001_pages', 'create table pages (id int primary key, pupil text not null)')],
    jobs: {
      tear: jobFor<any>()({
        payload: z.object({}),
        handler: async ({ services }) => void (await services.knex('pages').where('id', '>', 1).delete()),
      }),
    },
    routes: [
      routeFor<any>()({
        method: 'POST',
        path: '/pages',
        summary: 'Writes two pages',
        permission: 'public',
        body: z.object({ pupil: z.string() }),
        responses: { 200: z.object({}) },
        handler: async ({ services: { knex, jobs }, body }) => {
          await knex('pages').insert([
            { id: 1, pupil: body.pupil },
            { id: 2, pupil: body.pupil },
          ]);
          await knex.raw(`select pupil from pages where pupil = '${body.pupil}' /* ${body.pupil} */`);
          await knex.transaction((inner: any) => inner('pages').insert({ id: 1, pupil: body.pupil })).catch(() => {});
          await jobs.enqueue('tear', {});
          return {};
        },
      }),
      routeFor<any>()({
        method: 'GET',
        path: '/pages',
        summary: 'Reads them',
        permission: 'public',
        responses: { 200: z.array(z.object({ pupil: z.string() })).max(10) },
        handler: ({ services }) => services.knex('pages').select('pupil').limit(10),
      }),
    ],
  });
  const statementsOf = (place: string) => lines().filter((line) => line.msg === 'statement' && line.place === place);
  let quiet: TestPlatform;
  let loud: TestPlatform;
  beforeAll(async () => {
    quiet = portal;
    loud = await createTestPlatform({ plugins: [diary], settings: { logLevel: 'debug' } });
    portal = loud;
    await portal.client().post('/api/diary/pages', { pupil: 'Lotte Peeters' });
    await portal.drain();
    await portal.client().get('/api/diary/pages');
  });
  afterAll(() => {
    portal = quiet;
    return loud?.stop();
  });

  test('newcomer 12: each SQL statement is a line with its plugin, route or job, time and rows', () => {
    const written = statementsOf('POST /api/diary/pages');
    const own = written.filter((line) => line.plugin === 'diary').map(({ sql: text, rows }) => [text, rows]);
    expect(own).toEqual([
      ['insert into "pages" ("id", "pupil") values ($1)', 2],
      ['select pupil from pages where pupil = ?', 2],
      [expect.stringMatching(/^savepoint /i), null],
      ['insert into "pages" ("id", "pupil") values ($1)', null],
      [expect.stringMatching(/^rollback to savepoint /i), null],
    ]);
    expect(written.map(({ failed }) => failed).filter(Boolean)).toEqual(['23505']);
    expect(written.at(-1)).toMatchObject({ plugin: 'kernel', sql: 'commit' });
    expect(written.every((line) => line.level === 20 && line.ms > 0 && line.requestId !== undefined)).toBe(true);
    expect(statementsOf('diary: job tear').find((line) => line.plugin === 'diary')).toMatchObject({
      sql: 'delete from "pages" where "id" > $1',
      rows: 1,
      handler: 'job tear',
    });
    expect(statementsOf('GET /api/diary/pages').find((line) => line.plugin === 'diary')).toMatchObject({ rows: 1 });
  });

  test('newcomer 12: no line contains a value, whether a parameter or part of the text', () => {
    expect(portal.log.join('')).not.toContain('Peeters');
  });

  test('newcomer 12: the start is logged step by step', () => {
    const told = lines().filter(({ level, msg }) => level === 20 && msg !== 'statement');
    expect(told).toContainEqual(
      expect.objectContaining({ msg: 'migrations applied', plugin: 'diary', migrations: ['0001_pages'] }),
    );
    for (const phase of ['services', 'start'])
      expect(told).toContainEqual(expect.objectContaining({ msg: 'phase done', plugin: 'diary', phase, ms: expect.any(Number) }));
  });

  test('newcomer 12: at level info, statements are not logged', () => {
    expect(quiet.log.some((line) => JSON.parse(line).msg === 'statement')).toBe(false);
  });
});

test('newcomer 12: SQL is shown without constants and comments, however it is written', () => {
  const secret = fc.stringMatching(/^[a-z]{3,8}é?$/).map((word) => `zq${word}`);
  const forms = [
    (word: string) => `'${word}'`,
    (word: string) => `E'\\'${word}'`,
    (word: string) => `$$${word}$$`,
    (word: string) => `$a$ '${word} $a$`,
    (word: string) => `U&'${word}'`,
    (word: string) => `N'${word}''${word}'`,
    (word: string) => `'x'\n'${word}'`,
    (word: string) => `1 /* ${word} /* ${word} */ */`,
    (word: string) => `2 -- ${word}\n`,
  ];
  const ends = [() => '', (word: string) => `, '${word}`, (word: string) => ` /* ${word}`, (word: string) => `, $$${word}`];
  const parts = fc.array(fc.tuple(fc.constantFrom(...forms), secret), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.constantFrom(...ends), secret, (middle, end, last) => {
      const text = `select ${middle.map(([form, word]) => form(word)).join(', ')}${end(last)}`;
      expect(withoutConstants(text)).not.toContain('zq');
    }),
    { numRuns: 200 },
  );
  expect(withoutConstants('update "t"\n  set a = $1, b = 12.5, "o\'c" = true where c in ($2, $3)')).toBe(
    'update "t" set a = $1, b = ?, "o\'c" = true where c in ($1)',
  );
});

test('newcomer 12: stacks name lines of TypeScript, and an uncaught error of a compiled plugin is that plugin’s and stops nothing', {
  timeout: 120_000,
}, async () => {
  const source = `import { definePlugin, routeFor } from '@ilearn/core';
import { z } from 'zod';
const fall = () => { throw new Error('the shelf fell'); };
export default definePlugin({ id: 'shelves', version: '1.0.0', routes: [routeFor()({ method: 'POST', path: '/fall', summary: 'Falls',
  permission: 'public', responses: { 200: z.object({}) }, handler: () => { setTimeout(fall, 1); return {}; } })] });
`;
  const map = { version: 3, sources: ['src/shelves.ts'], names: [], mappings: `AAUA${';AACA'.repeat(5)}` };
  const folder = new PortalFolder();
  try {
    await folder.useServer();
    folder.pack('shelves', source).write('shelves', 'index.js.map', JSON.stringify(map)).compose('shelves');
    const run = folder.begin('start');
    const url = await run.printed(/ready at (\S+)/);
    expect((await fetch(`${url}/api/shelves/fall`, { method: 'POST', headers: { origin: url } })).status).toBe(200);
    await vi.waitFor(() => expect(run.err).toContain('uncaught error'), { timeout: 20_000 });
    const line = run.err.split('\n').map((each) => (each.startsWith('{') ? JSON.parse(each) : {}));
    const told = line.find(({ msg }) => msg === 'uncaught error');
    // The third line of the module is line 13 of its source.
    expect([told.plugin, told.err.stack]).toEqual([
      'shelves',
      expect.stringMatching(/at .*fall.* \(file:.*shelves\/src\/shelves\.ts:13:\d+\)/),
    ]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  } finally {
    await folder.remove();
  }
});

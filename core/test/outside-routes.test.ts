import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notFound, nothing, Problem, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bram, lotte, none, north, plugin, south, sql } from './support/fixtures.js';
import { until } from './support/redis.js';
import { type SilentServer, startSilentServer } from './support/silent-server.js';

const route = routeFor<any>();
let silent: SilentServer;
let server: Server;
let serverUrl: string;
/** What the next call waits for. */
let gate = Promise.resolve();
let entered = 0;
let aborted = 0;

const post = { method: 'POST', permission: 'public', summary: 'A test' } as const;
const text = z.object({ text: z.string() });
const caller = plugin('caller', {
  privileges: ['sessions'],
  permissions: { 'thing:read': ['teacher'] },
  tables: {
    things: {
      tenant: 'school_id',
      people: { owner_id: 'author' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'safe-environment',
      use: 'a test',
    },
    effects: none,
  },
  migrations: [
    sql(
      '0001',
      `create table things (id uuid primary key default gen_random_uuid(), school_id uuid, owner_id uuid, text text,
         updated_at timestamptz not null default now());
       create table effects (text text unique)`,
    ),
  ],
  routes: [
    route({
      ...post,
      path: '/effects',
      body: z.object({ url: z.string(), text: z.string() }),
      responses: { 201: text },
      outside: {
        seconds: 5,
        call: async ({ body, signal, read }) => {
          const before = await read(({ knex }) => knex('effects').pluck('text'));
          const response = await fetch(body.url, { signal });
          return { before: before as string[], status: response.status };
        },
      },
      handler: async ({ body, result, services: { knex } }) => {
        await knex('effects').insert({ text: body.text });
        return { text: `${result.status} after ${result.before.length}` };
      },
    }),
    route({
      ...post,
      path: '/deaf',
      responses: { 204: nothing('Done') },
      outside: {
        seconds: 0.3,
        call: ({ signal }) => {
          signal.addEventListener('abort', () => aborted++);
          return new Promise<never>(() => {});
        },
      },
      handler: () => undefined,
    }),
    route({
      ...post,
      path: '/write-early',
      responses: { 204: nothing('Done') },
      outside: { call: ({ read }) => read(({ knex }) => knex('effects').insert({ text: 'early' })) },
      handler: () => undefined,
    }),
    route({
      ...post,
      path: '/gated/:id',
      permission: 'thing:read',
      machines: { none: 'a test' },
      params: z.object({ id: z.uuid() }),
      responses: { 200: z.object({ first: z.array(z.string()), second: z.array(z.string()), kind: z.string() }) },
      outside: {
        call: async ({ read, principal }) => {
          const texts = () => read(({ knex }) => knex('things').pluck('text').orderBy('text'));
          const first = await texts();
          entered++;
          await gate;
          return { first: first as string[], second: (await texts()) as string[], kind: principal.kind };
        },
      },
      handler: async ({ params, result, services: { knex } }) => {
        if ((await knex('things').where({ owner_id: params.id }).update({ text: 'called' })) === 0) throw notFound();
        return result;
      },
    }),
    route({
      ...post,
      path: '/sign-in',
      body: z.object({ id: z.uuid() }),
      responses: { 204: nothing('Signed in') },
      outside: { call: async ({ body: { id } }) => ({ id }) },
      handler: async ({ result, services: { sessions } }) => sessions.start({ id: result.id, displayName: 'Lotte' }),
    }),
    route({
      ...post,
      path: '/refused',
      responses: { 204: nothing('Never') },
      outside: {
        call: () => {
          throw new Problem({ type: 'caller/refused', status: 409, title: 'Refused by the other side' });
        },
      },
      handler: () => undefined,
    }),
    route({
      method: 'GET',
      path: '/things',
      summary: 'What the caller sees',
      permission: 'thing:read',
      machines: { none: 'a test' },
      responses: { 200: z.object({ texts: z.array(z.string()), told: z.string() }) },
      outside: { call: async ({ read }) => `${(await read(({ knex }) => knex('things').pluck('text'))).length} seen` },
      handler: async ({ result, services: { knex } }) => ({
        texts: await knex('things').pluck('text').orderBy('text'),
        told: result,
      }),
    }),
  ],
});

let portal: TestPlatform;
beforeAll(async () => {
  silent = await startSilentServer();
  server = createServer((_, response) => void response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  portal = await createTestPlatform({ plugins: [caller] });
  await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
  await portal.work('caller', ({ knex }) =>
    knex('things').insert([
      { school_id: north, owner_id: lotte, text: 'of north' },
      { school_id: south, owner_id: bram, text: 'of south' },
    ]),
  );
});
afterAll(async () => {
  await portal?.stop();
  await silent?.stop();
  server?.close();
});
afterEach(() => {
  gate = Promise.resolve();
});

const call = (url: string, words: string) => portal.client().post('/api/caller/effects', { url, text: words });
const effects = (): Promise<string[]> => portal.work('caller', ({ knex }) => knex('effects').pluck('text'));
const audited = async () =>
  (
    await (
      await portal.platform.home()
    ).pool.query(
      `select route, status, actor_kind as kind, (select p.id from kernel.audit_pseudonyms p where p.pseudonym = e.actor) as actor
     from kernel.audit_entries e where plugin = 'caller' order by e.id`,
    )
  ).rows;

describe('a route that calls another service', () => {
  test('reads before, calls without a unit of work, and stores the result', async () => {
    const answer = await call(serverUrl, 'called');
    expect([answer.status, answer.body]).toEqual([201, { text: '200 after 0' }]);
    expect(await effects()).toEqual(['called']);
  });

  test('blocks nobody while that service hangs, ends in time, and stores nothing', async () => {
    const { pool } = await portal.platform.home();
    const hanging = Array.from({ length: 12 }, (_, index) => call(silent.url, `never ${index}`));
    await until('all of them wait', () => silent.open === 12);
    expect(pool.totalCount - pool.idleCount + pool.waitingCount).toBe(0);
    expect((await call(serverUrl, 'meanwhile')).status).toBe(201);
    expect(silent.open).toBe(12);
    for (const { status, body, headers } of await Promise.all(hanging)) {
      expect([status, body.type, headers.get('retry-after')]).toEqual([504, '/problems/outside-too-slow', '30']);
    }
    expect(await effects()).toEqual(['called', 'meanwhile']);
  });

  test('is abandoned even if it ignores its signal', async () => {
    expect((await portal.client().post('/api/caller/deaf')).status).toBe(504);
    expect(aborted).toBe(1);
  });

  test('answers 502 if nobody answers, which does not take the plugin out of service', async () => {
    const gone = await startSilentServer();
    await gone.stop();
    for (let each = 0; each < 25; each++) {
      const { status, body } = await call(gone.url, 'never');
      expect([status, body.type]).toEqual([502, '/problems/outside-failed']);
    }
    expect((await call(serverUrl, 'still')).status).toBe(201);
    const line = portal.log.find((each) => each.includes('request failed') && each.includes('could not be reached'));
    expect(line).toContain('Check the other service');
  });

  test('reports its own refusals in its own words', async () => {
    const { status, body } = await portal.client().post('/api/caller/refused');
    expect([status, body.type]).toEqual([409, '/problems/caller/refused']);
  });

  test('cannot change anything before its handler: PostgreSQL refuses it', async () => {
    expect((await portal.client().post('/api/caller/write-early')).status).toBe(500);
    expect(await effects()).not.toContain('early');
  });
});

describe('rights and sessions', () => {
  const gated = async (client: Awaited<ReturnType<TestPlatform['signIn']>>, id = lotte) => {
    let open = () => {};
    gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const before = entered;
    const answer = client.post(`/api/caller/gated/${id}`);
    await until('it calls', () => entered > before);
    return { answer, open };
  };

  test('are checked before the call: nobody without them triggers it', async () => {
    const before = entered;
    expect((await portal.client().post(`/api/caller/gated/${lotte}`)).status).toBe(401);
    const stranger = await portal.signIn(bram);
    expect((await stranger.post(`/api/caller/gated/${lotte}`)).status).toBe(403);
    const teacher = await portal.signIn(lotte);
    expect((await teacher.post('/api/caller/gated/nobody')).status).toBe(400);
    const elsewhere = { headers: { origin: 'https://elsewhere.example' } };
    expect((await teacher.post(`/api/caller/gated/${lotte}`, undefined, elsewhere)).status).toBe(403);
    expect(entered).toBe(before);
  });

  test('apply to what it reads and to what it stores: only rows of the caller’s tenants', async () => {
    const { answer, open } = await gated(await portal.signIn(lotte));
    open();
    const { status, body } = await answer;
    expect([status, body]).toEqual([200, { first: ['of north'], second: ['of north'], kind: 'person' }]);
    expect(await portal.work('caller', ({ knex }) => knex('things').pluck('text').orderBy('text'))).toEqual([
      'called',
      'of south',
    ]);
  });

  test('that end meanwhile end it: nothing more is read or stored', async () => {
    await portal.work('caller', ({ knex }) => knex('things').where({ school_id: north }).update({ text: 'of north' }));
    const client = await portal.signIn(lotte);
    const { answer, open } = await gated(client);
    await portal.work('caller', ({ sessions }) => sessions.endAll(lotte));
    open();
    expect((await answer).status).toBe(401);

    const again = await gated(await portal.signIn(lotte));
    await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
    again.open();
    expect((await again.answer).status).toBe(403);
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    expect(await portal.work('caller', ({ knex }) => knex('things').where({ text: 'called' }))).toEqual([]);
  });

  test('of a GET are taken from the cached session at its start', async () => {
    const client = await portal.signIn(lotte);
    for (let each = 0; each < 3; each++) {
      const { status, body } = await client.get('/api/caller/things');
      expect([status, body]).toEqual([200, { texts: ['of north'], told: '1 seen' }]);
    }
    await portal.work('caller', ({ sessions }) => sessions.endAll(lotte));
    expect((await client.get('/api/caller/things')).status).toBe(401);
  });

  test('can begin in it: the cookie is sent with the answer', async () => {
    const client = portal.client();
    expect((await client.post('/api/caller/sign-in', { id: lotte })).status).toBe(204);
    expect((await client.get('/api/caller/things')).status).toBe(200);
  });
});

test('the audit log has one entry for each answered request of this kind, with its status and caller', async () => {
  const before = (await audited()).length;
  await portal.client().post('/api/caller/sign-in', { id: lotte });
  await portal.client().post('/api/caller/refused');
  const client = await portal.signIn(lotte);
  await client.get('/api/caller/things');
  await client.post(`/api/caller/gated/${lotte}`);
  await client.post(`/api/caller/gated/${north}`);
  expect((await audited()).slice(before)).toEqual([
    { route: 'POST /api/caller/sign-in', status: 204, kind: 'person', actor: lotte },
    { route: 'GET /api/caller/things', status: 200, kind: 'person', actor: lotte },
    { route: 'POST /api/caller/gated/:id', status: 200, kind: 'person', actor: lotte },
  ]);
});

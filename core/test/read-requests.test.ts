import { routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bram, lotte, north, plugin, south, sql } from './support/fixtures.js';

const route = routeFor<any>();
let runs = 0;
const seen = z.object({ texts: z.array(z.string()) });
const get = (path: string, handler: (input: any) => unknown, rest = {}) =>
  route({
    method: 'GET',
    path,
    summary: path,
    permission: 'board:read',
    machines: { none: 'a test' },
    responses: { 200: seen },
    handler: async (input) => {
      runs++;
      return handler(input);
    },
    ...rest,
  });
const texts = async ({ services: { knex } }: any) => ({ texts: await knex('notes').pluck('text').orderBy('text') });
const write = ({ services: { knex } }: any) => knex('notes').insert({ school_id: north, text: 'written by a GET' });

const board = plugin('board', {
  permissions: { 'board:read': ['teacher'] },
  tables: { notes: { tenant: 'school_id' } },
  events: { looked: z.object({}) },
  on: { 'board.looked': async () => {} },
  migrations: [sql('0001', 'create table notes (school_id uuid not null, text text not null)')],
  routes: [
    get('/notes', texts),
    get('/no-statement', () => ({ texts: ['from memory'] })),
    get('/deaf', async (input) => {
      await texts(input).catch(() => {});
      return { texts: ['whatever happened'] };
    }),
    get('/pages/:page', texts, { params: z.object({ page: z.coerce.number() }) }),
    get('/language', ({ request }) => ({ texts: [request.language] }), { permission: 'signed-in' }),
    get('/fails', async (input) => {
      await input.services.knex.raw('select 1 / 0').catch(() => {});
      return texts(input);
    }),
    get('/fails-last', async (input) => {
      const answer = await texts(input);
      await input.services.knex.raw('select 1 / 0').catch(() => {});
      return answer;
    }),
    get('/takes-back', async (input) => {
      const { knex, unitOfWork } = input.services;
      const before = await texts(input);
      await unitOfWork.savepoint(() => knex.raw('select 1 / 0')).catch(() => {});
      return { texts: [...before.texts, ...(await texts(input)).texts] };
    }),
    get('/writes-in-part', async (input) => {
      await texts(input);
      await input.services.unitOfWork.savepoint(() => write(input));
      return texts(input);
    }),
    get('/writes', async (input) => {
      await write(input);
      return { texts: [] };
    }),
    get('/publishes', async ({ services: { events } }) => {
      await events.publish('looked', {});
      return { texts: [] };
    }),
    get(
      '/begins',
      async (input) => {
        await write(input);
        return texts(input);
      },
      { changes: 'A launch is begun.' },
    ),
    route({
      method: 'POST',
      path: '/notes',
      summary: 'Add',
      permission: 'board:read',
      machines: { none: 'a test' },
      responses: { 200: seen },
      handler: async ({ services: { knex }, principal }) => {
        await knex('notes').insert({ school_id: principal.tenants[0], text: 'added' });
        return { texts: [] };
      },
    }),
  ],
});

let portal: TestPlatform;
let teacher: Awaited<ReturnType<TestPlatform['signIn']>>;
const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;
const read = async (path = '/notes') => {
  const { status, body } = await teacher.get(`/api/board${path}`);
  return status === 200 ? body.texts : status;
};

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [board] });
});
beforeEach(async () => {
  await portal.work('board', async ({ knex }) => {
    await knex('notes').delete();
    await knex('notes').insert([
      { school_id: north, text: 'north' },
      { school_id: south, text: 'south' },
    ]);
  });
  await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
  teacher = await portal.signIn(lotte);
  // From the second request on the session is one that the portal remembers.
  expect([await read(), await read()]).toEqual([['north'], ['north']]);
});
afterAll(() => portal?.stop());

describe('a request with a known session', () => {
  test.each([
    ['that asks the database', '/notes'],
    ['that asks nothing', '/no-statement'],
    ['that minds no error', '/deaf'],
    ['with a fault of its own', '/pages/none'],
  ])('%s is refused as soon as the session has ended', async (_, path) => {
    await kernel('delete from kernel.sessions where person_id = $1', [lotte]);
    expect(await read(path)).toBe(401);
  });

  test('is refused as soon as the session has expired', async () => {
    await kernel(`update kernel.sessions set expires_at = now() - interval '1 second'`);
    expect(await read()).toBe(401);
  });

  test.each(['/notes', '/no-statement', '/deaf', '/pages/1'])('sees a role added or removed immediately: %s', async (path) => {
    const before = await read(path);
    await portal.grant(lotte, []);
    expect(await read(path)).toBe(403);
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    expect(await read(path)).toEqual(before);
  });

  test('sees no more rows of the tenant that the person left', async () => {
    await portal.grant(lotte, [{ tenant: south, role: 'teacher' }]);
    expect(await read()).toEqual(['south']);
  });

  test('is answered in the language that was chosen just before', async () => {
    expect(await read('/language')).toEqual(['nl']);
    await teacher.put('/api/kernel/session/language', { language: 'fr' });
    expect(await read('/language')).toEqual(['fr']);
  });

  test('runs once, and a second time only if the session has changed', async () => {
    runs = 0;
    await read();
    expect(runs).toBe(1);
    await portal.grant(lotte, [{ tenant: south, role: 'teacher' }]);
    await read();
    expect(runs).toBe(3);
  });

  test('prevents the session from expiring', async () => {
    await kernel(`update kernel.sessions set seen_at = now() - interval '100 minutes'`);
    expect(await read()).toEqual(['north']);
    await expect
      .poll(() =>
        kernel(`select seen_at > now() - interval '1 minute' as fresh from kernel.sessions where person_id = $1`, [lotte]),
      )
      .toContainEqual({ fresh: true });
  });

  test('is not confused with that of somebody else at the same time', async () => {
    await portal.grant(bram, [{ tenant: south, role: 'teacher' }]);
    const other = await portal.signIn(bram);
    const answers = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, index) => (await (index % 2 === 0 ? teacher : other).get('/api/board/notes')).body.texts,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 40 }, (_, index) => [index % 2 === 0 ? 'north' : 'south']));
  });
});

describe('a GET', () => {
  test.each([
    '/writes',
    '/writes-in-part',
    '/publishes',
  ])('may not change anything, and its author is told the remedy: %s', async (path) => {
    portal.log.length = 0;
    expect(await read(path)).toBe(500);
    expect(portal.log.join('')).toContain(
      'A GET may not change anything: make the route a POST, or describe under changes what it must store.',
    );
    expect(await portal.work('board', ({ knex }) => knex('notes').where({ text: 'written by a GET' }))).toEqual([]);
    expect(await kernel(`select * from kernel.messages where name = 'board.looked'`)).toEqual([]);
  });

  test.each(['/fails', '/fails-last'])('that hides a failed statement fails: %s', async (path) => {
    expect(await read(path)).toBe(500);
    expect(await read()).toEqual(['north']);
  });

  test('continues after a part of it that failed', async () => {
    expect(await read('/takes-back')).toEqual(['north', 'north']);
  });

  test('may change something if it declares changes', async () => {
    expect(await read('/begins')).toEqual(['north', 'written by a GET']);
    expect(await read()).toEqual(['north', 'written by a GET']);
  });

  test('leaves a connection on which others can write', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0 ? teacher.post('/api/board/notes') : teacher.get('/api/board/notes'),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 200));
    expect(await read()).toHaveLength(21);
  });

  test('leaves no open transaction', async () => {
    await Promise.all(Array.from({ length: 30 }, () => read()));
    const open = `select count(*)::int as open from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`;
    await expect.poll(() => kernel(open)).toEqual([{ open: 0 }]);
  });
});

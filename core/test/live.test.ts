import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { notFound, type PluginDefinition, topicFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { createJiti } from 'jiti';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson, parseTopicKey, topicKey } from '../dist/live/topic-key.js';
import { checkLive } from '../dist/plugins/check-live.js';
import { PortalFolder } from './support/command.js';
import { erase } from './support/erase.js';
import { bram, lotte, north, plugin, south, sql } from './support/fixtures.js';
import { until } from './support/redis.js';
import { Stream, type StreamOptions } from './support/stream.js';

const topic = topicFor<any>();
const kind = z.object({ kind: z.enum(['a', 'b', 'c', 'd']), n: z.int().optional(), filler: z.array(z.int()).optional() });
const classId = z.object({ classId: z.uuid() });
/** What `allow` of the topic `moody` does. */
let mood: 'fine' | 'throws' | 'hangs' | 'no-boolean' | 'problem' = 'fine';
let asked = 0;

const boards = plugin('boards', {
  permissions: { 'board:read': ['teacher'] },
  tables: { classes: { tenant: 'school_id' } },
  migrations: [sql('0001', 'create table classes (id uuid primary key, school_id text not null)')],
  live: {
    board: topic({
      params: classId,
      payload: kind,
      permission: 'board:read',
      allow: async ({ params, services }) => (await services.knex('classes').where({ id: params.classId }).first()) !== undefined,
    }),
    own: topic({
      params: z.object({ person: z.uuid() }),
      payload: kind,
      permission: 'signed-in',
      allow: ({ params, principal }) => params.person === principal.id,
    }),
    moody: topic({
      params: z.object({}),
      payload: kind,
      permission: 'signed-in',
      allow: async () => {
        asked++;
        if (mood === 'throws') throw new Error('a bug');
        if (mood === 'problem') throw notFound();
        if (mood === 'hangs') await new Promise(() => {});
        return mood === 'no-boolean' ? ('yes' as never) : true;
      },
    }),
  },
});

const northClass = randomUUID();
const southClass = randomUUID();
const board = (id: string) => `boards.board:${JSON.stringify({ classId: id })}`;
let portal: TestPlatform;
const open: Stream[] = [];

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [boards] });
  await portal.work('boards', ({ knex }) =>
    knex('classes').insert([
      { id: northClass, school_id: north },
      { id: southClass, school_id: south },
    ]),
  );
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
  mood = 'fine';
});
afterAll(() => portal?.stop());

/** A new person with a session, who teaches in these schools. */
async function teacher(...schools: string[]) {
  const id = randomUUID();
  await portal.grant(
    id,
    schools.map((school) => ({ tenant: school, role: 'teacher' })),
  );
  return { id, cookie: (await portal.signIn(id)).cookie('ilearn') };
}
async function follow(cookie: string | undefined, topics: string[], options?: StreamOptions, at = portal): Promise<Stream> {
  const stream = await Stream.open(at.url, cookie, topics, options);
  open.push(stream);
  return stream;
}
const publish = (id: string, ...kinds: string[]) =>
  portal.work('boards', async ({ live }) => {
    for (const each of kinds) await live.publish('board', { classId: id }, { kind: each });
  });
const kindsOf = (stream: Stream) => stream.messages.map((payload) => payload.kind).join('');
const got = (stream: Stream, kinds: string) => until(`it got ${kinds}, not ${kindsOf(stream)}`, () => kindsOf(stream) === kinds);

describe('a live message of a unit of work', () => {
  test('live K15: reaches the followers of the topic once it is committed, and nobody else', async () => {
    const { cookie } = await teacher(north, south);
    const [one, other] = [await follow(cookie, [board(northClass)]), await follow(cookie, [board(southClass)])];
    await Promise.all([one.ready(), other.ready()]);
    await publish(northClass, 'a', 'b');
    await got(one, 'ab');
    await publish(southClass, 'c');
    await got(other, 'c');
    expect(kindsOf(one)).toBe('ab');
    expect(one.events[1]).toMatchObject({ event: 'message', data: { topic: board(northClass), payload: { kind: 'a' } } });
  });

  test('is sent only after the commit, and never after a rollback', async () => {
    const { cookie } = await teacher(north);
    const stream = await follow(cookie, [board(northClass)]);
    await stream.ready();
    await portal.work('boards', async ({ live, unitOfWork }) => {
      await live.publish('board', { classId: northClass }, { kind: 'a' });
      await unitOfWork
        .savepoint(async () => {
          await live.publish('board', { classId: northClass }, { kind: 'b' });
          throw new Error('only this part');
        })
        .catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(kindsOf(stream)).toBe('');
    });
    await got(stream, 'a');
    await portal
      .work('boards', async ({ live }) => {
        await live.publish('board', { classId: northClass }, { kind: 'c' });
        throw new Error('all of it');
      })
      .catch(() => {});
    await publish(northClass, 'd');
    await got(stream, 'ad');
  });

  test('must fit its topic’s schema', async () => {
    const attempt = (...about: unknown[]) => portal.work('boards', ({ live }) => live.publish(...about));
    await expect(attempt('bord', {}, {})).rejects.toThrow(
      'boards declares no live topic "bord"; add it to live in its manifest.',
    );
    await expect(attempt('board', { classId: 'x' }, { kind: 'a' })).rejects.toThrow('params of the live topic boards.board');
    await expect(attempt('board', { classId: northClass }, { kind: 'x' })).rejects.toThrow(
      'payload of the live topic boards.board',
    );
    const filler = Array.from({ length: 3_000 }, () => 1);
    await expect(attempt('board', { classId: northClass }, { kind: 'a', filler })).rejects.toThrow('4096 at most');
    await expect(
      portal.platform.runner.run({ readOnly: true }, (frame) =>
        (portal.platform.runner.cradleOf('boards', frame) as any)['live'].publish(
          'board',
          { classId: northClass },
          { kind: 'a' },
        ),
      ),
    ).rejects.toThrow('read-only unit of work');
  });

  test('reaches its followers however they spell the params', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.uuid())), (params) => {
        const shuffled = Object.fromEntries(Object.entries(params).reverse());
        const key = topicKey('boards', 'board', params);
        expect(topicKey('boards', 'board', shuffled)).toBe(key);
        if (key.length <= 500) expect(canonicalJson(parseTopicKey(key)?.params)).toBe(canonicalJson(params));
      }),
    );
  });
});

describe('a page that reconnects', () => {
  test('gets the messages that it missed, each once and in order, and continues', async () => {
    const { cookie } = await teacher(north);
    const first = await follow(cookie, [board(northClass)]);
    await first.ready();
    await publish(northClass, 'a');
    await got(first, 'a');
    first.close();
    await publish(northClass, 'b', 'c');
    const second = await follow(cookie, [board(northClass)], { lastId: first.lastId });
    await second.ready();
    await publish(northClass, 'd');
    await got(second, 'bcd');
    const ids = second.events.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
  });

  test('gets each message once, whenever it lost its connection while others publish', async () => {
    const { cookie } = await teacher(north);
    let going = true;
    let count = 0;
    const publisher = async () => {
      while (going) {
        // Ids are taken in another order than the units commit.
        await portal.work('boards', async ({ live }) => {
          const n = count++;
          await live.publish('board', { classId: northClass }, { kind: 'a', n });
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        });
      }
    };
    let stream = await follow(cookie, [board(northClass)]);
    await stream.ready();
    const seen: number[] = [];
    const publishers = [publisher(), publisher(), publisher()];
    for (let round = 0; round < 8; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
      stream.close();
      await stream.closed();
      seen.push(...stream.messages.map(({ n }) => n));
      stream = await follow(cookie, [board(northClass)], { lastId: stream.lastId });
      expect([stream.status, stream.problem]).toEqual([200, null]);
    }
    going = false;
    await Promise.all(publishers);
    await until('all came', () => seen.length + stream.messages.length >= count);
    seen.push(...stream.messages.map(({ n }) => n));
    expect([...seen].sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  test('is told to load everything again if messages were deleted, too many, or unknown', async () => {
    const { cookie } = await teacher(north);
    const stream = await follow(cookie, [board(northClass)]);
    await stream.ready();
    await publish(northClass, 'a');
    await got(stream, 'a');
    stream.close();
    const { pool } = await portal.platform.home();
    await publish(northClass, 'b');
    await pool.query('select kernel.number_live_messages()');
    await pool.query(`update kernel.live_messages set numbered_at = now() - interval '11 minutes'`);
    await pool.query('select kernel.purge_live_messages()');
    for (const lastId of [stream.lastId, '999999999999']) {
      const back = await follow(cookie, [board(northClass)], { lastId });
      await back.ready();
      expect(back.has('reset')).toBe(true);
      expect(kindsOf(back)).toBe('');
      await publish(northClass, 'c');
      await got(back, 'c');
      back.close();
    }
    const now = await follow(cookie, [board(northClass)], { query: { since: '30' } });
    await now.ready();
    expect([kindsOf(now), now.has('reset')]).toEqual(['cc', false]);
    const { lastId } = now;
    await portal.work('boards', ({ live }) =>
      Promise.all(Array.from({ length: 501 }, () => live.publish('board', { classId: northClass }, { kind: 'a' }))),
    );
    await until('they are sent', () => now.messages.length === 503);
    const late = await follow(cookie, [board(northClass)], { lastId });
    await late.ready();
    expect([late.messages.length, late.has('reset')]).toEqual([0, true]);
  });
});

describe('the right to a topic', () => {
  test('requires its permission and its allow, as the person, and nothing else', async () => {
    const here = await teacher(north);
    const nobody = await portal.signIn(randomUUID());
    const refused = await follow(here.cookie, [board(southClass)]);
    expect([refused.status, refused.problem.refused[0].reason]).toEqual([403, 'forbidden']);
    expect((await follow(nobody.cookie('ilearn'), [board(northClass)])).status).toBe(403);
    expect((await follow(undefined, [board(northClass)])).status).toBe(401);
    expect((await follow('x'.repeat(43), [board(northClass)])).status).toBe(401);
    const some = await follow(here.cookie, [
      board(southClass),
      board(northClass),
      `boards.own:{"person":"${lotte}"}`,
      'boards.none:{}',
    ]);
    await some.ready();
    const reasons = some.events.filter(({ event }) => event === 'refused').map(({ data }) => data.reason);
    expect(reasons.sort()).toEqual(['forbidden', 'forbidden', 'unknown']);
    await publish(southClass, 'a');
    await portal.work('boards', ({ live }) => live.publish('own', { person: lotte }, { kind: 'a' }));
    await publish(northClass, 'b');
    await got(some, 'b');
  });

  test('ends with the role: messages published after its removal are not sent', async () => {
    const { id, cookie } = await teacher(north);
    const stream = await follow(cookie, [board(northClass), `boards.own:{"person":"${id}"}`]);
    await stream.ready();
    await publish(northClass, 'a');
    await got(stream, 'a');
    await portal.grant(id, []);
    await publish(northClass, 'b');
    await portal.work('boards', ({ live }) => live.publish('own', { person: id }, { kind: 'c' }));
    await got(stream, 'ac');
    await until('it is told', () => stream.has('refused'));
    expect(stream.events.find(({ event }) => event === 'refused')?.data).toEqual({
      topic: board(northClass),
      reason: 'forbidden',
    });
  });

  test('ends with the session, by sign-out or expiry', async () => {
    const { pool } = await portal.platform.home();
    for (const end of [
      (id: string) => pool.query('delete from kernel.sessions where person_id = $1', [id]),
      async (id: string) => {
        await pool.query(`update kernel.sessions set expires_at = now() where person_id = $1`, [id]);
        // What the minute's look would find.
        await pool.query(
          `insert into kernel.live_messages (plugin, topic, payload)
           select 'kernel', 'kernel.rights', jsonb_build_object('changed', jsonb_agg(handle)) from kernel.sessions where person_id = $1`,
          [id],
        );
      },
    ]) {
      const { id, cookie } = await teacher(north);
      const stream = await follow(cookie, [board(northClass)]);
      await stream.ready();
      await end(id);
      await publish(northClass, 'a');
      await stream.closed();
      expect([kindsOf(stream), stream.has('ended')]).toEqual(['', true]);
    }
  });

  test('does not keep a session alive', async () => {
    const { id, cookie } = await teacher(north);
    const { pool } = await portal.platform.home();
    await pool.query(`update kernel.sessions set seen_at = now() - interval '119 minutes' where person_id = $1`, [id]);
    const stream = await follow(cookie, [board(northClass)]);
    await stream.ready();
    const { rows } = await pool.query(
      `select seen_at < now() - interval '1 hour' as idle from kernel.sessions where person_id = $1`,
      [id],
    );
    expect(rows).toEqual([{ idle: true }]);
  });

  test('is refused by an allow that throws, hangs or returns no boolean, which does not take the plugin out of service', async () => {
    const { cookie } = await teacher(north);
    for (const [how, reason] of [
      ['problem', 'forbidden'],
      ['no-boolean', 'forbidden'],
      ['throws', 'failed'],
      ['hangs', 'failed'],
    ] as const) {
      mood = how;
      const stream = await follow(cookie, ['boards.moody:{}']);
      expect([stream.status, stream.problem.refused]).toEqual([403, [{ topic: 'boards.moody:{}', reason }]]);
    }
    mood = 'throws';
    for (let caller = 0; caller < 5; caller++) {
      const other = (await portal.signIn(randomUUID())).cookie('ilearn');
      for (let call = 0; call < 2; call++) await follow(other, ['boards.moody:{}']);
    }
    asked = 0;
    mood = 'fine';
    expect((await follow(cookie, ['boards.moody:{}'])).problem.refused[0].reason).toBe('failed');
    expect(asked).toBe(0);
    const stream = await follow(cookie, [board(northClass), 'boards.moody:{}']);
    await stream.ready();
    await publish(northClass, 'a');
    await got(stream, 'a');
    portal.platform.gate.reset('boards');
  });
});

describe('a hostile client', () => {
  test('gets a problem and no stream for an invalid topic', async () => {
    const { cookie } = await teacher(north);
    const malformed = [
      '',
      'boards',
      'boards.board',
      'boards.board:',
      'boards.board:{',
      'boards.board:[]',
      'Boards.board:{}',
      '../x.y:{}',
      `${board(northClass)}\n`,
      `boards.board:{"classId":"${'x'.repeat(500)}"}`,
      'boards.board:{"a":1}x',
    ];
    for (const key of malformed) expect([key, (await follow(cookie, [key])).status]).toEqual([key, 400]);
    const invalid = ['{}', '{"classId":1}', '{"classId":"\\u0000"}', '{"__proto__":{"classId":"x"}}', '{"classId":{"$ne":1}}'];
    for (const params of invalid) {
      const stream = await follow(cookie, [`boards.board:${params}`]);
      expect([params, stream.status, stream.problem.refused?.[0].reason]).toEqual([params, 403, 'invalid']);
    }
    for (const name of ['constructor', 'toString', 'hasOwnProperty'])
      expect((await follow(cookie, [`boards.${name}:{}`])).problem.refused[0].reason).toBe('unknown');
    const many = Array.from({ length: 41 }, () => board(randomUUID()));
    expect((await follow(cookie, many)).status).toBe(400);
    const thousands = Array.from({ length: 5_000 }, (_, n) => `boards.own:{"n":${n}}`);
    expect([431, 400, 0]).toContain((await follow(cookie, thousands).catch(() => ({ status: 0 }))).status);
    for (const lastId of ['x', '-1', '1e9', '9'.repeat(40)])
      expect((await follow(cookie, [board(northClass)], { lastId })).status).toBe(400);
    expect((await follow(cookie, [board(northClass)], { query: { since: '601' } })).status).toBe(400);
    expect((await follow(cookie, [board(northClass)], { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    const post = await fetch(`${portal.url}/live?topic=${encodeURIComponent(board(northClass))}`, {
      method: 'POST',
      headers: { cookie: `ilearn=${cookie}` },
    });
    expect(post.status).toBe(405);
  });

  test('has a maximum number of streams, and can open new ones after closing old ones', async () => {
    const { cookie } = await teacher(north);
    const streams = await Promise.all(Array.from({ length: 14 }, () => follow(cookie, [board(northClass)])));
    expect(streams.map(({ status }) => status).sort()).toEqual([...Array(12).fill(200), 429, 429]);
    for (const stream of streams) stream.close();
    await until('there is room again', async () => {
      const stream = await follow(cookie, [board(northClass)]);
      stream.close();
      return stream.status === 200;
    });
    for (let round = 0; round < 15; round++) expect((await follow(cookie, [board(southClass)])).status).toBe(403);
  });

  test('that does not read is disconnected, and until then its buffer is bounded', async () => {
    const { cookie } = await teacher(north);
    const { hostname, port } = new URL(portal.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(
      `GET /live?topic=${encodeURIComponent(board(northClass))} HTTP/1.1\r\nhost: ${hostname}\r\ncookie: ilearn=${cookie}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const steady = await follow(cookie, [board(northClass)]);
    await steady.ready();
    const filler = Array.from({ length: 1_900 }, () => 1);
    const before = portal.log.length;
    const open = async () => Number(/^ilearn_live_connections (\d+)/m.exec((await portal.client().get('/metrics')).body)?.[1]);
    expect(await open()).toBe(2);
    for (let round = 1; (await open()) === 2 && round <= 100; round++) {
      await portal.work('boards', ({ live }) =>
        Promise.all(Array.from({ length: 200 }, () => live.publish('board', { classId: northClass }, { kind: 'a', filler }))),
      );
      await until('the other one gets all', () => steady.messages.length === round * 200);
    }
    expect([await open(), steady.ended]).toEqual([1, false]);
    // A machine that has too much else to do may complain of that.
    const complaints = portal.log.slice(before).map((line) => JSON.parse(line));
    expect(complaints.filter(({ level, msg }) => level >= 40 && !['slow', 'event loop blocked'].includes(msg))).toEqual([]);
    socket.destroy();
  });
});

describe('a manifest', () => {
  test('allows only ids and codes in messages, and no public topics', () => {
    const faults = (live: Record<string, any>) => {
      const found: string[] = [];
      checkLive(live, (where, message) => found.push(`${where}: ${message}`));
      return found;
    };
    const sound = { params: classId, payload: kind, permission: 'signed-in', machines: { none: 'a test' }, allow: () => true };
    expect(faults({ board: sound })).toEqual([]);
    expect(
      faults({
        board: {
          ...sound,
          payload: z.object({
            a: z.date(),
            b: z.iso.date(),
            c: z.literal('x').nullable(),
            d: z.tuple([z.uuid()]),
            e: z.string().regex(/^\d+$/),
          }),
        },
      }),
    ).toEqual([]);
    const free = z.object({
      name: z.string(),
      list: z.array(z.string()),
      deep: z.object({ any: z.any() }).optional(),
      map: z.record(z.string(), z.uuid()),
    });
    expect(faults({ board: { ...sound, payload: free } }).map((fault) => fault.split(': ')[0])).toEqual([
      'live.board.payload.name',
      'live.board.payload.list[]',
      'live.board.payload.deep.any',
      'live.board.payload.map',
    ]);
    expect(faults({ 'no name': sound })[0]).toContain('is not a valid name');
    expect(faults({ board: { ...sound, permission: 'public' } })).toEqual(['live.board.permission: A topic is never public.']);
    expect(faults({ board: { ...sound, params: z.uuid() } })).toEqual(['live.board.params: It is not an object.']);
  });

  test('must name a declared permission', async () => {
    const wrong = plugin('boards', {
      live: { board: topic({ params: classId, payload: kind, permission: 'bord:read', allow: () => true }) },
    });
    await expect(createTestPlatform({ plugins: [wrong] })).rejects.toThrow('declares the permission "bord:read"');
  });
});

test('the plugin of docs/plugins.md works as written', async () => {
  const page = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /## Live topics[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('diary', 'index.ts', source);
  const { default: diary } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'diary', 'index.ts'),
  );
  await folder.remove();
  const other = await createTestPlatform({ plugins: [diary] });
  try {
    await other.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    const lottes = await other.signIn(lotte);
    const add = () => lottes.post(`/api/diary/classes/${northClass}/entries`, { school: north, text: 'Page 12' });
    const topics = [`diary.board:${JSON.stringify({ classId: northClass })}`];
    expect((await follow(lottes.cookie('ilearn'), topics, {}, other)).status).toBe(403);
    expect((await add()).status).toBe(204);
    const stream = await follow(lottes.cookie('ilearn'), topics, {}, other);
    await stream.ready();
    await add();
    await got(stream, 'added');
    await other.grant(bram, [{ tenant: south, role: 'teacher' }]);
    expect((await follow((await other.signIn(bram)).cookie('ilearn'), topics, {}, other)).status).toBe(403);
  } finally {
    await other.stop();
  }
});

test('SIGTERM: a portal that stops ends its streams with a reconnection time, and refuses new ones', async () => {
  const other = await createTestPlatform({ plugins: [boards], beside: portal });
  const { cookie } = await teacher(north);
  const stream = await follow(cookie, [board(northClass)], {}, other);
  await stream.ready();
  const began = performance.now();
  const stopped = other.stop();
  await stream.closed();
  expect(stream.retry).toBeGreaterThanOrEqual(500);
  await stopped;
  expect(performance.now() - began).toBeLessThan(8_000);
  const back = await follow(cookie, [board(northClass)], { lastId: stream.lastId });
  await back.ready();
  await publish(northClass, 'a');
  await got(back, 'a');
});

test('an erased person leaves nothing in the log of messages', async () => {
  await portal.work('boards', ({ live }) => live.publish('own', { person: bram }, { kind: 'a' }));
  const { pool } = await portal.platform.home();
  const count = async () =>
    (await pool.query(`select count(*)::int as n from kernel.live_messages where topic like $1`, [`%${bram}%`])).rows[0].n;
  expect(await count()).toBe(1);
  await erase(portal, bram);
  expect(await count()).toBe(0);
});

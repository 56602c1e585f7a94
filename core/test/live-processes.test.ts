import { setTimeout as pause } from 'node:timers/promises';
import { openTestHome, TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../scripts/system.mjs';
import { PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { until } from './support/redis.js';
import { Stream } from './support/stream.js';

// Two web processes on one PostgreSQL; either may be killed while a page follows a topic.
const counter = `
import { definePlugin, nothing, topicFor } from '@ilearn/core';
import { z } from 'zod';
const number = z.object({ n: z.int() });
export default definePlugin({
  id: 'counter', version: '1.0.0', privileges: ['sessions'],
  tables: { numbers: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001', up: 'create table numbers (n int primary key)', down: '' }],
  live: { numbers: topicFor()({ params: z.object({}), payload: number, permission: 'signed-in', allow: () => true }) },
  routes: [
    { method: 'POST', path: '/sign-in', summary: 'Signs in', permission: 'public', responses: { 204: nothing('Signed in') },
      handler: ({ services }) => services.sessions.start({ id: '33333333-3333-4333-8333-333333333333', displayName: 'Lotte' }) },
    { method: 'POST', path: '/numbers', summary: 'Keeps a number, once, and tells it', permission: 'public', body: number,
      responses: { 204: nothing('Kept') },
      handler: async ({ body, services: { knex, live } }) => {
        const kept = await knex('numbers').insert(body).onConflict().ignore().returning('n');
        if (kept.length === 0) return;
        await live.publish('numbers', {}, body);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      } },
  ],
});
`;

const before = process.env['ILEARN_TEST_POSTGRES'];
let server: Awaited<ReturnType<typeof serverForTests>>;
let home: Awaited<ReturnType<typeof openTestHome>>;
let folder: PortalFolder;
const webs: { port: number; run: ReturnType<PortalFolder['begin']> }[] = [];

const begin = (port: number) => {
  folder.environment['PORT'] = `${port}`;
  return folder.begin('start', '--only', 'web');
};
const urlOf = (index: number) => `http://127.0.0.1:${webs[index % 2]?.port}`;

beforeAll(async () => {
  server = await serverForTests();
  process.env['ILEARN_TEST_POSTGRES'] = server.url;
  home = await openTestHome();
  folder = new PortalFolder().pack('live-counter', counter).compose('live-counter');
  Object.assign(folder.environment, { DATABASE_URL: `${home.url}`, HOST: '127.0.0.1' });
  for (let index = 0; index < 2; index++) {
    const port = await freePort();
    const run = begin(port);
    await run.printed(/ready/);
    webs.push({ port, run });
  }
});
afterAll(async () => {
  for (const { run } of webs) run.child.kill('SIGKILL');
  await Promise.all(webs.map(({ run }) => run.ended));
  await folder?.remove();
  await home?.close();
  process.env['ILEARN_TEST_POSTGRES'] = before ?? '';
  await server?.stop();
});

/** Sends numbers, each until a web accepts it. */
async function send(first: number, step: number, going: () => boolean, sent: Set<number>): Promise<void> {
  for (let n = first; going(); n += step) {
    for (let attempt = n; ; attempt++) {
      const answer = await fetch(`${urlOf(attempt)}/api/counter/numbers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ n }),
      }).catch(() => null);
      if (answer?.status === 204) break;
      await pause(50);
    }
    sent.add(n);
  }
}

test('live K15: if either of two webs is killed or stopped, a page misses no message and gets none twice', async () => {
  const client = new TestClient(urlOf(0));
  expect((await client.post('/api/counter/sign-in')).status).toBe(204);
  const cookie = client.cookie('ilearn');
  const topics = ['counter.numbers:{}'];
  const got: number[] = [];
  const sent = new Set<number>();
  let going = true;
  let stream = await Stream.open(urlOf(0), cookie, topics);
  await stream.ready();
  const senders = [0, 1, 2].map((first) => send(first, 3, () => going, sent));

  /** As a browser does: to the other web, with the id of the last event. */
  const comeBack = async (to: number) => {
    await stream.closed();
    got.push(...stream.messages.map(({ n }) => n));
    const { lastId } = stream;
    await until('it is connected again', async () => {
      const next = await Stream.open(urlOf(to), cookie, topics, { lastId }).catch(() => null);
      if (next?.status !== 200) return false;
      stream = next;
      return true;
    });
  };
  for (const [index, signal] of [
    [0, 'SIGKILL'],
    [1, 'SIGKILL'],
    [0, 'SIGTERM'],
    [1, 'SIGKILL'],
  ] as const) {
    const progress = sent.size;
    await until('numbers flow', () => sent.size > progress + 15 && stream.messages.length > 5);
    const web = webs[index];
    if (web === undefined) throw new Error('no web');
    web.run.child.kill(signal);
    const back = comeBack(index + 1);
    await web.run.ended;
    web.run = begin(web.port);
    await back;
    await web.run.printed(/ready/);
  }
  going = false;
  await Promise.all(senders);
  await until(
    `all ${sent.size} came, not ${got.length + stream.messages.length}`,
    () => got.length + stream.messages.length >= sent.size,
  );
  stream.close();
  got.push(...stream.messages.map(({ n }) => n));
  expect(got.toSorted((one, other) => one - other)).toEqual([...sent].toSorted((one, other) => one - other));
});

test('a message of one web reaches pages of the other immediately', async () => {
  const client = new TestClient(urlOf(0));
  await client.post('/api/counter/sign-in');
  const streams = await Promise.all(
    [0, 1].map((web) => Stream.open(urlOf(web), client.cookie('ilearn'), ['counter.numbers:{}'])),
  );
  await Promise.all(streams.map((stream) => stream.ready()));
  await send(1_000_001, 1, () => streams.every(({ messages }) => messages.length < 3), new Set());
  await until('both have the same', () => streams.every(({ messages }) => messages.length >= 3));
  expect(streams[0]?.messages.slice(0, 3)).toEqual(streams[1]?.messages.slice(0, 3));
  for (const stream of streams) stream.close();
});

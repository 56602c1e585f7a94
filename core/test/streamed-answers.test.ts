import { get } from 'node:http';
import { reply, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const zip = { 200: { description: 'bytes', contentType: 'application/zip' } };
const PART = new Uint8Array(64 * 1024).fill(7);

/** What the parts of the running answer did. */
const seen = { made: 0, ended: false };

const streamed = (path: string, handler: (input: any) => unknown, method: 'GET' | 'POST' = 'GET') =>
  route({ method, path, summary: path, permission: 'public', responses: zip, handler });

async function* parts(count: number, failAt = -1) {
  try {
    for (let n = 0; n < count; n++) {
      if (n === failAt) throw new Error('part lost');
      seen.made++;
      yield PART;
    }
  } finally {
    seen.ended = true;
  }
}

const streams = plugin('streams', {
  tables: { rows: none },
  migrations: [sql('0001', 'create table rows (n int)')],
  routes: [
    streamed('/whole', () => parts(3)),
    streamed('/endless', () => parts(100_000)),
    streamed('/breaks', () => parts(10, 5)),
    streamed('/fails', () => reply(200, parts(10, 0), { 'content-disposition': 'attachment' })),
    streamed('/short', () => reply(200, parts(2), { 'content-length': String(3 * PART.length) })),
    streamed('/text', async function* () {
      yield 'no bytes';
    }),
    streamed('/early', ({ work }) => work(async () => parts(1))),
    streamed(
      '/stored',
      async ({ services: { knex }, work }) => {
        await knex('rows').insert({ n: 1 });
        return (async function* () {
          for (let n = 0; n < 3; n++) {
            const rows = await work(({ knex: own }: any) => own('rows').select('n'));
            yield new TextEncoder().encode(`${rows.length} `);
          }
        })();
      },
      'POST',
    ),
    streamed('/undone', async ({ services: { knex } }) => {
      await knex('rows').insert({ n: 2 });
      await knex.raw('select 1/0').catch(() => {});
      return parts(1);
    }),
    route({
      method: 'GET',
      path: '/great',
      summary: 'A list without an end',
      permission: 'public',
      responses: { 200: z.array(z.string()) },
      handler: () => Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024)),
    }),
  ],
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [streams] });
});
afterAll(() => portal?.stop());
beforeEach(() => Object.assign(seen, { made: 0, ended: false }));
const ask = (path: string, method = 'GET') => fetch(`${portal.url}/api/streams${path}`, { method });

describe('a streamed answer', () => {
  test('arrives complete, and its parts are produced in separate units of work after the commit', async () => {
    const whole = await ask('/whole');
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await whole.arrayBuffer()).byteLength).toBe(3 * PART.length);
    expect(await (await ask('/stored', 'POST')).text()).toBe('1 1 1 ');
    expect((await ask('/whole', 'HEAD')).status).toBe(200);
  });

  test('is produced only as fast as the client reads it, and ends when the client disconnects', async () => {
    await new Promise<void>((resolve, reject) => {
      const request = get(`${portal.url}/api/streams/endless`, (response) => {
        response.pause();
        setTimeout(() => {
          // Sockets and the reader hold some; the rest of 6 GB waits.
          if (seen.made > 500) reject(new Error(`${seen.made} parts were made for nobody`));
          request.destroy();
          resolve();
        }, 300);
      });
      request.on('error', () => {});
    });
    await expect.poll(() => seen.ended).toBe(true);
  });

  test.each(['/breaks', '/short'])('that fails midway is cut off, never complete: %s', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect(seen.ended).toBe(true);
    expect((await ask('/whole')).status).toBe(200);
  });

  test.each(['/fails', '/text', '/early', '/undone'])('that fails before anything was sent is a problem: %s', async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  test('leaves nothing stored if the commit failed', async () => {
    await ask('/undone');
    expect(await portal.work('streams', ({ knex }) => knex('rows').where({ n: 2 }))).toEqual([]);
    expect(seen.made).toBe(0);
  });
});

test('an answer of more than 8 MiB that is not streamed is refused, and the log tells its author what to do', async () => {
  expect((await ask('/great')).status).toBe(500);
  expect(portal.log.join('')).toMatch(/the answer has 943\d+ bytes; more than 8388608 must be streamed\. Return a list in pages/);
});

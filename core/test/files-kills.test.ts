import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createDatabase } from '@ilearn/core/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../scripts/system.mjs';
import { PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { until } from './support/redis.js';

const box = `
import { definePlugin, fileAnswers } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'box', version: '1.0.0',
  files: { things: { tenant: { none: 'a test' }, types: ['application/zip'], maxBytes: 300 * 1024 * 1024 } },
  routes: [{
    method: 'POST', path: '/things', summary: 'Hand in', permission: 'public', upload: { file: 'things' },
    query: z.object({ waitMs: z.coerce.number().default(0) }),
    responses: { 200: z.object({ id: z.string(), sha256: z.string() }) },
    handler: async ({ services: { files }, uploads: { file }, query: { waitMs } }) => {
      const kept = await files.keep('things', file, {});
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      return kept;
    },
  }, {
    method: 'GET', path: '/things/:id', summary: 'One', permission: 'public',
    params: z.object({ id: z.string() }), responses: fileAnswers, handler: ({ services: { files }, params }) => files.open('things', params.id),
  }],
});
`;
const MEGABYTE = 1024 * 1024;

let postgres: Awaited<ReturnType<typeof serverForTests>>;
let database: Awaited<ReturnType<typeof createDatabase>>;
let pool: pg.Pool;
let port: number;
let running: ReturnType<PortalFolder['begin']>;
const folder = new PortalFolder().pack('files-box', box).compose('files-box');
beforeAll(async () => {
  postgres = await serverForTests();
  database = await createDatabase(postgres.url);
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  port = await freePort();
  // A file in memory would not fit.
  Object.assign(folder.environment, {
    DATABASE_URL: database.url,
    PORT: `${port}`,
    HOST: '127.0.0.1',
    NODE_OPTIONS: '--max-old-space-size=80',
  });
  await start();
});
afterAll(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended;
  await pool?.end();
  await database?.drop();
  await postgres?.stop();
  await folder.remove();
});

async function start(): Promise<void> {
  running = folder.begin('start');
  await running.printed(/ready/);
}

async function kill(): Promise<void> {
  running.child.kill('SIGKILL');
  await running.ended;
}

/** A multipart body with a file of so many bytes that begins like a ZIP archive. */
async function* body(bytes: number, part = randomBytes(MEGABYTE)): AsyncGenerator<Buffer> {
  yield Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK\u0003\u0004');
  for (let left = bytes - 4; left > 0; left -= part.length) yield part.subarray(0, left);
  yield Buffer.from('\r\n--x--\r\n');
}

/** Null where the connection was lost. */
function send(parts: AsyncIterable<Buffer>, path = '/things'): Promise<{ status: number; id: string; sha256: string } | null> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const sent = request({ host: '127.0.0.1', port, path: `/api/box${path}`, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, ...JSON.parse(text) }));
      answer.on('error', () => resolve(null));
    });
    sent.on('error', () => resolve(null));
    Readable.from(parts)
      .on('error', () => sent.destroy())
      .pipe(sent);
  });
}

const rows = async (text: string): Promise<any[]> => (await pool.query(text)).rows;
const filesIn = (...path: string[]): string[] => {
  try {
    return readdirSync(join(folder.path, 'data', 'files', ...path)).sort();
  } catch {
    return [];
  }
};

/** Highest resident memory of the portal's process so far, in MB. */
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${running.child.pid}/status`, 'utf8'))?.[1]) / 1024;

test('200 MB are uploaded and downloaded with a heap of 80 MB', { timeout: 120_000 }, async () => {
  const before = peak();
  const { status, id } = (await send(body(200 * MEGABYTE))) ?? {};
  expect(status).toBe(200);
  let bytes = 0;
  const answer = await fetch(`http://127.0.0.1:${port}/api/box/things/${id}`);
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
  expect(bytes).toBe(200 * MEGABYTE);
  expect(peak() - before).toBeLessThan(120);
  await pool.query('delete from box.things');
});

test('after a kill at any moment, every row has its bytes, and bytes without a row are removed within a day', {
  timeout: 180_000,
}, async () => {
  // In the middle of an upload.
  const half = send(
    (async function* () {
      for await (const part of body(20 * MEGABYTE)) {
        yield part;
        if (filesIn('.uploads').length > 0) await kill();
      }
    })(),
  );
  expect(await half).toBeNull();
  await running.ended;
  expect(filesIn('.uploads')).toHaveLength(1);
  await start();
  // After the bytes are stored, before the commit.
  const waiting = send(body(MEGABYTE), '/things?waitMs=20000');
  let id = '';
  await until('the bytes are stored', async () => {
    id = (await rows('select id from kernel.file_uploads'))[0]?.id;
    return filesIn('box', 'things').includes(id);
  });
  await kill();
  expect(await waiting).toBeNull();
  expect(await rows('select from box.things')).toEqual([]);
  expect(filesIn('box', 'things')).toContain(id);
  await start();
  // At random.
  const answered: string[] = [];
  for (let round = 0; round < 2; round++) {
    const sent = [1, 2, 3].map(() => send(body(3 * MEGABYTE)));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
    await kill();
    for (const answer of await Promise.all(sent)) if (answer?.status === 200) answered.push(answer.id);
    await start();
  }
  for (let n = 0; n < 2; n++) answered.push((await send(body(MEGABYTE)))?.id as string);
  const kept = (await rows('select id from box.things order by id')).map(({ id }) => id as string);
  expect(kept).toEqual(expect.arrayContaining(answered));
  expect(filesIn('box', 'things')).toEqual(expect.arrayContaining(kept));
  // A day later.
  await kill();
  await pool.query(`update kernel.file_uploads set started_at = now() - interval '25 hours'`);
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of filesIn('.uploads')) utimesSync(join(folder.path, 'data', 'files', '.uploads', name), old, old);
  await start();
  await until(
    'what has no row is gone',
    async () => filesIn('box', 'things').length === kept.length && filesIn('.uploads').length === 0,
  );
  expect(filesIn('box', 'things')).toEqual(kept);
  expect(await rows('select from kernel.file_uploads')).toEqual([]);
});

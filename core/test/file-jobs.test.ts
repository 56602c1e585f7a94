import { jobFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { plugin } from './support/fixtures.js';

const job = jobFor<any>();
const refusals: unknown[] = [];

/** Stores two texts and keeps the first, and tries to store what its kind does not accept. */
const scribe = plugin('scribe', {
  files: {
    notes: { tenant: { none: 'a test' }, types: ['text/plain'], maxBytes: 1_000, encrypt: true },
  },
  jobs: {
    write: job({
      payload: z.object({ fails: z.boolean() }),
      retries: 0,
      outside: {
        call: async ({ store }) => {
          const kept = await store('notes', [Buffer.from('dag '), Buffer.from('allemaal')], { name: '../dag?.exe' });
          await store('notes', Buffer.from('niemand houdt dit'), { name: 'weg.txt' });
          for (const bytes of [Buffer.alloc(2_000, 'x'), Buffer.from('<svg onload="x()"/>')])
            await store('notes', [bytes], { name: 'x.txt' }).catch((problem: { status: number }) =>
              refusals.push(problem.status),
            );
          await store('other', [], { name: 'x' }).catch((error: Error) => refusals.push(error.message));
          return kept;
        },
      },
      handler: async ({ payload, result, services: { files } }) => {
        await files.keep('notes', result, {});
        if (payload.fails) throw new Error('not kept after all');
      },
    }),
  },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [scribe] });
});
afterAll(() => portal?.stop());

const run = async (fails: boolean) => {
  await portal.work('scribe', ({ jobs }) => jobs.enqueue('write', { fails }));
  await expect.poll(() => portal.platform.pendingMessages(), { timeout: 20_000 }).toBe(0);
};
const rows = () => portal.work('scribe', ({ knex }) => knex('notes').select('id', 'name', 'bytes', 'sealed'));
const count = async (table: string) =>
  Number((await (await portal.platform.home()).pool.query(`select count(*) as n from kernel.${table}`)).rows[0].n);

test('a job stores files: what its handler keeps is a file, the rest is removed, also if the handler fails', async () => {
  await run(false);
  const [note, ...others] = await rows();
  expect(others).toEqual([]);
  expect(note).toMatchObject({ name: 'dag.exe.txt', bytes: '12', sealed: true });
  expect(refusals).toEqual([413, 415, 'scribe: files has no kind "other"']);
  const bytes = await portal.work('scribe', ({ files }) => files.bytes('notes', note.id));
  let text = '';
  for await (const part of bytes) text += part;
  expect(text).toBe('dag allemaal');
  await expect.poll(() => count('file_uploads')).toBe(0);
  await run(true);
  expect(await rows()).toHaveLength(1);
  await expect.poll(() => count('file_uploads')).toBe(0);
});

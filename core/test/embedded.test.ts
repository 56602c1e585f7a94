import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { PortalFolder } from './support/command.js';

// Each test starts processes, the first of them makes a database.
vi.setConfig({ testTimeout: 180_000 });

const notes = `
import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'notes', version: '1.0.0',
  tables: { notes: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001', up: 'create table notes (text text)', down: 'drop table notes' }],
  routes: [{
    method: 'POST', path: '/notes', summary: 'Keeps a note', permission: 'public',
    responses: { 200: z.object({ count: z.int() }) },
    handler: async ({ services: { knex } }) => {
      await knex('notes').insert({ text: 'x' });
      return { count: (await knex('notes')).length };
    },
  }],
  commands: [{
    name: 'note count', summary: 'Counts notes',
    run: async ({ work, print }) => print(\`\${await work(async ({ knex }) => (await knex('notes')).length)} notes\`),
  }],
});`;
const folder = new PortalFolder().pack('notes', notes).compose('notes');
const data = join(folder.path, 'data');
afterAll(() => folder.remove());

test('separate web and worker processes require a database that several processes can share', async () => {
  const alone = await folder.run('start', '--only', 'worker');
  expect([alone.code, alone.err]).toEqual([
    2,
    expect.stringContaining('--only worker needs DATABASE_URL: the embedded database'),
  ]);
  const unknown = await folder.run('start', '--only', 'queue');
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('--only takes web or worker, not "queue".')]);
  expect(existsSync(data)).toBe(false);
});

test('a portal without settings creates its database, locks it, and restarts after being killed', async () => {
  const run = folder.begin('start');
  const url = await run.printed(/The portal is ready at (http:\S+)/);
  const note = () => fetch(`${url}/api/notes/notes`, { method: 'POST' });
  expect(await (await note()).json()).toEqual({ count: 1 });
  expect(await (await note()).json()).toEqual({ count: 2 });

  const second = await folder.run('note', 'count');
  expect([second.code, second.err]).toEqual([
    2,
    expect.stringContaining(`The database in ${join(data, 'postgres')} is in use by process ${run.child.pid}.`),
  ]);
  // What operators do with plugins comes in by a socket.
  const disabled = await folder.run('plugin', 'disable', 'notes');
  expect([disabled.code, (await note()).status]).toEqual([0, 503]);
  expect((await folder.run('plugin', 'enable', 'notes')).out).toBe('notes  1.0.0     contract 1  started\n');

  run.child.kill('SIGKILL');
  await run.ended;
  const after = await folder.run('note', 'count');
  expect([after.code, after.out]).toEqual([0, '2 notes\n']);
});

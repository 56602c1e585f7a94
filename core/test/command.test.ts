import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { kernelMigrations } from '../dist/database/migrations/kernel/index.js';
import { PortalFolder } from './support/command.js';
import { column } from './support/portal.js';

// Each test starts processes, the first of them makes a database.
vi.setConfig({ testTimeout: 180_000 });

const notes = `
import { CommandError, definePlugin } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'notes', version: '1.2.0',
  permissions: { 'note:read': ['teacher'] },
  http: { hosts: ['api.example.org'], operator: 'a test', purpose: 'a test', sends: 'no data about people' },
  tables: { notes: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001_notes', up: 'create table notes (text text)', down: 'drop table notes' }],
  jobs: { tidy: { payload: z.object({}), schedule: '0 3 * * *', handler() {} } },
  routes: [{ method: 'GET', path: '/notes', summary: 'Notes', permission: 'note:read', machines: { none: 'a test' }, responses: { 200: z.object({}) }, handler: () => ({}) }],
  commands: [
    { name: 'note', summary: 'Too short a name to win', async run({ print }) { print('the short one'); } },
    {
      name: 'note add', summary: 'Keeps notes', usage: '<text...>',
      options: { loud: { type: 'boolean', help: 'In capitals' }, by: { type: 'string', help: 'Who writes' } },
      async run({ args, options, work, progress, print }) {
        if (args.length === 0) throw new CommandError('Give at least one text.');
        progress.start('Notes', args.length);
        const count = await work(async ({ knex }) => {
          for (const text of args) {
            if (text === 'boom') throw new Error('the pen broke');
            await knex('notes').insert({ text: options.loud ? text.toUpperCase() : text });
            progress.advance();
          }
          return (await knex('notes')).length;
        });
        progress.stop();
        print(\`\${count} kept by \${options.by ?? 'nobody'}\`);
        return count > 50 ? 3 : 0;
      },
    },
  ],
  async start({ announce }) {
    announce('Notes are at hand');
    return async () => console.log('notes put away');
  },
});`;
const broken = `
import { definePlugin } from '@ilearn/core';
export default definePlugin({ id: 'broken', version: '1.0.0', migrations: [{ name: '0001', up: 'creat table x (a int)', down: '' }] });`;

const folder = new PortalFolder()
  .pack('notes', notes)
  .pack('broken', broken)
  .compose('notes')
  .allow({ notes: { hosts: ['http://10.1.2.3'] } });
const data = join(folder.path, 'data');
beforeAll(() => folder.useServer());
afterAll(() => folder.remove());

describe('ilearn', () => {
  test('prints help, with the commands of the plugins', async () => {
    const { code, out } = await folder.call('help');
    expect(code).toBe(0);
    expect(out).toMatch(/^ilearn 0\.1\.0 \(contract 1\)\n\nUsage: ilearn <command> \[options\]\n/);
    for (const line of ['start  ', 'migrate  ', 'plan  ', 'note add <text...>  Keeps notes']) expect(out).toContain(`  ${line}`);
    expect(existsSync(data)).toBe(false);
  });

  test('prints the usage of a command, the portal’s or a plugin’s, without starting anything', async () => {
    const own = await folder.call('migrate', '--help');
    expect([own.code, own.out]).toEqual([0, expect.stringContaining('Usage: ilearn migrate')]);
    const plugged = await folder.call('note', 'add', '--help');
    expect(plugged.code).toBe(0);
    expect(plugged.out).toBe(`Keeps notes

Usage: ilearn note add <text...> [options]
  --loud
      In capitals
  --by <value>
      Who writes
`);
    expect(existsSync(data)).toBe(false);
  });

  test('refuses unknown commands and options', async () => {
    const unknown = await folder.call('frobnicate', 'now');
    expect([unknown.code, unknown.err]).toEqual([2, 'There is no command "frobnicate now". See: ilearn help\n']);
    const option = await folder.call('note', 'add', '--colour', 'red');
    expect([option.code, option.err]).toEqual([
      2,
      expect.stringMatching(/Unknown option '--colour'.*See: ilearn note add --help/s),
    ]);
  });

  test('shows what a composition would change, without changing anything', async () => {
    const { code, out } = await folder.call('plan');
    expect(code).toBe(0);
    for (const line of [
      'Kernel 0.1.0 (contract 1)\n\nnotes 1.2.0 (notes)',
      '  contract    1',
      '  permissions note:read (teacher)',
      '  tables      notes',
      '  routes      GET /api/notes/notes',
      '  jobs        tidy (0 3 * * *)',
      '  calls       api.example.org, http://10.1.2.3 (named by the operator)',
      '  commands    note, note add',
      '  notes: 0001_notes',
    ]) {
      expect(out).toContain(`${line}\n`);
    }
  });

  test('newcomer 9: names the plugins that could not be migrated, and migrates all once these are removed', async () => {
    folder.compose('notes', 'broken', 'absent');
    const failed = await folder.run('migrate');
    expect(failed.code).toBe(2);
    expect(failed.err).toContain('The portal starts without the plugins named here: 2 faults.');
    expect(failed.err).toContain('absent › package\n    The package is not installed.');
    expect(failed.err).toContain('broken › migrations.0001\n    It failed at line 1: syntax error at or near "creat"');

    folder.compose('notes');
    const done = await folder.run('migrate');
    expect([done.code, done.out]).toEqual([
      0,
      `kernel: ${kernelMigrations.map(({ name }) => name).join(', ')}\nnotes: 0001_notes\n`,
    ]);
    const again = await folder.call('migrate');
    expect([again.code, again.out]).toEqual([0, 'The database is up to date.\n']);
  });

  test('runs a plugin’s command, with arguments, options and progress', async () => {
    const added = await folder.run('note', 'add', 'een', 'twee', '--loud', '--by', 'Lotte');
    expect([added.code, added.out]).toEqual([0, '2 kept by Lotte\n']);
    // No terminal: a line for every tenth.
    expect(added.err).toContain('Notes 1/2\nNotes 2/2\n');
    const usage = await folder.call('note', 'add');
    expect([usage.code, usage.err]).toEqual([2, 'Give at least one text.\n']);
    const failed = await folder.run('note', 'add', 'drie', 'boom');
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('the pen broke');
    // What the failing one wrote is not among them.
    expect((await folder.call('note', 'add', 'vier')).out).toBe('3 kept by nobody\n');
    expect((await folder.call('note')).out).toBe('the short one\n');
  });

  test('reports all wrong settings at once, without their values', async () => {
    const before = folder.environment;
    folder.environment = { ...before, PORT: 'http', SECRET_KEY: 'hunter2' };
    const { code, err } = await folder.run('migrate').finally(() => {
      folder.environment = before;
    });
    expect(code).toBe(2);
    expect(err).toContain('environment › PORT');
    expect(err).toContain('environment › SECRET_KEY');
    expect(err).not.toContain('hunter2');
  });
});

describe('ilearn start', () => {
  const address = /The portal is ready at (http:\S+)/;

  test('serves until it is told to stop, then shuts down cleanly', async () => {
    const run = folder.begin('start');
    const url = await run.printed(address);
    expect(run.out).toMatch(/i-Learn started in \d+\.\d s\n/);
    expect(run.out).toContain('Notes are at hand');
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${url}/api/notes/notes`)).status).toBe(401);

    // Many processes may share a server.
    if (folder.database !== null) {
      const { code, out } = await folder.run('note', 'add', 'vijf');
      expect([code, out]).toEqual([0, '4 kept by nobody\n']);
    }

    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/Stopping: .*\n(.*\n)*notes put away\n(.*\n)*Stopped\.\n$/);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('reports that its port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const before = folder.environment;
    folder.environment = { ...before, HOST: '127.0.0.1', PORT: String((other.address() as AddressInfo).port) };
    const { code, err } = await folder.run('start').finally(() => {
      folder.environment = before;
      other.close();
    });
    expect(code).toBe(2);
    expect(err).toContain('Another program listens there: stop it, or set PORT to a free port.');
  });

  test('restarts after being killed, with all stored data', async () => {
    const run = folder.begin('start');
    await run.printed(address);
    run.child.kill('SIGKILL');
    await run.ended;
    const { code, out } = await folder.run('note', 'add', 'zes');
    expect([code, out]).toEqual([0, expect.stringMatching(/^[45] kept by nobody\n$/)]);
    if (folder.database !== null) expect(await column(folder.database, `select count(*)::int from notes.notes`)).toEqual([5]);
  });

  test('refuses a composition with a fault in a required plugin, and leaves nothing open', async () => {
    folder.compose('notes', 'broken').require('broken');
    const { code, err, out } = await folder.run('start').finally(() => folder.compose('notes').require());
    expect(code).toBe(2);
    expect(err).toContain('The portal does not start: 1 fault.');
    expect(out).not.toMatch(address);
  });
});

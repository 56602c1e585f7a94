import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PortalFolder } from './support/command.js';
import { bram, lotte } from './support/fixtures.js';

// Some steps are processes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const notes = `
import { existsSync } from 'node:fs';
import { definePlugin } from '@ilearn/core';
export default definePlugin({
  id: 'notes', version: '1.0.0',
  tables: { notes: { tenant: { none: 'a test' }, people: { author_id: 'subject' }, keep: 'P1Y', erase: 'delete', purpose: 'safe-environment', use: 'notes' } },
  migrations: [{ name: '0001', up: 'create table notes (author_id uuid, text text, updated_at timestamptz not null default now())', down: '' }],
  privacy: {
    erase: async () => {
      if (!existsSync('slow')) return;
      console.log('erasing slowly');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    },
  },
  commands: [{
    name: 'fill', summary: 'Keeps notes',
    run: async ({ work }) => {
      await work(async ({ knex }) => {
        for (const [author_id, updated_at] of [['${lotte}', 'now'], ['${lotte}', '2020-01-01'], ['${bram}', '2020-01-01']])
          await knex('notes').insert({ author_id, text: 'x', updated_at });
      });
    },
  }],
});`;
const folder = new PortalFolder().pack('notes', notes).compose('notes');
beforeAll(async () => {
  await folder.useServer();
  expect((await folder.call('fill')).code).toBe(0);
});
afterAll(() => folder.remove());
const run = (...args: string[]) => folder.call('privacy', ...args);

test('shows what is due for deletion, then deletes it', async () => {
  expect((await run('retention', '--dry-run')).out).toBe('notes.notes: 2 to be deleted\n');
  expect((await run('retention')).out).toBe('notes.notes: 2 deleted\n');
});

test('exports to a file that only its owner can read', async () => {
  const file = join(folder.path, 'lotte.zip');
  expect(await folder.run('privacy', 'export', lotte, '--to', file, '--language', 'fr')).toMatchObject({ code: 0, err: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const page = strFromU8(unzipSync(readFileSync(file))['export.html'] as Uint8Array);
  expect(page).toContain('<html lang="fr">');
  const nobody = await run('export', 'Lotte', '--to', `${file}2`);
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('"Lotte" is not the id of a person')]);
  expect(existsSync(`${file}2`)).toBe(false);
});

test('erases after a dry run, and continues after it was killed', async () => {
  const dry = await run('erase', lotte);
  expect(dry.out).toContain('notes.notes: 1 deleted\n');
  expect(dry.out).toContain('Nothing was erased.');
  writeFileSync(join(folder.path, 'slow'), '');
  const killed = folder.begin('privacy', 'erase', lotte, '--yes');
  await killed.printed(/(erasing slowly)/);
  killed.child.kill('SIGKILL');
  await killed.ended;
  rmSync(join(folder.path, 'slow'));
  // On a server another process may be at it still: as if the time had passed for which that is believed of one that was killed.
  await folder.database?.pool.query('update kernel.erasures set held_until = now()');
  const done = await run('erase', lotte, '--yes');
  expect([done.code, done.out]).toEqual([0, expect.stringMatching(/notes\.notes: 1 deleted\n.*Erased \(erasure [\w-]+\)\.\n$/s)]);
});

test('shows the log, and records that it was shown', async () => {
  const first = await run('audit', '--person', bram);
  expect(first.out).toBe('The log has no such entries.\n');
  const second = await run('audit', '--person', bram, '--since', '2020-01-01');
  expect(second.out).toMatch(new RegExp(`^\\S+Z  200  operator -  ilearn privacy audit  person=${bram}\\n$`));
  for (const [args, message] of [[['--person', bram, '--since', 'gisteren'], '"gisteren" is not a date or time']] as const) {
    const { code, err } = await run('audit', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  }
});

test('prints the register, and its usage', async () => {
  expect((await run('register', '--format', 'html')).out).toContain('<h1>Register van verwerkingsactiviteiten</h1>');
  expect(await run('register', '--format', 'pdf')).toMatchObject({
    code: 2,
    err: 'There is no format "pdf": use json or html.\n',
  });
  expect(await run('forget')).toMatchObject({ code: 2, err: expect.stringContaining('There is no command "privacy forget".') });
});

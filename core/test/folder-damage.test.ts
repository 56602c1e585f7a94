import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, openSync, readdirSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FolderError } from '../dist/database/homes/folder-error.js';
import { openHome } from '../dist/database/homes/home.js';
import { PortalFolder } from './support/command.js';

// Each starts a process that opens a database.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const notes = `
import { definePlugin } from '@ilearn/core';
export default definePlugin({
  id: 'notes', version: '1.0.0', tables: { notes: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001', up: "create table notes (text text); insert into notes select repeat(md5(n::text), 20) from generate_series(1, 500) n", down: '' }],
  commands: [{
    name: 'note count', summary: 'Counts notes',
    run: async ({ work, print }) => print(\`\${await work(async ({ knex }) => (await knex('notes')).length)} notes\`),
  }],
});`;
const folder = new PortalFolder().pack('notes', notes).compose('notes');
const data = join(folder.path, 'data');
const sound = join(folder.path, 'sound');
const files = join(data, 'postgres');
let tableFile: string;
beforeAll(async () => {
  expect((await folder.run('migrate')).code).toBe(0);
  const pglite = await PGlite.create(files);
  const { rows } = await pglite.query<{ file: string }>(`select pg_relation_filepath('notes.notes') as file`);
  tableFile = (rows[0] as { file: string }).file;
  await pglite.close();
  cpSync(data, sound, { recursive: true });
});
afterAll(() => folder.remove());

function noise(file: string, from: number, bytes: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(bytes, 0x5a), 0, bytes, from);
}

/** Puts a sound database in place, then damages it. */
function damaged(damage: () => void): void {
  rmSync(data, { recursive: true, force: true });
  cpSync(sound, data, { recursive: true });
  damage();
}

async function after(damage: () => void, ...command: string[]) {
  damaged(damage);
  return folder.run(...command);
}
const riddles = /RuntimeError|wasm|sASSERTIONS|\n\s+at /;

describe('operator 18: an embedded database with damaged files is reported clearly', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'pg_control cut',
      () => truncateSync(join(files, 'global', 'pg_control'), 100),
      /global\/pg_control has 100 bytes instead of 8192/,
    ],
    ['pg_control missing', () => rmSync(join(files, 'global', 'pg_control')), /global\/pg_control is missing/],
    ['pg_control overwritten', () => noise(join(files, 'global', 'pg_control'), 0, 8192), /files are damaged/],
    ['no write-ahead log', () => rmSync(join(files, 'pg_wal'), { recursive: true }), /write-ahead log \(pg_wal\) is missing/],
    ['no PG_VERSION', () => rmSync(join(files, 'PG_VERSION')), /it contains files, but PG_VERSION is missing/],
    ['the catalogue overwritten', () => noise(join(files, 'base', '5', '1259'), 0, 8192), /files are damaged/],
    [
      'files of a newer engine',
      () => writeFileSync(join(files, 'PG_VERSION'), '19\n'),
      /are of PostgreSQL 19, this i-Learn has PostgreSQL 18.*\n→ Install/,
    ],
    [
      'files of an older engine',
      () => writeFileSync(join(files, 'PG_VERSION'), '17\n'),
      /are of PostgreSQL 17, this i-Learn has PostgreSQL 18.*\n→ Start the version/,
    ],
  ])('%s', async (_, damage, words) => {
    damaged(damage);
    const error = await openHome({ folder: data }).then(
      () => expect.unreachable('the damaged database was opened'),
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(FolderError);
    expect(error.message).toMatch(words);
    expect(error.message).toContain(`The database in ${files} cannot be opened: `);
    expect(error.message).toMatch(/\n→ .*(backup|version)/);
    expect(error.message).not.toMatch(riddles);
  });

  test('damage inside a table is reported as damaged files when it is read', async () => {
    const { code, err } = await after(() => noise(join(files, tableFile), 8192, 3 * 8192), 'note', 'count');
    expect(err).toMatch(/files of the database are damaged.*invalid page/);
    expect(err).not.toMatch(riddles);
    expect(code).toBe(2);
  });

  test('the doctor reports the same', async () => {
    const { code, out } = await after(() => truncateSync(join(files, 'global', 'pg_control'), 100), 'doctor');
    expect(out).toMatch(/✗ The database in .*pg_control has 100 bytes.*\n {2}→ .*backup/);
    expect(code).toBe(2);
  });
});

describe('operator 18: an unusable folder is reported clearly', () => {
  test('owned by another user', async () => {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(files, { recursive: true });
    chmodSync(data, 0o700);
    const root = process.getuid?.() === 0;
    if (!root) chmodSync(files, 0o000);
    // Changes its user once it is loaded: the other user need not be able to read where this clone lies.
    const script = `import { openHome } from '${join(import.meta.dirname, '..', 'dist', 'database', 'homes', 'home.js')}';
      ${root ? 'process.setgroups([]); process.setgid(65534); process.setuid(65534); process.chdir("/");' : ''}
      await openHome({ folder: '${data}' }).catch((error) => { console.log(error.name + ': ' + error.message); process.exit(2); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let out = '';
    child.stdout.on('data', (bytes) => {
      out += bytes;
    });
    await new Promise((resolve) => child.once('close', resolve));
    if (!root) chmodSync(files, 0o700);
    expect(out).toMatch(
      /FolderError: The database in .* cannot be read and written by the user with id \d+\.\n→ Run the portal as the user who owns/,
    );
  });

  test('a file instead of a folder', async () => {
    rmSync(data, { recursive: true, force: true });
    writeFileSync(data, '');
    const { code, err } = await folder.run('note', 'count');
    expect([code, err]).toEqual([2, expect.stringMatching(/is a file where a folder should be\.\n→ Set DATA_DIR to a folder/)]);
    rmSync(data);
  });

  const small = join(folder.path, 'small');
  mkdirSync(small);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]).status === 0;
  afterAll(() => void (mounted && spawnSync('umount', [small])));
  test.each(mounted ? ['a full disk'] : [])('%s, and the next start tries again', async () => {
    const before = folder.environment;
    folder.environment = { ...before, DATA_DIR: 'small' };
    const { code, err } = await folder.run('note', 'count');
    expect(err).toMatch(/the disk is full\.\n→ Free space/);
    expect(err).not.toMatch(riddles);
    expect(code).toBe(2);
    spawnSync('mount', ['-o', 'remount,size=400m', small]);
    const again = await folder.run('note', 'count');
    folder.environment = before;
    expect([again.code, again.out]).toEqual([0, '500 notes\n']);
    expect(readdirSync(join(small, 'postgres.lock'))).not.toContain('.unfinished');
  });
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writePlugin } from '../dist/authoring/new/write-plugin.js';

const parent = mkdtempSync(join(tmpdir(), 'ilearn-new-'));
afterAll(() => rmSync(parent, { recursive: true }));
const make = (id: string, more: { licence?: string; tarballs?: string | null } = {}) =>
  writePlugin({ id, parent, licence: 'Apache-2.0', tarballs: null, ...more });
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

test('names everything after the plugin, and leaves nothing of the template’s own name', () => {
  const folder = make('notice-board');
  const files = (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as { isFile(): boolean; parentPath: string; name: string }[]
  )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files.filter((each) => !each.endsWith('LICENSE')))
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bsample\b/);
  expect(read(folder, 'src/index.ts')).toContain("id: 'notice-board'");
  expect(read(folder, 'src/notes/notes-page.ts')).toContain("@customElement('notice-board-notes-page')");
  const manifest = JSON.parse(read(folder, 'package.json'));
  expect(manifest).toMatchObject({
    name: 'ilearn-plugin-notice-board',
    license: 'Apache-2.0',
    ilearn: { contract: 1 },
    peerDependencies: { '@ilearn/core': '>=0.1.0', '@ilearn/ui': '>=0.1.0' },
  });
  expect(manifest.dependencies).toBeUndefined();
  expect(existsSync(join(folder, 'LICENSE'))).toBe(true);
});

test.each([
  'Notice',
  'notice_board',
  '-x',
  'x--y',
  '',
  '../up',
  'kernel',
  'public',
  'pg-x',
  'knex',
  'a'.repeat(41),
])('refuses the id "%s" and writes nothing', (id) => {
  const before = readdirSync(parent);
  expect(() => make(id)).toThrow(/is not a plugin id\.\nUse lower-case|is the kernel's own name\.\nChoose another id/);
  expect(readdirSync(parent)).toEqual(before);
});

test('touches no folder that holds something, and takes an empty one', () => {
  const used = join(parent, 'ilearn-plugin-used');
  mkdirSync(used);
  make('used');
  writeFileSync(join(used, 'mine.txt'), 'kept');
  expect(() => make('used')).toThrow(/is there already and not empty\.\nChoose another id, or another place: --in <folder>\./);
  expect(read(used, 'mine.txt')).toBe('kept');
});

test('carries the author’s own licence, without the text of another', () => {
  const folder = make('closed', { licence: 'UNLICENSED' });
  expect(JSON.parse(read(folder, 'package.json')).license).toBe('UNLICENSED');
  expect(existsSync(join(folder, 'LICENSE'))).toBe(false);
});

test('takes the kernel from tarballs where no registry has it, and says how to make those that are missing', () => {
  const tarballs = join(parent, 'tarballs');
  mkdirSync(tarballs);
  writeFileSync(join(tarballs, 'ilearn-core-0.1.0.tgz'), '');
  expect(() => make('offline', { tarballs })).toThrow(/no ilearn-ui-….tgz in .*\nMake it with: npm pack --workspace @ilearn\/ui/);
  writeFileSync(join(tarballs, 'ilearn-ui-0.1.0.tgz'), '');
  const { devDependencies } = JSON.parse(read(make('offline', { tarballs }), 'package.json'));
  expect(devDependencies['@ilearn/core']).toBe('file:../tarballs/ilearn-core-0.1.0.tgz');
});

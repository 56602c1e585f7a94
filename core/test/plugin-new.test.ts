import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { writePlugin } from '../dist/authoring/new/write-plugin.js';

const parent = mkdtempSync(join(tmpdir(), 'ilearn-new-'));
afterAll(() => rmSync(parent, { recursive: true }));
const make = (id: string, more: { licence?: string; tarballs?: string | null; bare?: boolean } = {}) =>
  writePlugin({ id, parent, licence: 'Apache-2.0', tarballs: null, ...more });
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8');

test('names everything after the plugin, without the names of the template', () => {
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
  expect(() => make(id)).toThrow(/is not a plugin id\.\nUse lower-case|is reserved for the kernel\.\nChoose another id/);
  expect(readdirSync(parent)).toEqual(before);
});

test('does not write to a folder that is not empty, but to an empty one', () => {
  const used = join(parent, 'ilearn-plugin-used');
  mkdirSync(used);
  make('used');
  writeFileSync(join(used, 'mine.txt'), 'kept');
  expect(() => make('used')).toThrow(/already exists and is not empty\.\nChoose another id, or another place: --in <folder>\./);
  expect(read(used, 'mine.txt')).toBe('kept');
});

test('has the author’s licence, without the text of another', () => {
  const folder = make('closed', { licence: 'UNLICENSED' });
  expect(JSON.parse(read(folder, 'package.json')).license).toBe('UNLICENSED');
  expect(existsSync(join(folder, 'LICENSE'))).toBe(false);
});

test('uses the kernel from tarballs if no registry has it, and says how to make missing ones', () => {
  const tarballs = join(parent, 'tarballs');
  mkdirSync(tarballs);
  writeFileSync(join(tarballs, 'ilearn-core-0.1.0.tgz'), '');
  expect(() => make('offline', { tarballs })).toThrow(/no ilearn-ui-….tgz in .*\nMake it with: npm pack --workspace @ilearn\/ui/);
  writeFileSync(join(tarballs, 'ilearn-ui-0.1.0.tgz'), '');
  const { devDependencies } = JSON.parse(read(make('offline', { tarballs }), 'package.json'));
  expect(devDependencies['@ilearn/core']).toBe('file:../tarballs/ilearn-core-0.1.0.tgz');
});

describe('a bare plugin', () => {
  const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
  let folder: string;
  let children: ChildProcess[] = [];
  const edit = (file: string, from: string, to: string) => {
    expect(read(folder, file)).toContain(from);
    writeFileSync(join(folder, file), read(folder, file).replace(from, to));
  };
  /** Begins a command as an author types it; `output()` is what it printed so far. */
  const begin = (line: string) => {
    const { PATH = '', HOME = '', ILEARN_TEST_POSTGRES = '' } = process.env;
    const env = { PATH: `${join(folder, 'node_modules', '.bin')}${delimiter}${PATH}`, HOME, ILEARN_TEST_POSTGRES, NO_COLOR: '1' };
    const child = spawn(line, { cwd: folder, shell: true, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        printed += bytes;
      });
    }
    const ended = new Promise<{ code: number | null; printed: string }>((done) => {
      child.on('close', (code) => done({ code, printed }));
    });
    return { output: () => printed, ended };
  };
  beforeAll(() => {
    folder = make('lone-page', { bare: true });
    mkdirSync(join(folder, 'node_modules'));
    for (const name of readdirSync(modules).filter((each) => each === '.bin' || !each.startsWith('.')))
      symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  });
  afterEach(() => {
    // Each is the leader of a group, which holds what it started.
    for (const { pid, exitCode } of children) if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
    children = [];
  });

  test('newcomer 22: has a route, a page and a test, without the example, and passes the check', async () => {
    const sources = readdirSync(join(folder, 'src'));
    expect(sources.sort()).toEqual(['client.ts', 'cradle.ts', 'index.ts', 'page.ts', 'routes.ts', 'ui.ts']);
    expect(readdirSync(join(folder, 'test')).sort()).toEqual(['portal.ts', 'time.test.ts', 'tsconfig.json']);
    const { code, printed } = await begin('npm run build && tsc --project test && ilearn plugin check --no-browser').ended;
    expect(code, printed).toBe(0);
  });

  test('newcomer 22: the types of its tests are checked', async () => {
    const file = join(folder, 'test', 'wrong.test.ts');
    writeFileSync(file, "import { startPortal } from './portal.js';\nexport const portal: string = startPortal();\n");
    const { code, printed } = await begin('tsc --project test').ended;
    rmSync(file);
    expect(code).not.toBe(0);
    expect(printed).toMatch(/test\/wrong\.test\.ts\S*2[,:]14.* TS2322/s);
  });

  test('newcomer 22: its test passes, and while `npm run watch` runs, vitest notices changes of the sources', async () => {
    const watch = begin('npm run watch');
    await vi.waitFor(() => expect(watch.output()).toMatch(/Found 0 errors[\s\S]*✓|✓[\s\S]*Found 0 errors/), 50_000);
    const vitest = begin('vitest --watch');
    await vi.waitFor(() => expect(vitest.output()).toMatch(/Tests +1 passed[\s\S]*Waiting for file changes/), 50_000);
    edit('src/routes.ts', "path: '/time'", "path: '/hour'");
    edit('src/page.ts', 'page narrow', 'page narrow seen');
    await vi.waitFor(() => expect(vitest.output()).toMatch(/Tests +1 failed/), 50_000);
    await vi.waitFor(() => expect(read(folder, 'dist/ui/index.js')).toContain('page narrow seen'), 50_000);
  });
});

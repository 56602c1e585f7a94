import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@ilearn/core/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launch } from '../../ui/test/browser.js';
import { writePlugin } from '../dist/authoring/new/write-plugin.js';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ilearn-dev-'));
const { PATH = '', HOME = '', ILEARN_TEST_POSTGRES = '' } = process.env;
const patience = { timeout: 120_000 };
let folder: string;
let browser: Browser;
let running: { child: ChildProcess; printed(): string } | undefined;

beforeAll(async () => {
  folder = writePlugin({ id: 'lone-page', parent: work, licence: 'MIT', tarballs: null, bare: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(modules).filter((each) => each === '.bin' || !each.startsWith('.')))
    symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  if (running?.child.pid !== undefined && running.child.exitCode === null) process.kill(-running.child.pid, 'SIGKILL');
  rmSync(work, { recursive: true, force: true });
});

/** `ilearn dev` in a process group of its own; returns the address. */
async function dev(cwd: string, more: Record<string, string> = {}): Promise<string> {
  const env = { PATH: `${join(modules, '.bin')}${delimiter}${PATH}`, HOME, PORT: '0', NO_COLOR: '1', ...more };
  const child = spawn('ilearn', ['dev'], { cwd, env, detached: true });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      printed += bytes;
    });
  running = { child, printed: () => printed };
  await vi.waitFor(() => expect(printed).toContain('it follows what you change'), patience);
  return /Open (http:\S+);/.exec(printed)?.[1] as string;
}

/** Ctrl-C, as a terminal sends it: to every process of the group. */
async function interrupt(): Promise<void> {
  const { child, printed } = running as NonNullable<typeof running>;
  const ended = new Promise((done) => child.once('close', done));
  process.kill(-(child.pid as number), 'SIGINT');
  expect(await ended, printed()).toBe(0);
  // Nothing of the group is left, once the system has removed what ended.
  await vi.waitFor(() => expect(() => process.kill(-(child.pid as number), 0)).toThrow('ESRCH'), { timeout: 2_000 });
}

/** Saves as most editors do: writes a new file and puts it in the place of the old one. */
function edit(file: string, from: string, to: string): void {
  const path = join(folder, file);
  expect(readFileSync(path, 'utf8')).toContain(from);
  writeFileSync(`${path}~`, readFileSync(path, 'utf8').replace(from, to));
  renameSync(`${path}~`, path);
}

/** `fetch` does not let a caller choose the Host. */
const rawGet = (port: number, path: string, host: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (part) => {
      answer += part;
    });
    socket.on('end', () => resolve(answer)).on('error', reject);
  });

const overlay = (page: Page) => page.locator('ilearn-dev-overlay');

test('newcomer 7: ilearn dev shows each change of a plugin in the open page, names what is wrong, and ends without a trace', {
  timeout: 600_000,
}, async () => {
  const url = await dev(folder);
  const page = await browser.newPage({ locale: 'nl-BE' });
  page.setDefaultTimeout(patience.timeout);
  const refused: string[] = [];
  page.on('console', (message) => void (/Content Security Policy/.test(message.text()) && refused.push(message.text())));
  await page.goto(`${url}/@dev/`);
  await page.getByRole('link', { name: 'teacher' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();

  edit('src/routes.ts', 'now: services.clock.now()', "now: new Date('2031-05-17T12:00:00Z')");
  await page.getByText('17 mei 2031').waitFor();
  edit('src/page.ts', '<h1 tabindex="-1">', '<p>Versie twee</p><h1 tabindex="-1">');
  await page.getByText('Versie twee').waitFor();
  // Each is measured from the change.
  expect(running?.printed()).toMatch(/src\/routes\.ts.*: ready in \d+ ms \(build \d+ ms, restart \d+ ms\)/);

  edit('src/routes.ts', "now: new Date('2031-05-17T12:00:00Z')", "now: new Date('2031-05-17T12:00:00Z'");
  const line =
    readFileSync(join(folder, 'src/routes.ts'), 'utf8')
      .split('\n')
      .findIndex((each) => each.includes('2031')) + 1;
  await overlay(page)
    .getByText(new RegExp(`src/routes\\.ts:${line}:\\d+`))
    .first()
    .waitFor();
  // What was built last still serves.
  expect((await fetch(`${url}/api/lone-page/time`)).status).toBe(401);
  edit('src/routes.ts', "now: new Date('2031-05-17T12:00:00Z'", "now: new Date('2032-05-17T12:00:00Z')");
  await page.getByText('17 mei 2032').waitFor();
  expect(await overlay(page).count()).toBe(0);

  // It compiles, but the portal puts the plugin out of service.
  edit('src/routes.ts', 'const route = ', "if (Date.now() > 0) throw new Error('the shelf fell');\nconst route = ");
  await overlay(page).getByText('the shelf fell').waitFor();
  edit('src/routes.ts', "if (Date.now() > 0) throw new Error('the shelf fell');\n", '');
  await page.getByText('17 mei 2032').waitFor();
  expect(await overlay(page).count()).toBe(0);

  // People who sign in at the same time each get their own session.
  const roles = [...(await (await fetch(`${url}/@dev/`)).text()).matchAll(/role=([\w-]+)/g)].map(([, role]) => role as string);
  expect(roles.length).toBeGreaterThan(1);
  const shownAs = async (role: string) => {
    const { headers } = await fetch(`${url}/@dev/sign-in?role=${role}`, { redirect: 'manual' });
    const answer = await fetch(`${url}/api/kernel/session`, { headers: { cookie: headers.get('set-cookie') as string } });
    return (await answer.json()).session?.displayName;
  };
  const wanted = [...roles, ...[...roles].reverse()];
  expect(await Promise.all(wanted.map(shownAs))).toEqual(wanted);

  // A page elsewhere, whose name resolves to this machine, cannot sign in with it.
  const foreign = await rawGet(Number(new URL(url).port), '/@dev/sign-in?role=teacher', 'evil.example');
  expect(foreign).toMatch(/^HTTP\/1\.1 403 /);
  expect(refused).toEqual([]);
  await page.close();
  await interrupt();
});

test('newcomer 7: ilearn dev follows the configuration and the modules of a portal, and offers no sign-in of its own there', {
  timeout: 300_000,
}, async () => {
  const portal = join(work, 'portal');
  mkdirSync(join(portal, 'local'), { recursive: true });
  symlinkSync(modules, join(portal, 'node_modules'));
  writeFileSync(join(portal, 'package.json'), '{ "name": "portal", "private": true }');
  const module = (word: string) => `import { definePlugin, routeFor } from '@ilearn/core';
    import { z } from 'zod';
    export default definePlugin({ id: 'local', version: '1.0.0', routes: [routeFor()({ method: 'GET', path: '/word', summary: 'A word',
      permission: 'public', responses: { 200: z.object({ word: z.string() }) }, handler: () => ({ word: '${word}' }) })] });`;
  writeFileSync(join(portal, 'local/index.mjs'), module('one'));
  writeFileSync(join(portal, 'ilearn.config.ts'), "export default { plugins: { './local/index.mjs': {} } };\n");
  const database = await (ILEARN_TEST_POSTGRES === '' ? null : createDatabase(ILEARN_TEST_POSTGRES));
  const url = await dev(portal, database === null ? {} : { DATABASE_URL: database.url });
  const word = async () => (await fetch(`${url}/api/local/word`)).text();
  expect(await word()).toContain('one');
  writeFileSync(join(portal, 'local/index.mjs'), module('two'));
  await vi.waitFor(async () => expect(await word()).toContain('two'), patience);
  writeFileSync(join(portal, 'ilearn.config.ts'), 'export default { plugins: {');
  await vi.waitFor(() => expect(running?.printed()).toContain('ilearn.config.ts › line 1, column'), patience);
  // Nothing serves: the page says so, and reloads once something does.
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('/@dev/client.js')]);
  writeFileSync(join(portal, 'ilearn.config.ts'), "export default { plugins: { './local/index.mjs': {} } };\n");
  await vi.waitFor(async () => expect(await word()).toContain('two'), patience);
  expect((await fetch(`${url}/@dev/sign-in?role=teacher`, { redirect: 'manual' })).status).toBe(404);
  await interrupt();
  await database?.drop();
});

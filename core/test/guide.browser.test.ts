import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@ilearn/core/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from '../../ui/test/browser.js';
import { readSteps, type Step } from './support/guide.js';
import { Registry } from './support/registry.js';

const guide = fileURLToPath(new URL('../../docs/guide.md', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ilearn-guide-'));
const { PATH = '', HOME = '', CHROMIUM = '', ILEARN_TEST_POSTGRES = '' } = process.env;

let registry: Registry;
/** What the portal is given where the suite runs on a server; without it, the portal makes its own as the guide's reader sees. */
let database: { url: string; drop(): Promise<void> } | null;
let folder = work;
let browser: Browser | undefined;
let running: ChildProcess | undefined;
let printed = '';

beforeAll(async () => {
  database = await (ILEARN_TEST_POSTGRES ? createDatabase(ILEARN_TEST_POSTGRES) : null);
  registry = new Registry('@ilearn/core', '@ilearn/ui', '@ilearn/plugin-directory', '@ilearn/plugin-login');
  // `npx -p @ilearn/core ilearn` outside of any package takes the command from the registry.
  const npx = join(work, 'npx');
  mkdirSync(npx);
  writeFileSync(join(npx, 'package.json'), '{}');
  registry.install(npx, ['@ilearn/core']);
});
afterAll(async () => {
  await browser?.close();
  // With the shell goes the portal that it started.
  if (running?.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
  await database?.drop();
  rmSync(work, { recursive: true, force: true });
});

/** The folder's own commands first, then those that npx would fetch. */
const begin = (line: string) => {
  const path = [join(folder, 'node_modules', '.bin'), join(work, 'npx', 'node_modules', '.bin'), PATH].join(delimiter);
  return spawn(line.replace(/^npx (-p @ilearn\/core )?/, ''), {
    cwd: folder,
    shell: true,
    detached: true,
    env: {
      ...{ PATH: path, HOME, CHROMIUM, ILEARN_TEST_POSTGRES, PORT: '0', npm_config_update_notifier: 'false' },
      ...(database === null ? {} : { DATABASE_URL: database.url }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

function listen(child: ChildProcess, until: RegExp | null): Promise<number | null> {
  return new Promise((done) => {
    const hear = (bytes: Buffer) => {
      printed += bytes;
      if (until?.test(printed)) done(null);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('close', (code) => done(code ?? 1));
  });
}

async function perform(step: Step): Promise<void> {
  if (step.kind === 'file') {
    mkdirSync(dirname(join(folder, step.name)), { recursive: true });
    writeFileSync(join(folder, step.name), step.text);
    return;
  }
  for (const line of step.lines) {
    const [command, verb, ...words] = line.split(' ');
    if (command === 'cd') folder = resolve(folder, verb as string);
    else if (command === 'npm' && verb === 'install') registry.install(folder, words);
    else if (line === 'npx -p @ilearn/core ilearn start') {
      running = begin(line);
      expect(await listen(running, /The portal is ready at \S+/), printed).toBeNull();
      await lookAround();
    } else {
      const before = printed.length;
      expect(await listen(begin(line), null), `line ${step.line}: ${line}\n${printed.slice(before)}`).toBe(0);
    }
  }
}

const portal = () => /The portal is ready at (\S+)/.exec(printed)?.[1] as string;

/** What the guide says can be seen once the portal runs. */
async function lookAround(): Promise<void> {
  const password = /Password, shown only now: (.+)/.exec(printed)?.[1] as string;
  browser = await launch();
  const page = await browser.newPage({ locale: 'nl-BE' });
  const foreign: string[] = [];
  page.on('request', (request) => void (request.url().startsWith(portal()) || foreign.push(request.url())));
  await page.goto(`${portal()}/aanmelden?wie=medewerker`);
  await page.getByLabel('Gebruikersnaam').fill('an.maes');
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Prikbord' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Prikbord' }).waitFor();
  await page.getByLabel('Nieuw briefje').fill('Morgen zwemmen');
  await page.getByRole('button', { name: 'Hang op' }).click();
  await page.getByText('Morgen zwemmen').waitFor();
  // One Lit on the page, whoever brought elements to it.
  const copies = '[litHtmlVersions, litElementVersions, reactiveElementVersions].map((each) => each.length)';
  expect(await page.evaluate(copies)).toEqual([1, 1, 1]);
  expect(foreign).toEqual([]);
}

test('newcomer 5: the guide, followed literally, leads to a page in a portal, and removes it again', {
  timeout: 300_000,
}, async () => {
  for (const step of readSteps(guide)) await perform(step);

  // What each part said is what the guide says it would.
  expect(printed).toMatch(/Created \S+ilearn-plugin-notice-board/);
  expect(printed).toMatch(/✓ separation .*\n/);
  expect(printed).toMatch(/✓ pages +1 pages at 1280 and 390 px/);
  expect(printed).not.toContain('✗');
  expect(existsSync(join(work, 'ilearn-plugin-notice-board', 'ilearn-plugin-notice-board-0.1.0.tgz'))).toBe(true);
  expect(printed).toContain('notice-board 0.1.0 (ilearn-plugin-notice-board)');
  expect(printed).toMatch(/table +notes +1 rows\n[\s\S]+Nothing was removed\.[\s\S]+\nRemoved\.\n/);
  const { status } = await fetch(`${portal()}/api/notice-board/notes`);
  expect(status).toBe(503);
  expect((await fetch(`${portal()}/api/login/options`)).status).toBe(200);
});

test('newcomer 5: no document uses a package from the registry that is not ours', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'core/create/README.md',
    'core/create/template/README.md',
    'core/template/bare/README.md',
    'core/template/notes/README.md',
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ];
  for (const page of pages.filter((name) => name.endsWith('.md')))
    expect(readFileSync(join(root, page), 'utf8'), page).not.toMatch(/npx +(?:--?[a-z]+ +)*ilearn /);
});

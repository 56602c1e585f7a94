import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDatabase } from '@ilearn/core/testing';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture } from '../../ui/test/browser.js';
import { Registry } from './support/registry.js';

const examples = fileURLToPath(new URL('../../docs/examples/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ilearn-agenda-'));
const portal = join(work, 'portal');
const examplesHere = ['agenda', 'agenda-load'];
const { PATH = '', HOME = '', CHROMIUM = '', ILEARN_TEST_POSTGRES = '' } = process.env;

let database: { url: string; drop(): Promise<void> } | null = null;
let browser: Browser;
let running: ChildProcess | undefined;
let url = '';

/** Runs a command in a folder, as its author or operator does; returns what it printed. */
async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const path = [join(work, 'node_modules', '.bin'), PATH].join(delimiter);
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder, env: environment(path) }).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

const environment = (path: string) => ({
  ...{ PATH: path, HOME, CHROMIUM, ILEARN_TEST_POSTGRES, PORT: '0', npm_config_update_notifier: 'false' },
  ...(database === null ? {} : { DATABASE_URL: database.url }),
});

const ilearn = (...args: string[]) => run(portal, process.execPath, 'node_modules/@ilearn/core/bin/ilearn.js', ...args);

/** Imports the school when the portal starts, and signs in by a link, in the place of a school's identity provider. */
const badges = `
  import { definePlugin, notFound, redirect, redirectTo, routeFor } from '@ilearn/core';
  import { z } from 'zod';
  export default definePlugin({
    id: 'badges', version: '1.0.0', requires: { directory: '^0.1.0' }, privileges: ['sessions', 'actAs'],
    start: ({ work }) => work(async ({ directory }) => void (await directory.oneroster.importFrom('school'))),
    routes: [routeFor()({
      method: 'GET', path: '/:school/:sourcedId', summary: 'Sign in', permission: 'public', changes: 'a session',
      params: z.object({ school: z.string(), sourcedId: z.string() }), responses: { 302: redirect('Signed in') },
      async handler({ params, services: { sessions, actAs } }) {
        const id = await actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, async ({ directory }) =>
          directory.people.bySourcedId((await directory.schools.byInstellingsnummer(params.school)).id, params.sourcedId));
        if (id === null) throw notFound();
        await sessions.start({ id, displayName: params.sourcedId });
        return redirectTo('/agenda');
      },
    })],
  });`;

const roster = {
  manifest: `propertyName,value
oneroster.version,1.2
${['orgs', 'academicSessions', 'classes', 'users', 'roles', 'enrollments'].map((file) => `file.${file},bulk`).join('\n')}`,
  orgs: `sourcedId,name,type,identifier,parentSourcedId
s1,Basisschool De Wissel,school,123456,`,
  academicSessions: `sourcedId,title,type,startDate,endDate,parentSourcedId
y1,Dit jaar,schoolYear,${new Date().getFullYear() - (new Date().getMonth() < 8 ? 1 : 0)}-09-01,${new Date().getFullYear() + (new Date().getMonth() < 8 ? 0 : 1)}-08-31,`,
  classes: `sourcedId,title,courseSourcedId,classType,schoolSourcedId,termSourcedIds
k3b,3B,,homeroom,s1,y1
k3c,3C,,homeroom,s1,y1`,
  users: `sourcedId,enabledUser,givenName,familyName,preferredGivenName,preferredFamilyName,email
an,true,An,Maes,,,an@wissel.voorbeeld
lotte,true,Lotte,Peeters,,,
noor,true,Noor,Claes,,,`,
  roles: `sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId
r1,an,primary,teacher,,,s1
r2,lotte,primary,student,,,s1
r3,noor,primary,student,,,s1`,
  enrollments: `sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate
e1,k3b,s1,an,teacher,,
e2,k3c,s1,an,teacher,,
e3,k3b,s1,lotte,student,,
e4,k3c,s1,noor,student,,`,
};

beforeAll(async () => {
  database = await (ILEARN_TEST_POSTGRES ? createDatabase(ILEARN_TEST_POSTGRES) : null);
  const ours = ['core', 'ui', 'plugin-directory', 'plugin-login', 'plugin-library', 'plugin-notifications', 'plugin-search'].map(
    (name) => `@ilearn/${name}`,
  );
  const registry = new Registry(...ours);
  mkdirSync(join(portal, 'local'), { recursive: true });
  mkdirSync(join(portal, 'school'));
  for (const folder of [portal, work]) writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  // The examples share what a developer installs; the portal has its own.
  registry.install(work, ours);
  for (const name of examplesHere) {
    const folder = join(work, name);
    cpSync(join(examples, name), folder, { recursive: true, filter: (path) => !/[/\\](dist|node_modules)$/.test(path) });
    await run(folder, 'npm', 'pack');
    for (const place of [portal, work]) registry.install(place, [join(folder, `ilearn-plugin-${name}-0.1.0.tgz`)]);
  }
  registry.install(portal, ours);
  writeFileSync(
    join(portal, 'ilearn.config.ts'),
    `import { defineConfig } from '@ilearn/core';
     export default defineConfig({ plugins: { '@ilearn/plugin-directory': {}, '@ilearn/plugin-login': {}, '@ilearn/plugin-library': {},
       '@ilearn/plugin-notifications': {}, '@ilearn/plugin-search': {}, 'ilearn-plugin-agenda': {}, 'ilearn-plugin-agenda-load': {}, './local/badges.mjs': {} } });`,
  );
  writeFileSync(join(portal, 'local', 'badges.mjs'), badges);
  for (const [file, text] of Object.entries(roster)) writeFileSync(join(portal, 'school', `${file}.csv`), `${text}\n`);
  [url, browser] = await Promise.all([start(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  running?.kill('SIGKILL');

  await database?.drop();
  rmSync(work, { recursive: true, force: true });
});

function start(): Promise<string> {
  const child = spawn(process.execPath, ['node_modules/@ilearn/core/bin/ilearn.js', 'start'], {
    cwd: portal,
    env: environment(PATH),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let printed = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        printed += bytes;
        const ready = /The portal is ready at (\S+)/.exec(printed)?.[1];
        if (ready !== undefined) resolve(ready);
      });
    child.on('close', () => reject(new Error(printed)));
  });
}

const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 20_000 });

async function signIn(sourcedId: string, width: number): Promise<Page> {
  const context = await browser.newContext({ locale: 'nl-BE', viewport: { width, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/api/badges/123456/${sourcedId}`);
  await page.getByRole('heading', { level: 1, name: 'Schoolagenda' }).waitFor();
  return page;
}

test('newcomer 2: the homework diary works in a portal, packed and installed, for teacher, pupil, colleague plugin and operator', async () => {
  const [an, lotte] = await Promise.all([signIn('an', 1280), signIn('lotte', 390)]);
  await lotte.getByText('Geen huiswerk').first().waitFor();

  // Gives homework with a photo.
  await an.getByRole('link', { name: '3B', exact: true }).click();
  await an.getByRole('button', { name: 'Geef huiswerk' }).click();
  await an.getByLabel('Vak').fill('Wiskunde');
  await an.getByLabel('Taak').fill('Oefening 4 op bladzijde 12');
  await an.getByLabel('Uitleg').fill('Maak ze in je schrift.');
  const week = await an.evaluate(
    async (classId) => (await fetch(`/api/agenda/classes/${classId}/week`)).json(),
    an.url().split('/')[4]?.split('?')[0],
  );
  await an.getByLabel('Tegen').fill(week.today);
  await an.getByLabel(/Foto’s/).setInputFiles({
    name: 'bord.png',
    mimeType: 'image/png',
    buffer: await sharp({ create: { width: 400, height: 300, channels: 3, background: '#1d5b4f' } })
      .png()
      .toBuffer(),
  });
  await an.getByRole('button', { name: 'Geef aan de klas' }).click();
  await an.getByText('De klas ziet de taak.').first().waitFor();

  await picture(an, 'agenda-given');
  // The pupil's page shows it without being loaded again, with its photo.
  await lotte.getByRole('heading', { name: 'Oefening 4 op bladzijde 12' }).waitFor();
  const photo = lotte.getByRole('img', { name: /^Foto 1/ });
  await photo.scrollIntoViewIfNeeded();
  await soon(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  const photoPath = (await photo.getAttribute('src'))?.split('?')[0] as string;
  await lotte.locator('wa-checkbox').click();
  await an.getByText('1 leerling is klaar').waitFor();

  // The other plugin draws what the agenda exports.
  await an.getByRole('heading', { name: 'Hoeveel werk het is' }).waitFor();
  await an.getByText('Als tabel').click();
  await an.getByRole('cell', { name: '20 min' }).waitFor();
  for (const [page, name] of [
    [an, 'agenda-teacher'],
    [lotte, 'agenda-pupil'],
  ] as const) {
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await picture(page, name);
  }

  // A pupil of another class sees neither the week nor the photo.
  const noor = await signIn('noor', 390);
  for (const path of [
    photoPath,
    `/api/agenda/classes/${week.class.id}/week`,
    `/api/agenda-load/classes/${week.class.id}/load?monday=${week.monday}`,
  ])
    expect((await noor.request.get(`${url}${path}`)).status(), path).toBe(404);

  // Behind the bell, on the page of the class, in the library, on the operator's screen.
  await soon(async () => (await (await lotte.request.get(`${url}/api/notifications/inbox`)).json()).items.length).toBe(1);
  await lotte.goto(`${url}/meldingen`);
  await lotte.getByText('Nieuw huiswerk voor Wiskunde').click();
  await lotte.getByRole('heading', { name: 'Oefening 4 op bladzijde 12' }).waitFor();
  await an.goto(`${url}/klassen/${week.class.id}`);
  await an.getByRole('link', { name: 'Schoolagenda' }).last().waitFor();
  expect(JSON.stringify(await (await an.request.get(`${url}/api/library/activities?q=schoolagenda`)).json())).toContain(
    'Mijn schoolagenda',
  );
  expect(await ilearn('agenda', 'load', '123456')).toBe('3B: 20 min\n3C: 0 min\n');

  // The teacher takes it back.
  await an.goto(`${url}/agenda/${week.class.id}`);
  await an.getByRole('button', { name: /^Verwijder Oefening 4/ }).click();
  await an.getByRole('button', { name: 'Verwijder de taak' }).click();
  await lotte.getByText('Geen huiswerk').first().waitFor();
  await soon(() => lotte.getByRole('heading', { name: 'Oefening 4 op bladzijde 12' }).count()).toBe(0);
});

test('newcomer 2: the homework diary passes ilearn plugin check, and its own tests', async () => {
  const folder = join(work, 'agenda');
  // The test above looks at the pages.
  const [said] = await Promise.all([run(folder, 'ilearn', 'plugin', 'check', '--no-browser'), run(folder, 'vitest', 'run')]);
  expect(said).not.toContain('✗');
});

test('the README of the homework diary names files that exist', () => {
  const text = readFileSync(join(examples, 'agenda', 'README.md'), 'utf8');
  for (const [, file = ''] of text.matchAll(/`((?:src|messages|test|\.\.)\/[^`]+)`/g))
    readFileSync(join(examples, 'agenda', file));
});

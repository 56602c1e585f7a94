import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../core/scripts/system.mjs';
import { createLtijsDatabase, startLtijsTool } from '../../lti/test/support/ltijs-tool.js';
import { launchBrowser, signIn, watch } from './support/browser.js';
import { connectorFor } from './support/connector-ltijs.js';
import { allPlugins, startDemoPortal } from './support/portal.js';

let portal: TestPlatform;
let browser: Browser;
let ltijs: Awaited<ReturnType<typeof startLtijsTool>>;
let database: Awaited<ReturnType<typeof createLtijsDatabase>>;
const contexts: { context: BrowserContext; faults: string[] }[] = [];

let toolUrl: string;

beforeAll(async () => {
  const port = await freePort();
  toolUrl = `http://127.0.0.1:${await freePort()}`;
  database = await createLtijsDatabase();
  ltijs = await startLtijsTool({ platformUrl: `http://localhost:${port}`, databaseUrl: database.url });
  portal = await startDemoPortal({
    plugins: [...allPlugins, connectorFor(ltijs.registration)],
    config: { 'connector-practice': { toolUrl, spawn: true } },
    uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)),
    settings: { port },
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
  await ltijs?.stop();
  await database?.drop();
});

async function open(): Promise<Page> {
  const context = await browser.newContext({ locale: 'nl-BE', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(30_000);
  contexts.push({ context, faults: watch(context, [portal.url, toolUrl, ltijs.url]) });
  return context.newPage();
}

/** The teacher makes a path of one activity and assigns it to class 3A. */
async function composeAndGive(teacher: Page, title: string, activity: string): Promise<void> {
  await teacher.goto(`${portal.url}/paden`);
  await teacher.getByRole('button', { name: 'Nieuw spoor' }).click();
  await teacher.getByLabel('Naam van het spoor').fill(title);
  await teacher.getByRole('button', { name: 'Maak het spoor' }).click();
  await teacher.getByLabel('Zoek activiteiten').fill(activity);
  await teacher.getByRole('button', { name: `Voeg ${activity} toe` }).click();
  await teacher.getByText('Alles is bewaard').waitFor();
  await teacher.getByRole('button', { name: 'Geef aan leerlingen' }).click();
  // Lien teaches only one class, which is preselected.
  await teacher.getByRole('button', { name: 'Geef het spoor' }).click();
  await teacher.getByText(`3A heeft nu “${title}”.`).waitFor();
}

async function startStep(pupil: Page, title: string): Promise<void> {
  await pupil.goto(`${portal.url}/mijn-paden`);
  // The first path has its own button; the others are in a list.
  const first = pupil.getByRole('region', { name: title }).getByRole('link');
  await first
    .or(pupil.getByRole('link', { name: title }))
    .first()
    .click();
  await pupil.getByRole('heading', { name: title }).waitFor();
  await pupil
    .locator('main')
    .getByText(/^(Start|Ga verder)$/)
    .click();
}

/** What the class board shows for a pupil. */
async function boardRow(teacher: Page, title: string, pupil: string): Promise<string> {
  await teacher.goto(`${portal.url}/opvolging`);
  await teacher.getByRole('link', { name: title }).first().click();
  const row = teacher.getByRole('row').filter({ hasText: pupil });
  await row.waitFor();
  return row.ariaSnapshot();
}

async function solveExercise(tool: Page): Promise<void> {
  for (let question = 1; question <= 10; question++) {
    const label = await tool.locator('label[for=answer]').innerText();
    const [left = 0, right = 0] = (label.match(/\d+/g) ?? []).map(Number);
    await tool.locator('#answer').fill(String(label.includes(' min ') ? left - right : left + right));
    await tool.getByRole('button', { name: 'Kijk na' }).click();
    await tool.getByRole('button', { name: /Volgende|Bekijk/ }).click();
  }
}

test('a path with the practice tool: composed, assigned, done, scored, followed', async () => {
  const teacher = await open();
  await signIn(teacher, portal.url, 'Leraar of medewerker', 'lien.peeters', demoPassword);
  await composeAndGive(teacher, 'Optellen en aftrekken', 'Plus en min tot 100');
  expect(await boardRow(teacher, 'Optellen en aftrekken', 'El Amrani')).not.toContain('%');

  const pupil = await open();
  await signIn(pupil, portal.url, 'Leerling', 'noor.elamrani', demoPassword);
  await startStep(pupil, 'Optellen en aftrekken');
  await pupil.waitForURL(`${toolUrl}/**`);
  await solveExercise(pupil);
  await pupil.getByRole('link', { name: /Terug/ }).click();
  await pupil.waitForURL(`${portal.url}/mijn-paden/**`);
  await pupil.getByText('Klaar! Je hebt het hele spoor gedaan.').waitFor();

  await portal.drain();
  expect(await boardRow(teacher, 'Optellen en aftrekken', 'El Amrani')).toContain('100%');
}, 240_000);

async function withLtijs() {
  const teacher = await open();
  await signIn(teacher, portal.url, 'Leraar of medewerker', 'lien.peeters', demoPassword);
  await composeAndGive(teacher, 'Met een andere tool', 'Oefening van ltijs');

  const pupil = await open();
  await signIn(pupil, portal.url, 'Leerling', 'wout.janssens', demoPassword);
  await startStep(pupil, 'Met een andere tool');
  await pupil.waitForURL(`${ltijs.url}/**`);
  // The school releases no names, although the tool asks for them.
  expect(await pupil.locator('body').innerText()).not.toMatch(/Wout|Janssens/);
  await pupil.getByRole('button', { name: 'Stuur score 8/10' }).click();
  await pupil.locator('#score').filter({ hasText: '8' }).waitFor();
  await portal.drain();

  await pupil.goto(`${portal.url}/mijn-paden`);
  await pupil.getByText('1 van 1 klaar').waitFor();
  expect(await boardRow(teacher, 'Met een andere tool', 'Janssens')).toContain('80%');
}
// Its launches and scores are tried on PostgreSQL too, by the tests of lti and myway.
if (process.env['ILEARN_LONG_TESTS'] === '1') test('a path with ltijs, a tool of an independent developer', withLtijs, 240_000);

test('no page called a foreign host, threw, or broke its content security policy', () => {
  expect(contexts.length).toBeGreaterThan(0);
  for (const { faults } of contexts) expect(faults).toEqual([]);
});

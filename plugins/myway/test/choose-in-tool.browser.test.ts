import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture } from '../../../ui/test/browser.js';
import { type ChoosingTool, startChoosingTool } from '../../lti/test/support/choosing-tool.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let platform: TestPlatform;
let tool: ChoosingTool;
let browser: Browser;
let admin: TestClient;
let an: TestClient;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory, library, lti, myway], uiFolder });
  const wissel = await school(platform);
  const klas = await schoolClass(platform, wissel, { name: '3B' });
  an = await platform.signIn((await teacher(platform, klas)).id, 'An');
  const administrator = '33333333-3333-4333-8333-333333333333';
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  admin = await platform.signIn(administrator, 'Beheerder');
  tool = await startChoosingTool();
  tool.items = [
    {
      type: 'ltiResourceLink',
      title: 'Tafel van 9',
      text: 'Tien sommen',
      url: `${tool.url}/launch`,
      lineItem: { scoreMaximum: 10 },
    },
    { type: 'html', title: 'Een tekst', html: '<b>x</b>' },
  ];
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await tool?.stop();
  await platform?.stop();
});

async function visit(
  client: TestClient,
  path: string,
  run: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ locale: 'nl-BE', viewport: { width: 1280, height: 900 } });
  await context.addCookies([{ name: 'ilearn', value: client.cookie('ilearn') ?? '', url: platform.url }]);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(platform.url + path);
  await run(page, context);
  await context.close();
}

test('a tool registers itself, an administrator approves it, a teacher chooses in it, tries it, and the trace tells', async () => {
  await visit(admin, '/beheer/tools', async (page, context) => {
    await page.getByLabel('Adres waar een oefenprogramma zich aanmeldt').fill(`${tool.url}/register`);
    const [window] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Laat het zich aanmelden' }).click(),
    ]);
    await window.getByText('201').waitFor();
    await Promise.all([window.waitForEvent('close'), window.getByRole('button', { name: 'Klaar' }).click()]);
    await page.getByRole('heading', { name: 'Wachten op je goedkeuring' }).waitFor();
    await page.getByText('lezen wie een leerspoor volgt').waitFor();
    await page.getByText('de naam kennen, als de school het ook toelaat').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'tools-pending');
    await page.getByText('lezen wie een leerspoor volgt').click();
    await page.getByRole('button', { name: 'Keur goed – Kiesprogramma' }).click();
    await page.getByText('Kiesprogramma is in gebruik.').first().waitFor();
    await page.getByRole('heading', { level: 2, name: 'Kiesprogramma' }).waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
  const { body } = await admin.get('/api/lti/registrations');
  expect(body.registrations).toMatchObject([{ active: true, release: { name: true, email: false } }]);
  expect(body.registrations[0].scopes.join()).not.toContain('contextmembership');

  const made = await an.post('/api/myway/paths', { title: 'Tafels', activityIds: [] });
  await visit(an, `/paden/${made.body.id}`, async (page) => {
    await page.getByRole('link', { name: 'Kies in een oefenprogramma' }).click();
    await page.getByRole('heading', { level: 1, name: 'Kies in een oefenprogramma' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'choose');
    await page.getByRole('button', { name: 'Kies hierin – Kiesprogramma' }).click();
    await page.getByRole('button', { name: 'Kies', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Wat je koos in Kiesprogramma' }).waitFor();
    await page.getByText('Het portaal bewaart oefeningen en links, maar geen “html”.').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'choice');
    await page.getByRole('button', { name: 'Bewaar 1 activiteit' }).click();
    await page.waitForURL(`${platform.url}/paden/${made.body.id}`);
    await page.getByText('Tafel van 9').first().waitFor();
    await page.getByText('Alles is bewaard').waitFor();
  });
  const { body: path } = await an.get(`/api/myway/paths/${made.body.id}`);
  expect(path.steps).toMatchObject([{ shownTitle: 'Tafel van 9', kind: 'lti' }]);

  await visit(an, `/bibliotheek/${path.steps[0].activityId}`, async (page) => {
    await page.getByRole('button', { name: 'Probeer uit' }).click();
    await page.getByText('Instructor').waitFor();
  });

  await visit(admin, '/beheer/tools/verloop', async (page) => {
    await page.getByText('Aanmelden bij het oefenprogramma: gelukt').first().waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'trace');
    await page.getByLabel('Code die iemand zag').fill('bestaat-niet');
    await page.getByRole('button', { name: 'Zoek', exact: true }).click();
    await page.getByText('Niets gevonden').waitFor();
    await page.goto(`${platform.url}/beheer/tools/verloop`);
    await page
      .getByRole('link', { name: /^Toon alle stappen/ })
      .first()
      .click();
    await page.waitForURL(/code=/);
    await page.getByText('Op weg naar het oefenprogramma: gelukt').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await picture(page, 'trace-telephone');
  });
});

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { periodOf } from '@ilearn/plugin-cube';
import { pupil, schoolClass } from '@ilearn/plugin-directory/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { createWorld, type World } from './world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({ uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  expect(await axe(page)).toEqual([]);
};

test('a steward describes data, looks at the effect, approves and publishes; everybody downloads; a partner gets a token', async () => {
  const { portal, steward, month } = world;
  await visitAs(browser, { url: portal.url, path: '/beheer/data', cookie: steward.cookie('ilearn') }, async (page) => {
    await page.getByText('Nog niets beschreven').waitFor();
    await page.getByRole('button', { name: 'Gegevens beschrijven' }).click();
    const dialog = page.locator('il-dialog');
    await dialog.getByLabel('Titel').fill('Leerlingen per provincie');
    await dialog.getByLabel('Wat staat erin').fill('Hoeveel leerlingen in een maand meededen.');
    await fits(page);
    await dialog.getByRole('button', { name: 'Bewaren als ontwerp' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Van', { exact: true }).fill(month);
    await dialog.getByLabel('Tot en met').fill(periodOf('month', month).endsOn);
    await dialog.getByRole('button', { name: 'Bewaren als ontwerp' }).click();
    await page.getByRole('heading', { name: 'Leerlingen per provincie' }).waitFor();
    await page.getByRole('button', { name: /Bekijk het gevolg/ }).click();
    await page.getByText('Te weinig mensen (<10)').waitFor();
    await fits(page);
    await picture(page, 'data-space-steward');
    await page.getByRole('button', { name: /Goedkeuren/ }).click();
    await page.getByRole('button', { name: /Publiceren/ }).click();
    await page.locator('il-dialog').getByRole('button', { name: 'Publiceren' }).click();
    await page.getByRole('button', { name: /Nieuwe versie/ }).waitFor();

    await page.goto(`${portal.url}/open-data`);
    const link = page.getByRole('link', { name: /CSV bewaren/ });
    await link.waitFor();
    await fits(page);
    const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(await file.failure()).toBeNull();
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'data-space-open');

    await page.goto(`${portal.url}/beheer/data/partners`);
    await page.getByText('Nog geen partners').waitFor();
    await page.getByRole('button', { name: 'Partner toevoegen' }).click();
    await page.getByLabel('Naam van de organisatie').fill('Universiteit');
    await page.getByLabel('Adres of DID').fill('did:web:uni.example');
    await page.locator('il-dialog').getByRole('button', { name: 'Partner toevoegen' }).click();
    await page.getByText(/^ilds_/).waitFor();
    await page.getByRole('heading', { name: 'Universiteit' }).waitFor();
    await fits(page);
    await picture(page, 'data-space-partners');
  });
});

test('a study is described and approved, a school agrees for a class, and a pupil finds the question with nothing chosen', async () => {
  const { portal, steward, principal } = world;
  const [school] = world.schools as [{ id: string; instellingsnummer: string }];
  const klas = await schoolClass(portal, school, { name: '3B' });
  const { id: who } = await pupil(portal, klas, { givenName: 'Ann' });
  const visit = (path: string, cookie: string | undefined, run: (page: WatchedPage) => Promise<void>) =>
    visitAs(browser, { url: portal.url, path, cookie }, run);
  await visit('/beheer/data/onderzoek', steward.cookie('ilearn'), async (page) => {
    await page.getByText('Nog geen onderzoek').waitFor();
    await page.getByRole('button', { name: 'Beschrijf een onderzoek' }).click();
    const dialog = page.locator('il-dialog');
    for (const [label, text] of [
      ['Titel', 'Oefenen en onthouden'],
      ['Wat wil men te weten komen?', 'Of vaker oefenen helpt.'],
      ['Wie doet het onderzoek?', 'Vakgroep Onderwijskunde'],
      ['Waar kunnen mensen vragen stellen?', 'studie@example.be'],
      ['Welke ethische commissie', 'Commissie, nummer 17'],
    ] as const)
      await dialog.getByLabel(label).fill(text);
    await dialog.getByText('Keren een programma geopend').click();
    await fits(page);
    await dialog.getByRole('button', { name: 'Bewaren als ontwerp' }).click();
    await dialog.getByRole('alert').waitFor();
    const until = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
    const from = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
    await dialog.getByLabel('Van', { exact: true }).fill(from);
    await dialog.getByLabel('Tot en met').fill(until);
    await dialog.getByRole('button', { name: 'Bewaren als ontwerp' }).click();
    await page.getByRole('heading', { name: 'Oefenen en onthouden' }).waitFor();
    await page.getByRole('button', { name: /Keur goed/ }).click();
    await page.locator('il-dialog').getByRole('button', { name: 'Keur goed' }).click();
    await page.getByRole('button', { name: /Vraag scholen/ }).click();
    await page.locator('il-dialog').getByLabel('Instellingsnummers').fill(school.instellingsnummer);
    await page.locator('il-dialog').getByRole('button', { name: 'Vraag scholen' }).click();
    await page.getByText('0 van 1 school doet mee').waitFor();
    await page.getByRole('button', { name: /Toon wat werd opgehaald/ }).click();
    await page.getByText('Er werd nog niets opgehaald.').waitFor();
    await fits(page);
    await picture(page, 'data-space-studies');
  });
  await visit('/beheer/onderzoek', principal.cookie('ilearn'), async (page) => {
    await page.getByText('wacht op je antwoord').waitFor();
    await page.getByRole('button', { name: /Ga akkoord/ }).click();
    await page.locator('il-dialog').getByText('3B').click();
    await page.locator('il-dialog').getByRole('button', { name: 'Ga akkoord' }).click();
    await page.getByText('je school doet mee').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'data-space-school-studies');
  });
  await portal.drain();
  const client = await portal.signIn(who);
  await visit('/mijn-toestemmingen', client.cookie('ilearn'), async (page) => {
    await page.getByRole('heading', { name: 'Oefenen en onthouden' }).waitFor();
    await page.getByText('De onderzoeker kreeg nog niets.').waitFor();
    await page.getByText('Nog geen antwoord. Zolang gebeurt er niets.').waitFor();
    await fits(page);
    await picture(page, 'data-space-question');
  });
});

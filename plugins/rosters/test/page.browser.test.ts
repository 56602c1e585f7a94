import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { clientId, clientSecret } from './support/one-roster-server.js';
import { aRoster, createWorld, type World } from './support/world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({ uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

test('an ICT coordinator connects the school, sees what would change, takes it over, and decides when much would go', async () => {
  world.server.roster = aRoster();
  const page = await openPage(browser, world.portal.url);
  page.setDefaultTimeout(20_000);
  await page.context().addCookies([{ name: 'ilearn', value: world.ida.cookie('ilearn') as string, url: world.portal.url }]);
  await page.goto(`${world.portal.url}/leerlinggegevens`);
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const field = (name: string) => page.getByLabel(name, { exact: true });

  // What is missing is said at its field, and nothing is sent.
  await field('Naam van je Smartschool').waitFor();
  await button('Bewaar de verbinding').click();
  await page.getByText('Hier hoort alleen de naam').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'rosters-form');

  await page.getByRole('combobox', { name: 'Programma van de school' }).click();
  await page.getByRole('option', { name: 'Een ander programma met OneRoster' }).click();
  await field('Adres').fill(world.server.url);
  await field('Adres voor de toegangscode').fill(`${world.server.url}/ims/oneroster/token`);
  await field('Client-ID').fill(clientId);
  await field('Geheim (client secret)').fill(clientSecret);
  await button('Bewaar de verbinding').click();

  await button('Bekijk wat er zou veranderen').click();
  await button('Neem dit over').waitFor();
  await page.getByRole('row', { name: /Mensen 14 0 0 0/ }).waitFor();
  expect(await world.members()).toEqual({});
  expect(await axe(page)).toEqual([]);
  await picture(page, 'rosters-preview');
  await button('Neem dit over').click();
  await page
    .getByRole('status')
    .filter({ hasText: /^Overgenomen/ })
    .waitFor();
  expect(Object.keys(await world.members())).toEqual(expect.arrayContaining(['1A', '2A']));

  // The page hears by itself what another process did.
  world.server.roster = { ...aRoster(), users: [], enrollments: [] };
  await world.settled(await world.start());
  await page.getByText('14 van de 14 mensen').waitFor();
  await picture(page, 'rosters-held');
  await button('Neem dit niet over').click();
  await page
    .getByRole('status')
    .filter({ hasText: /^Niet overgenomen/ })
    .waitFor();

  await button('Verwijder de verbinding').click();
  const question = page.locator('il-dialog', { has: page.getByRole('alertdialog', { name: 'De verbinding verwijderen?' }) });
  await question.getByRole('button', { name: 'Verwijder de verbinding' }).click();
  await field('Naam van je Smartschool').waitFor();
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await axe(page)).toEqual([]);
  expect(page.faults).toEqual([]);
  await closePage(page);
});

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TestClient } from '@ilearn/core/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture } from '../../../ui/test/browser.js';
import { createWorld, inDays, type World } from './support/world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld(uiFolder);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** Gives the page to another person. */
async function as(page: Page, client: TestClient, path: string): Promise<void> {
  await page.context().clearCookies();
  const cookie = { name: 'ilearn', value: client.cookie('ilearn') as string, url: world.platform.url };
  await page.context().addCookies([cookie]);
  await page.goto(`${world.platform.url}${path}`);
}

/** Chooses in a box by typing. */
async function choose(page: Page, label: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(text);
  await page
    .getByRole('option', { name: new RegExp(text) })
    .first()
    .click();
}

test('an administrator asks a licence for a tool, a school asks for one, the provider offers it, and the school hands it out', async () => {
  const page = await openPage(browser, world.platform.url);
  page.setDefaultTimeout(20_000);
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const confirmed = async (name: string) =>
    page
      .locator('il-dialog', { has: page.getByRole('alertdialog') })
      .getByRole('button', { name })
      .click();

  await as(page, world.administrator, '/licenties/aanbod');
  await page.getByText('Geen enkel programma vraagt een licentie.').waitFor();
  await choose(page, 'Programma', 'Rekenrally');
  await choose(page, 'Wie geeft de licentie', 'Rekenhuis');
  await button('Vraag een licentie voor dit programma').click();
  await confirmed('Vraag een licentie voor dit programma');
  await button(/Geen licentie meer nodig/).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'licences-administrator');

  await as(page, world.coordinator, '/licenties');
  await page.getByText('Je school heeft geen licentie.').waitFor();
  await button(/Vraag een licentie/).click();
  await page.getByLabel('Aantal plaatsen').fill('2');
  await page.getByLabel('Bericht aan de aanbieder').fill('Voor 3A');
  await button('Stuur de vraag').click();
  await page.getByText('2 plaatsen gevraagd').waitFor();
  expect(await axe(page)).toEqual([]);

  await as(page, world.manager, '/licenties/aanbod');
  await button(/Doe een aanbod/).click();
  await button('Stuur het aanbod').click();
  await page.getByText('Vul de eerste dag in.').waitFor();
  await page.getByLabel('Eerste dag').fill(inDays(0));
  await page.getByLabel('Laatste dag').fill(inDays(20));
  await page.getByLabel('Prijs in woorden').fill('€ 8');
  await page.getByLabel('Te aanvaarden tot en met').fill(inDays(5));
  expect(await axe(page)).toEqual([]);
  await picture(page, 'licences-offer');
  await button('Stuur het aanbod').click();
  await page.getByText('Je bood aan: € 8').waitFor();

  await as(page, world.coordinator, '/licenties');
  await button('Aanvaard het aanbod').click();
  await confirmed('Aanvaard het aanbod');
  await page.getByText('0 van 2 plaatsen bezet').first().waitFor();
  await page.getByText('nog 20 dagen').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'licences-school');
  await page.getByRole('link', { name: 'Rekenrally', exact: true }).click();
  await choose(page, 'Geef aan een klas', '3A');
  await page.getByText('2 van 2 plaatsen bezet').waitFor();
  await button(/Neem terug – Noor Aerts/).click();
  await confirmed('Neem terug');
  await page.getByText('1 van 2 plaatsen bezet').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'licences-licence');

  await as(page, world.manager, '/licenties/aanbod');
  await button(/Toon de scholen/).click();
  await page.getByRole('row', { name: /De Wijzer/ }).waitFor();
  expect(await page.locator('main').textContent()).not.toContain('Noor');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await axe(page)).toEqual([]);
  await picture(page, 'licences-provider');
  await button(/Trek in – De Wijzer/).click();
  await confirmed('Trek in');
  await button(/Geef opnieuw – De Wijzer/).waitFor();

  // The library says what a teacher may not use now.
  await as(page, world.teacher.client, '/bibliotheek?q=rekenspel');
  await page.getByText('geen licentie', { exact: true }).waitFor();
  expect(page.faults).toEqual([]);
  await closePage(page);
});

import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import operations from '@ilearn/plugin-operations';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { allPlugins, startDemoPortal } from './support/portal.js';
import { checkLayout } from './support/sweep/layout.js';
import { settled, type Walker, walker } from './support/sweep/walk.js';

let portal: TestPlatform;
let browser: Browser;
let people: Walker[];

beforeAll(async () => {
  portal = await startDemoPortal({
    plugins: [...allPlugins, operations],
    uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)),
  });
  await portal.drain();
  browser = await launchBrowser();
  people = [];
  for (const door of [null, 'leraar']) people.push(await walker(browser, portal, door));
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

test.each([
  ['Toegankelijkheid', '/toegankelijkheid', 'shell', 'Wat we testen'],
  ['Privacy', '/privacy', 'privacy', 'Je klassen en groepen'],
])('the statement “%s” is public, in words, and passes the tests that it tells about', async (name, address, plugin, text) => {
  const { page } = people[0] as Walker;
  await page.goto(`${portal.url}/aanmelden?wie=kies`);
  await page.getByRole('contentinfo').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText(text).first().waitFor();
  expect(new URL(page.url()).pathname).toBe(address);
  expect(await checkLayout({ page, address, path: address, plugin, who: 'bezoeker' })).toEqual([]);
  expect(await page.getByText(/^(accessibility|statement|testedTitle)\b/).count()).toBe(0);
});

test('ux 8: in the builder, a session that ends is begun again over the page, and the work is saved', async () => {
  const { context, page } = people.find(({ who }) => who === 'leraar') as Walker;
  await page.goto(`${portal.url}/paden`);
  await settled(page);
  await page.locator('a[href^="/paden/"]:not([href="/paden/vervangen"])').first().click();
  const title = page.getByRole('textbox', { name: 'Naam van het spoor' });
  await title.waitFor();
  await context.clearCookies();
  await title.fill('Na de pauze');
  await page.getByRole('alertdialog', { name: 'Meld je opnieuw aan' }).waitFor();
  await page.getByLabel('Gebruikersnaam').fill('lien.peeters');
  expect(await title.isVisible()).toBe(false);
  // A wrong password does not lose anything either.
  await page.getByLabel('Wachtwoord', { exact: true }).fill('verkeerd');
  await page.keyboard.press('Enter');
  await page.getByText('Dat klopt niet helemaal.').waitFor();
  await page.getByLabel('Wachtwoord', { exact: true }).fill(demoPassword);
  await page.keyboard.press('Enter');
  await page.getByText('Alles is bewaard').waitFor();
  await page.reload();
  await title.waitFor();
  expect(await title.inputValue()).toBe('Na de pauze');
});

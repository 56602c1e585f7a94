import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { definePlugin } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school } from '@ilearn/plugin-directory/testing';
import joining from '@ilearn/plugin-joining';
import login from '@ilearn/plugin-login';
import notifications from '@ilearn/plugin-notifications';
import operations from '@ilearn/plugin-operations';
import privacy from '@ilearn/plugin-privacy';
import rosters from '@ilearn/plugin-rosters';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, closePage, launch, openPage, picture, type WatchedPage } from '../../../ui/test/browser.js';
import { cert, partsOf, startMailServer } from '../../notifications/test/mail-server.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const operator = definePlugin({ id: 'operator', version: '1.0.0', privileges: ['allSettings'] });
const password = 'vier woorden zonder zin';

let portal: TestPlatform;
let server: Awaited<ReturnType<typeof startMailServer>>;
let browser: Browser;

beforeAll(async () => {
  server = await startMailServer();
  portal = await createTestPlatform({
    plugins: [directory, login, notifications, operations, privacy, rosters, joining, operator],
    config: { notifications: { answerSeconds: 2, ca: cert } },
    uiFolder,
  });
  await portal.work('operator', async ({ allSettings }) => {
    const { version } = (await allSettings.sections(null)).find(({ plugin }: { plugin: string }) => plugin === 'notifications');
    const values = { host: '127.0.0.1', port: server.port, user: 'portal', password: 'a secret', from: 'spoor@portal.example' };
    await allSettings.change({ plugin: 'notifications', tenant: null, version, values, reset: [] });
  });
  const sandbox = await school(portal, { name: 'Oefenschool' });
  await portal.work('joining', ({ demoAccounts }) => demoAccounts.setSandbox(sandbox.id));
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
  await server?.stop();
});

/** Path of the link in the newest e-mail to an address, once there are that many. */
async function linkTo(email: string, count: number): Promise<string> {
  await expect.poll(() => server.to(email).length, { timeout: 20_000 }).toBe(count);
  const { text } = partsOf(server.to(email).at(-1)?.raw as string);
  return /https?:\/\/[^/\s]+(\/\S*#\S+)/.exec(text)?.[1] as string;
}

/** Neither faults of accessibility nor anything beside the page, on a telephone. */
async function sound(page: WatchedPage, name: string): Promise<void> {
  await picture(page, `joining-${name}-1280`);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name).toBe(true);
  expect(await axe(page), name).toEqual([]);
  await picture(page, `joining-${name}-390`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function visitor(cookie?: string): Promise<WatchedPage> {
  const page = await openPage(browser, portal.url);
  page.setDefaultTimeout(20_000);
  await page.context().clearCookies();
  if (cookie !== undefined) await page.context().addCookies([{ name: 'ilearn', value: cookie, url: portal.url }]);
  return page;
}
const button = (page: WatchedPage, name: string | RegExp) => page.getByRole('button', { name });
const field = (page: WatchedPage, name: string | RegExp) => page.getByLabel(name);

test('a school asks for a place, an administrator offers one, and its principal joins', async () => {
  const email = 'hilde@zonnebloem.example';
  const contact = await visitor();
  await contact.goto(`${portal.url}/aanmelden`);
  await contact.getByRole('link', { name: 'Vraag een plaats' }).click();
  await field(contact, 'Instellingsnummer').fill('123');
  await field(contact, 'Naam van de school').fill('De Zonnebloem');
  await field(contact, 'Voornaam').fill('Hilde');
  await field(contact, 'Achternaam').fill('Verstraete');
  await field(contact, 'E-mailadres').fill(email);
  await button(contact, 'Vraag een plaats').click();
  // The browser says what is wrong; nothing was sent.
  expect(server.taken).toEqual([]);
  await field(contact, 'Instellingsnummer').fill('654321');
  await sound(contact, 'request');
  await button(contact, 'Vraag een plaats').click();
  await contact.getByText(`We stuurden een link naar ${email}`).waitFor();
  await contact.goto(portal.url + (await linkTo(email, 1)));
  await button(contact, 'Bevestig').click();
  await contact.getByText('Plaats 1 op de wachtlijst').waitFor();
  await sound(contact, 'waiting');
  await closePage(contact);

  const admin = '33333333-3333-4333-8333-333333333333';
  await portal.grant(admin, [{ tenant: null, role: 'portal-administrator' }]);
  const desk = await visitor((await portal.signIn(admin)).cookie('ilearn'));
  await desk.goto(`${portal.url}/beheer/wachtlijst`);
  await desk.getByRole('article', { name: 'De Zonnebloem' }).waitFor();
  await sound(desk, 'desk');
  await button(desk, 'Bied een plaats aan').click();
  const dialog = desk.locator('il-dialog', { has: desk.getByRole('dialog', { name: 'Bied een plaats aan' }) });
  await dialog.getByLabel('Aantal dagen om te aanvaarden').fill('10');
  await dialog.getByRole('button', { name: 'Bied een plaats aan' }).click();
  await desk.getByRole('link', { name: /Aanbod gedaan 1/ }).click();
  await desk.getByText(/aanvaarden tot en met/).waitFor();
  await desk.goto(`${portal.url}/beheer/eerste-stappen`);
  await desk.getByText('Ingevuld: Naam van de mailserver').waitFor();
  await sound(desk, 'first-steps');
  expect(desk.faults).toEqual([]);
  await closePage(desk);

  const hilde = await visitor();
  await hilde.goto(portal.url + (await linkTo(email, 3)));
  await hilde.getByText('Er is plaats voor je', { exact: true }).waitFor();
  await button(hilde, 'Nodig een collega uit').click();
  await sound(hilde, 'offer');
  await button(hilde, 'Haal deze collega weg').click();
  await button(hilde, 'Aanvaard en sluit aan').click();
  await hilde.getByText('Welkom bij i-Learn', { exact: true }).waitFor();
  await sound(hilde, 'welcome');
  await hilde.goto(portal.url + (await linkTo(email, 4)));
  await hilde.getByLabel('Gebruikersnaam').fill('hilde');
  await hilde.locator('input[name="password"]').fill(password);
  await hilde.locator('form').getByRole('button').last().click();
  await hilde
    .getByRole('link', { name: /De Zonnebloem/ })
    .first()
    .click();
  await hilde.getByRole('heading', { name: 'Je school aansluiten', level: 1 }).waitFor();
  await hilde.getByText('De overeenkomst is nog niet aanvaard.').waitFor();
  await sound(hilde, 'steps');
  await hilde.getByRole('button', { name: /^Later\s*: Haal klassen/ }).click();
  await hilde.getByRole('button', { name: /^Toch nog doen\s*: Haal klassen/ }).waitFor();
  await hilde.getByRole('link', { name: 'Lees de overeenkomst' }).click();
  await button(hilde, /Aanvaard/).click();
  await button(hilde, /Aanvaard/).waitFor({ state: 'detached' });
  await hilde.goto(`${portal.url}/aansluiten`);
  await hilde.getByText('De overeenkomst is aanvaard.').waitFor();
  await button(hilde, 'Sluit af').click();
  await hilde.getByText('De Zonnebloem is aangesloten. Welkom!').waitFor();
  expect(hilde.faults).toEqual([]);
  await closePage(hilde);
});

test('somebody tries i-Learn with a demo account', async () => {
  const email = 'proef@zonnebloem.example';
  const guest = await visitor();
  await guest.goto(`${portal.url}/proefaccount`);
  await field(guest, 'E-mailadres').fill(email);
  await sound(guest, 'demo');
  await button(guest, 'Stuur me een link').click();
  await guest.getByText('is er een link onderweg').waitFor();
  await guest.goto(portal.url + (await linkTo(email, 1)));
  await guest.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await sound(guest, 'demo-open');
  await button(guest, 'Maak mijn proefaccount').click();
  await guest.getByText(/gast-/).waitFor();
  await sound(guest, 'demo-made');
  expect(guest.faults).toEqual([]);
  await closePage(guest);
});

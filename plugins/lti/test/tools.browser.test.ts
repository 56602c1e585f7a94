import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { definePlugin } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import lti from '@ilearn/plugin-lti';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const administrator = '33333333-3333-4333-8333-333333333333';
const teacher = '44444444-4444-4444-8444-444444444444';

const connector = definePlugin({
  id: 'connector-words',
  version: '1.0.0',
  requires: { lti: '^0.1.0' },
  contributes: {
    'lti.registrations': [
      {
        key: 'words',
        name: 'Woordenschat',
        clientId: 'words',
        deploymentId: '1',
        loginUrl: 'https://words.example/login',
        redirectUris: ['https://words.example/launch'],
        jwksUrl: 'https://words.example/jwks',
        release: { name: true, email: false },
      },
    ],
  },
});

let platform: TestPlatform;
let browser: Browser;
beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory, lti, connector], uiFolder });
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  await platform.grant(teacher, [{ tenant: '11111111-1111-4111-8111-111111111111', role: 'teacher' }]);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function visit(who: string, run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) {
  const client = await platform.signIn(who, 'Beheerder');
  await visitAs(browser, { url: platform.url, path: '/beheer/tools', cookie: client.cookie('ilearn') }, run, options);
}

test('an administrator registers a tool, sees faults beside each field, switches it off and removes it', () =>
  visit(administrator, async (page) => {
    await page.getByText('Komt mee met de module connector-words').waitFor();
    await page.getByText(`${platform.url}/api/lti/jwks`).waitFor();
    // A tool that a plugin contributes cannot be changed here.
    expect(await page.getByRole('button', { name: 'Schakel uit – Woordenschat' }).count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    await picture(page, 'tools');

    const dialog = page.locator('lti-tool-dialog');
    const save = () => dialog.getByRole('button', { name: 'Bewaar het oefenprogramma' }).click();
    await page.getByRole('button', { name: 'Voeg een oefenprogramma toe' }).click();
    await dialog.getByLabel('Naam', { exact: true }).fill('Rekenspel');
    await dialog.getByLabel('Korte code').fill('Reken Spel');
    await dialog.getByLabel('Adres om aan te melden').fill('http://rekenspel.example/login');
    await save();
    await dialog.getByText('Gebruik kleine letters, cijfers en streepjes, zoals woorden-plus.').waitFor();
    expect(await dialog.getByText('Vul een adres in dat met https:// begint.').count()).toBe(2);
    expect(await axe(page)).toEqual([]);
    await picture(page, 'tools-faults');
    await dialog.getByLabel('Korte code').fill('words');
    await dialog.getByLabel('Adres om aan te melden').fill('https://rekenspel.example/login');
    await dialog
      .getByLabel('Adressen waar het oefenprogramma opengaat')
      .fill('https://rekenspel.example/start\nhttps://rekenspel.example/spel');
    await dialog.getByLabel('Adres van de sleutels').fill('https://rekenspel.example/jwks');
    await save();
    await dialog.getByText('Een ander oefenprogramma heeft deze korte code al.').waitFor();
    await dialog.getByLabel('Korte code').fill('rekenspel');
    await save();
    await page.getByText('Rekenspel is bewaard.').first().waitFor();
    await page.getByText('https://rekenspel.example/start https://rekenspel.example/spel').waitFor();

    await page.getByRole('button', { name: 'Wijzig – Rekenspel' }).click();
    await dialog.getByLabel('Naam', { exact: true }).fill('Rekenspel 2');
    await save();
    await page.getByRole('button', { name: 'Schakel uit – Rekenspel 2' }).click();
    await page.getByText('Rekenspel 2 is uitgeschakeld.').first().waitFor();
    await page.getByRole('button', { name: 'Verwijder – Rekenspel 2' }).click();
    await page.locator('il-dialog').getByRole('button', { name: 'Verwijder het oefenprogramma' }).click();
    await page.getByText('Rekenspel 2 is verwijderd.').first().waitFor();
    await page.getByRole('button', { name: 'Wijzig – Rekenspel 2' }).waitFor({ state: 'detached' });
  }));

test('on a phone nothing overflows', () =>
  visit(
    administrator,
    async (page) => {
      await page.getByText('Woordenschat').first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await axe(page)).toEqual([]);
      await picture(page, 'tools-telephone');
      await page.getByRole('button', { name: 'Voeg een oefenprogramma toe' }).click();
      await page.locator('lti-tool-dialog').getByLabel('Korte code').waitFor();
      expect(await axe(page)).toEqual([]);
    },
    { viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
  ));

test('a teacher does not see it', () =>
  visit(teacher, async (page) => {
    expect(await page.locator('lti-tools-page').count()).toBe(0);
  }));

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { lamp, lamps } from './lamps.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const administrator = '33333333-3333-4333-8333-333333333333';

let platform: TestPlatform;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());
// Each test, and each try of it, finds the modules as they were.
beforeEach(async () => {
  lamp.broken = true;
  platform = await createTestPlatform({ plugins: [operations, ...lamps], required: ['operations'], uiFolder });
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
});
afterEach(() => platform?.stop());

async function visit(run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) {
  const client = await platform.signIn(administrator, 'Beheerder');
  await visitAs(browser, { url: platform.url, path: '/beheer/modules', cookie: client.cookie('ilearn') }, run, options);
}

test('on a phone the causes are readable and nothing overflows', () =>
  visit(
    async (page) => {
      await page.getByText('3 modules zijn buiten dienst.').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await axe(page)).toEqual([]);
      await picture(page, 'modules-telephone');
    },
    { viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
  ));

test('issue 11: each module shows its name in words, its version and its contract number', () =>
  visit(async (page) => {
    await page.getByText('3 modules zijn buiten dienst.').waitFor();
    const heads = await page.locator('.plugin .name').allInnerTexts();
    expect(heads.map((text) => text.split(/\s*\n\s*/)).sort()).toEqual([
      ['Beheer van het portaal', expect.stringContaining('operations 0.1.0'), 'Contract 1'],
      ['house', 'house 1.0.0', 'Contract 1'],
      ['lamp', 'lamp 1.2.0', 'Contract 1'],
      ['room', 'room 1.0.0', 'Contract 1'],
    ]);
  }));

test('an administrator retries a module, disables it with those that require it, and enables it again', () =>
  visit(async (page) => {
    await page.getByText('3 modules zijn buiten dienst.').waitFor();
    await page.getByText('De module kon niet starten.').waitFor();
    await page.getByText('the lamp is out', { exact: false }).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'modules-out');

    const button = (name: string) => page.getByRole('button', { name });
    await button('Probeer opnieuw – lamp').click();
    await page.getByText('lamp blijft buiten dienst.').first().waitFor();
    lamp.broken = false;
    await button('Probeer opnieuw – lamp').click();
    await page.getByText('lamp is weer in gebruik.').first().waitFor();
    await page.getByText('Geen enkele module heeft een probleem.').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'modules-well');

    // It is required: there is no way.
    expect(await button('Schakel uit – operations').count()).toBe(0);
    await button('Schakel uit – lamp').click();
    const question = page.locator('il-dialog');
    await question.getByText('Ook room en house gaan dan uit, want die modules hebben deze nodig.', { exact: false }).waitFor();
    await picture(page, 'modules-question');
    await question.getByRole('button', { name: 'Annuleer' }).click();
    await button('Schakel uit – lamp').click();
    await question.getByRole('button', { name: 'Schakel 3 modules uit' }).click();
    await page.getByText('lamp is uitgeschakeld.').first().waitFor();
    await page.getByText('ilearn plugin purge lamp').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'modules-disabled');

    await button('Schakel in – lamp').click();
    await page.getByText('lamp is weer in gebruik.').last().waitFor();
    await button('Schakel in – room').waitFor();
  }));

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import notifications from '@ilearn/plugin-notifications';
import search from '@ilearn/plugin-search';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { type Person, type World, worldOn } from '../../myway/test/world.js';
import { holdGated, oddSources } from './odd-sources.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const telephone = { viewport: { width: 390, height: 800 }, colorScheme: 'dark' } as const;
const plugins = [directory, library, lti, myway, notifications, search];

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await worldOn(await createTestPlatform({ plugins, uiFolder }));
  browser = await launch();
  const { id } = await world.path([await world.activity({ title: 'Tafels oefenen' })], { title: 'De tafel van 7' });
  await world.assign(id);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const visit = (who: Person, path: string, run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) =>
  visitAs(browser, { url: world.platform.url, path, cookie: who.client.cookie('ilearn') }, run, options);
const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await axe(page)).toEqual([]);
};
const field = (page: WatchedPage) => page.getByRole('combobox', { name: 'Wat zoek je?' });
const status = (page: WatchedPage) => page.getByRole('dialog').getByRole('status');

test('a teacher opens the box with Ctrl-K, finds by typing, goes with Enter, and Escape gives the focus back', () =>
  visit(world.teacher, '/opvolging', async (page) => {
    const button = page.getByRole('button', { name: 'Zoek' });
    await button.waitFor();
    await fits(page);
    await picture(page, 'search-button');
    await button.focus();
    await page.keyboard.press('Control+k');
    await field(page).waitFor();
    expect(await field(page).evaluate((input) => input.matches(':focus'))).toBe(true);
    await status(page).getByText('Typ minstens twee letters.').waitFor();
    await page.getByRole('group', { name: 'Pagina’s' }).getByRole('option', { name: 'Bibliotheek' }).waitFor();
    await fits(page);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => button.evaluate((element) => element.matches(':focus'))).toBe(true);

    await button.click();
    await page.keyboard.type('tafel');
    await page.getByRole('group', { name: 'Activiteiten' }).getByRole('option', { name: 'Tafels oefenen' }).waitFor();
    await status(page).getByText('2 resultaten gevonden.').waitFor();
    const selected = page.getByRole('option', { selected: true });
    expect(await selected.textContent()).toMatch(/De tafel van 7/);
    await page.keyboard.press('ArrowDown');
    expect(await selected.textContent()).toMatch(/Tafels oefenen/);
    const id = await field(page).getAttribute('aria-activedescendant');
    expect(await selected.getAttribute('id')).toBe(id);
    await page.keyboard.press('ArrowDown');
    expect(await selected.textContent()).toMatch(/De tafel van 7/);
    await fits(page);
    await picture(page, 'search-results');

    // A page on which something is done, outside the navigation.
    await field(page).fill('nieuwe act');
    const act = page.getByRole('group', { name: 'Pagina’s' }).getByRole('option', { name: 'Nieuwe activiteit' });
    await act.waitFor();
    expect(await act.getAttribute('href')).toBe('/bibliotheek/nieuw');

    await field(page).fill('noor');
    await status(page).getByText('6 resultaten gevonden.').waitFor();
    await page.getByRole('option', { name: 'Noor Willems 3B' }).waitFor();
    await field(page).fill('qzx');
    await status(page).getByText('Niets gevonden voor “qzx”.').waitFor();
    await fits(page);
    await picture(page, 'search-nothing');
    await field(page).fill('oefenen');
    await status(page).getByText('1 resultaat gevonden.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tafels oefenen', level: 1 }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);

    // On a small telephone every button of the bar is within reach.
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(page);
    await picture(page, 'search-bar-small');
    for (const each of await page.getByRole('banner').getByRole('button').all()) {
      const { x = -1, width = 0 } = (await each.boundingBox()) ?? {};
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(320);
    }
    await page.setViewportSize({ width: 1280, height: 800 });

    // Whoever does not know what the keys are, asks.
    await page.goto(new URL('/opvolging', page.url()).href);
    await button.waitFor();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Sneltoetsen' });
    await keys.waitFor();
    await page.getByText('Zoek, of ga naar een pagina').waitFor();
    const single = page.getByRole('checkbox', { name: 'Sneltoetsen van één teken werken' });
    await fits(page);
    await picture(page, 'search-keys');
    await single.uncheck();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await field(page).fill('sneltoets');
    await page.getByRole('group', { name: 'Doen' }).getByRole('option', { name: 'Sneltoetsen' }).click();
    await single.check();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);

    // Nothing of the last time is kept.
    await page.keyboard.press('Control+k');
    expect(await field(page).inputValue()).toBe('');
    await status(page).getByText('Typ minstens twee letters.').waitFor();
  }));

test('a pupil on a telephone finds the own path, in the dark, and nothing overflows', () =>
  visit(
    world.pupils[0],
    '/mijn-paden',
    async (page) => {
      const button = page.getByRole('button', { name: 'Zoek' });
      await button.click();
      await fits(page);
      await page.keyboard.type('tafel');
      await page
        .getByRole('group', { name: 'Mijn sporen' })
        .getByRole('option', { name: /De tafel van 7/ })
        .waitFor();
      expect(await page.getByRole('group').count()).toBe(1);
      await fits(page);
      await picture(page, 'search-telephone');
      await page.setViewportSize({ width: 320, height: 640 });
      await page.getByRole('button', { name: 'Sluit' }).click();
      await fits(page);
      await picture(page, 'search-small');
      await button.click();
      await page.keyboard.type('tafel');
      await page.getByRole('option', { name: /De tafel van 7/ }).click();
      await page.getByRole('heading', { name: 'De tafel van 7', level: 1 }).waitFor();
    },
    telephone,
  ));

test('results appear as sources answer; one that fails, hangs or leads elsewhere says so in its own section', async () => {
  const platform = await createTestPlatform({ plugins: [...plugins, ...oddSources], uiFolder });
  const reader = '33333333-3333-4333-8333-333333333333';
  await platform.grant(reader, [{ tenant: null, role: 'teacher' }]);
  const release = holdGated();
  try {
    await visitAs(
      browser,
      { url: platform.url, path: '/meldingen', cookie: (await platform.signIn(reader)).cookie('ilearn') },
      async (page) => {
        await page.getByRole('button', { name: 'Zoek' }).click();
        await field(page).fill('meld');
        const odd = page.getByRole('group', { name: 'Vreemde bron' }).getByRole('option');
        await odd.waitFor();
        // Markup is text, and only the page of the portal is a result.
        expect(await odd.allTextContents()).toEqual([expect.stringContaining('<img src=x onerror="document.title=1">')]);
        expect(await odd.getAttribute('href')).toBe('/meldingen?x=1#y');
        await page.getByRole('region', { name: 'Kapotte bron' }).getByText('Hier lukte het zoeken niet.').waitFor();
        await page.getByRole('region', { name: 'Trage bron' }).getByText('Hier duurde het zoeken te lang.').waitFor();
        await page.getByRole('region', { name: 'Late bron' }).locator('il-skeleton').waitFor();
        expect(await status(page).textContent()).toBe('');
        await picture(page, 'search-waiting');
        release();
        await page
          .getByRole('group', { name: /Late bron/ })
          .getByRole('option', { name: 'Eindelijk' })
          .waitFor();
        await status(page).getByText('4 resultaten gevonden. Niet doorzocht: Kapotte bron, Trage bron.').waitFor();
        await fits(page);
        await picture(page, 'search-failed');
        await page.getByRole('button', { name: 'Probeer opnieuw' }).click();
        await status(page).getByText('Niet doorzocht: Kapotte bron, Trage bron.').waitFor();
      },
    );
  } finally {
    release();
    await platform.stop();
  }
});

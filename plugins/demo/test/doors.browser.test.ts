import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, picture } from '../../../ui/test/browser.js';
import { launchBrowser, watch } from './support/browser.js';
import { startDemoPortal } from './support/portal.js';

let portal: TestPlatform;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  portal = await startDemoPortal({ uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)) });
  await portal.drain();
  browser = await launchBrowser();
  context = await browser.newContext({ locale: 'nl-BE', viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(30_000);
  faults = watch(context, [portal.url]);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

test('from the sign-in page to the doors, and through one with the keyboard', async () => {
  await page.goto(`${portal.url}/aanmelden?wie=kies`);
  await page.getByRole('link', { name: 'Kijk rond zonder wachtwoord' }).click();
  await page.getByRole('heading', { level: 1, name: 'Kijk gerust rond' }).waitFor();
  const doors = page.getByRole('button', { name: /^Kijk als/ });
  await doors.first().waitFor();
  expect(await doors.count()).toBe(6);
  await page.getByRole('button', { name: /Kijk als leerling/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${portal.url}/mijn-paden`);
  await page.getByText('Rekenen tot 100 en de tafels').first().waitFor();
});

test('another door replaces the person; nothing overflows a phone, and axe finds no fault in either theme', async () => {
  await page.goto(`${portal.url}/kijk`);
  await page.getByRole('button', { name: /Kijk als leraar/ }).waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width}`).toBeLessThanOrEqual(width);
    }
    expect(await axe(page)).toEqual([]);
  }
  await page.getByRole('button', { name: /Kijk als leraar/ }).click();
  await page.waitForURL(`${portal.url}/opvolging`);
  await page.getByText('Lien Peeters').first().waitFor();
  expect(faults).toEqual([]);
});

/** Enters as somebody by their door; `who` begins with a capital on the page of doors. */
async function enter(who: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${portal.url}/kijk`);
  await page.getByRole('button', { name: new RegExp(`Kijk als ${who}`) }).click();
  await page.waitForURL((url) => url.pathname !== '/kijk');
}

/** What the page shows at both widths, for a person who wants to see it. */
async function look(name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} ${width}`).toBe(width);
    await picture(page, `places.${name}-${width}`);
  }
}

test('ux 5: a class rides its line live, gets a path in two clicks, and a pupil’s whole picture is two clicks away', async () => {
  await enter('leraar');
  await page.goto(`${portal.url}/klassen`);
  await page.getByRole('link', { name: /3A/ }).first().click();
  await page.getByRole('heading', { name: '3A', level: 1 }).waitFor();
  const ride = page.locator('myway-class-ride').first();
  await ride.locator('circle.dot').first().waitFor();
  const pupils = await page.locator('directory-class .pupils li').count();
  expect(await ride.locator('circle.dot').count()).toBe(pupils);
  await page.locator('myway-pupil-status .word').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await look('class');

  // The same in words, for who cannot see the drawing.
  await ride.getByText('Wie is waar?').click();
  expect(await ride.locator('dd a').count()).toBe(pupils);
  expect(await axe(page)).toEqual([]);

  // One pupil moves on elsewhere: only their dot moves, without reloading.
  const { classId, lines } = await page.evaluate(async () => {
    const id = location.pathname.split('/').at(-1) as string;
    const answer = await fetch(`/api/myway/classes/${id}/progress`);
    return { classId: id, lines: (await answer.json()).lines };
  });
  const mover = lines[0].places.find(({ at }: { at: number }) => at < lines[0].stations.length);
  const step = lines[0].stations[mover.at].id;
  const before = await ride.locator('circle.dot').evaluateAll((dots) => dots.map((dot) => dot.getAttribute('style')).join());
  const set = `/api/myway/assignments/${lines[0].id}/pupils/${mover.pupilId}/steps/${step}`;
  const status = await page.evaluate(
    async (address) =>
      (await fetch(address, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"state":"done"}' })).status,
    set,
  );
  expect(status).toBe(200);
  await expect
    .poll(() => ride.locator('circle.dot').evaluateAll((dots) => dots.map((dot) => dot.getAttribute('style')).join()))
    .not.toBe(before);

  // Clicks 1 and 2.
  await page.getByRole('button', { name: 'Geef een spoor' }).click();
  const dialog = page.getByRole('dialog', { name: /3A/ });
  await dialog
    .getByRole('button', { name: /^Geef:/ })
    .first()
    .waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'places.give');
  await dialog
    .getByRole('button', { name: /^Geef:/ })
    .first()
    .click();
  await page
    .getByText(/^3A heeft nu/)
    .first()
    .waitFor();
  await expect.poll(() => page.locator('myway-class-ride').count()).toBe(lines.length + 1);

  // A pupil: clicks 1 (the class) and 2 (the name).
  await page.goto(`${portal.url}/klassen`);
  await page.getByRole('link', { name: /3A/ }).first().click();
  await page.locator('directory-class .pupils a').first().click();
  await page.locator('myway-person-paths .path').first().waitFor();
  expect(await page.locator('myway-person-paths .path').count()).toBeGreaterThan(1);
  expect(await axe(page)).toEqual([]);
  await look('person');
  await page.getByRole('link', { name: '3A' }).first().click();
  await page.waitForURL(`${portal.url}/klassen/${classId}`);
  expect(faults).toEqual([]);
}, 180_000);

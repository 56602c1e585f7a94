import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe } from '../../../ui/test/browser.js';
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

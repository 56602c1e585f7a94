import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { failing } from './failing.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const administrator = '33333333-3333-4333-8333-333333333333';

let platform: TestPlatform;
let browser: Browser;
beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [operations, failing], uiFolder });
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

/** With three failed jobs and one for later. */
async function visit(run: (page: WatchedPage) => Promise<void>, options?: BrowserContextOptions) {
  await platform.work('failing', async ({ jobs }) => {
    for (let each = 0; each < 3; each++) await jobs.enqueue('broken', { secret: 'Marieke' });
    await jobs.enqueue('fine', { secret: 'Marieke' }, { delaySeconds: 3600 });
  });
  await platform.drain();
  const client = await platform.signIn(administrator, 'Beheerder');
  try {
    await visitAs(browser, { url: platform.url, path: '/beheer/wachtrijen', cookie: client.cookie('ilearn') }, run, options);
  } finally {
    await (await platform.platform.home()).pool.query('delete from kernel.messages');
  }
}

test('an administrator deletes one failed job, retries the others, and sees what waits', () =>
  visit(async (page) => {
    await page.getByText('Mislukt: 3 van 3').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'queues-failed');

    await page.getByRole('button', { name: 'Verwijder – broken' }).first().click();
    const question = page.locator('il-dialog');
    await page.getByText('Taak broken verwijderen?').waitFor();
    await picture(page, 'queues-confirm');
    await question.getByRole('button', { name: 'Verwijder de taak' }).click();
    await page.getByText('Mislukt: 2 van 2').waitFor();

    await page.getByRole('button', { name: 'Probeer alles opnieuw' }).click();
    await question.getByRole('button', { name: 'Probeer alles opnieuw' }).click();
    await page.getByText('2 taken worden opnieuw geprobeerd.').first().waitFor();
    await platform.drain();

    await page.getByRole('link', { name: 'Later 1' }).click();
    await page.getByText('Later: 1 van 1').waitFor();
    await page.getByRole('link', { name: 'Wachten 0' }).click();
    await page.getByText('Er staat niets te wachten', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'queues-empty');
  }));

test('on a phone nothing overflows; if the queue is unreachable, it says that work waits', () =>
  visit(
    async (page) => {
      await page.getByText('Mislukt: 3 van 3').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await axe(page)).toEqual([]);
      await picture(page, 'queues-telephone');
      await page.route('**/api/operations/queues?*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({
          response: answer,
          json: { ...(await answer.json()), engine: { name: 'bullmq', reachable: false } },
        });
      });
      await page.getByRole('button', { name: 'Vernieuw' }).click();
      await page.getByText('De wachtrij is niet bereikbaar').waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, 'queues-unreachable');

      await page.unroute('**/api/operations/queues?*');
      await page.route('**/api/operations/queues?*', (route) => route.abort());
      await page.getByRole('button', { name: 'Vernieuw' }).click();
      await page.locator('il-problem').getByRole('button', { name: 'Probeer opnieuw' }).waitFor();
      await picture(page, 'queues-problem');
      page.faults.length = 0;
    },
    { viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
  ));

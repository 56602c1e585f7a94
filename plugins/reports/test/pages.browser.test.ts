import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { createReports } from './portal.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let at: Awaited<ReturnType<typeof createReports>>;
let browser: Browser;
beforeAll(async () => {
  at = await createReports({ uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await at?.portal.stop();
});

const fits = async (page: WatchedPage) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  expect(await axe(page)).toEqual([]);
};

test('a visitor looks at the figures, opens the table of a plot and saves it; a principal reads those of the school', async () => {
  const client = await at.portal.signIn(at.principal.id);
  const visit = { url: at.portal.url, path: '/cijfers', cookie: client.cookie('ilearn') };
  await visitAs(browser, visit, async (page) => {
    await page.getByRole('heading', { name: 'Leerlingen die meedoen' }).waitFor();
    await page.getByRole('img', { name: /Leerlingen die meedoen, week na week in/ }).waitFor();
    await page
      .getByRole('heading', { name: /Programma’s in / })
      .first()
      .waitFor();
    await fits(page);
    await picture(page, 'reports-public');
    await page.getByText('Toon als tabel').first().click();
    const table = page.getByRole('table', { name: 'Leerlingen die meedoen' });
    await table.waitFor();
    expect(await table.locator('tbody tr').count()).toBeGreaterThan(2);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Bewaar als CSV Leerlingen die meedoen' }).click(),
    ]);
    expect(await file.failure()).toBeNull();
    await page.getByRole('link', { name: 'Bekijk de cijfers van één programma' }).click();
    await page.getByRole('heading', { name: /: Keren dat een programma openging/ }).waitFor();
    await page.getByRole('table', { name: /, maand na maand/ }).waitFor();
    await fits(page);
    await picture(page, 'reports-tool');
    await page.goto(`${at.portal.url}/cijfers/school`);
    await page.getByRole('heading', { name: /toegang, gebruik en gegevens/ }).waitFor();
    // A number that is not shown is hatched and says so; it is no nought.
    const hatched = page.locator('td.not-shown').first();
    await hatched.waitFor();
    expect(await hatched.innerText()).toMatch(/<10|afgeschermd|niet getoond/);
    await page.setViewportSize({ width: 390, height: 800 });
    await fits(page);
    await picture(page, 'reports-school');
  });
});

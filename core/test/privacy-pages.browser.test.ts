import { writeFileSync } from 'node:fs';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { strFromU8 } from 'fflate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch } from '../../ui/test/browser.js';
import { readableRegister } from '../dist/privacy/register/readable-register.js';
import { registerPage } from '../dist/privacy/register/register-page.js';
import { diary } from './support/diary.js';
import { exportOf } from './support/exports.js';
import { bram, lotte, north } from './support/fixtures.js';

let portal: TestPlatform;
let browser: Browser;
const pages: Record<string, string> = {};
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary] });
  const { privacy, runner } = portal.platform;
  await portal.signIn(lotte, 'Lotte Peeters');
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  await portal.work('diary', async ({ knex }) => {
    const text = 'Vandaag leerde ik de tafel van zeven, en daarna gingen we naar buiten om te spelen in de zon.';
    await knex('pages').insert([1, 2, 3].map(() => ({ school_id: north, pupil_id: lotte, text })));
    await knex('clubs').insert({ name: 'Lezers', member_ids: [lotte, bram], founder: lotte, passphrase: 'sesam' });
  });
  const files = await exportOf(portal, lotte);
  pages['export'] = strFromU8(files['export.html'] as Uint8Array);
  const { register, plugins } = await runner.run({}, ({ unit }) => privacy.register(unit));
  pages['register'] = registerPage(readableRegister(register, plugins, 'nl'), 'nl');
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

test.each(
  sizes.flatMap((size) => [['export', size] as const, ['register', size] as const]),
)('the %s is readable at %o: axe finds nothing, the page does not scroll sideways, nothing is loaded from elsewhere', async (name, viewport) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', ({ url }) => requests.push(url()));
    await page.setContent(pages[name] as string);
    if (process.env['SCREENSHOTS'] !== undefined && colorScheme === 'light') {
      writeFileSync(`${process.env['SCREENSHOTS']}/${name}-${viewport.width}.png`, await page.screenshot());
    }
    expect(await axe(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await page.locator('h2').count()).toBeGreaterThan(0);
    expect(requests).toEqual([]);
    await context.close();
  }
});

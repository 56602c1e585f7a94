import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { school, schoolClass } from '@ilearn/plugin-directory/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs } from '../../../ui/test/browser.js';
import { approvedApp, createWorld, type World, withSandbox } from './world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({ uiFolder, plugins: withSandbox });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

test('a developer tries an app out in the practice school, and sees what was asked and what came back', async () => {
  const app = await approvedApp(world);
  const sandbox = await school(world.portal, { name: 'Oefenschool' });
  await world.portal.work('joining', ({ demoAccounts }) => demoAccounts.setSandbox(sandbox.id));
  await schoolClass(world.portal, sandbox, { name: 'Oefenklas' });
  const visit = { url: world.portal.url, path: `/ontwikkelaars/${app.id}`, cookie: world.developer.cookie('ilearn') };
  await visitAs(browser, visit, async (page) => {
    await page.getByRole('heading', { name: 'Uitproberen' }).waitFor();
    // Scopes are told in plain words, also those of other plugins.
    await page.getByText('Klassen en groepen van scholen lezen').first().waitFor();
    const ask = page.getByRole('button', { name: 'Vraag', exact: true });
    await page.getByLabel('Wat wil je vragen?').selectOption('/api/directory/classes/{id}');
    await ask.click();
    await page.getByText('zonder accolades').waitFor();
    await page.getByLabel('Wat wil je vragen?').selectOption('/api/directory/classes');
    await ask.click();
    await page.getByText('Antwoord: 200').waitFor();
    expect(await page.getByLabel('Wat er terugkwam').innerText()).toContain('Oefenklas');
    expect(await page.getByLabel('De vraag').innerText()).toMatch(/^curl '.*\/api\/directory\/classes' -H/);
    expect(await axe(page)).toEqual([]);
    await picture(page, 'api-try-out');
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await picture(page, 'api-try-out-narrow');
  });
});

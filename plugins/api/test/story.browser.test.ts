import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';
import { classesScope, createWorld, tokenOf, type World } from './world.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await createWorld({ uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await world?.portal.stop();
});

const visit = (client: World['developer'], path: string, run: (page: WatchedPage) => Promise<void>, width = 1280) =>
  visitAs(browser, { url: world.portal.url, path, cookie: client.cookie('ilearn') }, run, { viewport: { width, height: 900 } });

test('an app is registered, approved, switched on, used, looked at and switched off', { timeout: 180_000 }, async () => {
  const { developer, administrator, wissel } = world;
  let id = '';
  let secret = '';
  await visit(developer, '/ontwikkelaars', async (page) => {
    await page.getByRole('heading', { name: 'Nog geen apps' }).waitFor();
    await page.getByRole('button', { name: 'Registreer een app' }).click();
    const dialog = page.locator('api-app-dialog');
    const register = () => dialog.getByRole('button', { name: 'Registreer een app' }).click();
    await dialog.getByLabel('Naam').fill('Weekoverzicht');
    await register();
    // Description, address and rights are missing.
    await expect.poll(() => dialog.getByText('Kijk dit na.').count()).toBe(3);
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel('Wat de app doet').fill('Toont welke klassen er zijn.');
    await dialog.getByLabel('Website').fill('https://example.org/week');
    await dialog.getByText('Klassen en groepen van scholen lezen').click();
    await register();
    await page.getByText('Weekoverzicht is geregistreerd en wacht op goedkeuring.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Weekoverzicht' }).click();
    await page.getByText('Client-id').waitFor();
    id = new URL(page.url()).pathname.split('/').at(-1) as string;
    await page.getByRole('button', { name: 'Maak een geheim' }).click();
    secret = (await page.locator('api-once-dialog pre').textContent()) as string;
    expect(secret).toMatch(/^ils_[\w-]{43}$/);
    await page.locator('api-once-dialog').getByRole('button', { name: 'Sluit' }).last().click();
    await page.getByText(`Geheim dat eindigt op ${secret.slice(-4)}`).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'api-app');
  });
  await visit(administrator, '/beheer/apps', async (page) => {
    await page.getByRole('button', { name: 'Keur goed – Weekoverzicht' }).click();
    await page.getByText('Niets wacht op goedkeuring').waitFor();
    expect(await axe(page)).toEqual([]);
  });
  await visit(
    wissel.principal,
    '/school/apps',
    async (page) => {
      await page.getByText('Klassen en groepen van scholen lezen').click();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Zet aan – Weekoverzicht' }).click();
      await page.getByText('Weekoverzicht staat aan.').waitFor();
    },
    390,
  );
  const client = await tokenOf(world, { id, secret }, { scope: classesScope });
  expect((await client.get('/api/directory/classes')).body.classes).toHaveLength(1);
  await expect.poll(async () => (await wissel.coordinator.get(`/api/api/schools/${wissel.id}/apps`)).body.apps[0].calls).toBe(1);
  await visit(wissel.coordinator, '/school/apps', async (page) => {
    await page.getByText('Alleen de directeur zet een app aan of uit.').waitFor();
    await page.getByText('Wat de app vroeg: 1 vraag in dertig dagen').click();
    await page.getByText('GET /api/directory/classes').waitFor();
    expect(await page.getByRole('button', { name: /Zet uit/ }).count()).toBe(0);
    expect(await axe(page)).toEqual([]);
  });
  await visit(wissel.principal, '/school/apps', async (page) => {
    await page.getByRole('button', { name: 'Zet uit – Weekoverzicht' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Zet uit' }).click();
    await page.getByText('Weekoverzicht staat uit. Ze kan niets meer lezen van je school.').waitFor();
  });
  expect((await client.get('/api/directory/classes')).status).toBe(403);
  await visit(developer, '/ontwikkelaars/naslag', async (page) => {
    await page.getByText('GET /api/directory/ims/oneroster/rostering/v1p2/users', { exact: true }).waitFor();
    expect(await axe(page)).toEqual([]);
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definePlugin, secretText } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { axe, launch, picture, visitAs, type WatchedPage } from '../../../ui/test/browser.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const administrator = '33333333-3333-4333-8333-333333333333';
const principal = '44444444-4444-4444-8444-444444444444';
const teacher = '55555555-5555-4555-8555-555555555555';
const [north, south] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

const messages = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'ilearn-homework-'))}/`);
const words = (label: string, help: string, options?: object) => ({ label, help, ...(options === undefined ? {} : { options }) });
for (const language of ['nl', 'en', 'fr']) {
  const settings = {
    title: 'Huiswerk',
    limited: words('Beperk huiswerk', 'Leerlingen krijgen dan nooit meer dan de tijd hieronder.'),
    minutes: words('Minuten per dag', 'Hoogstens zoveel minuten huiswerk op één dag.'),
    tone: words('Toon van berichten', 'Hoe een herinnering klinkt.', { warm: 'Warm', short: 'Kort' }),
    subjects: words('Vakken', 'Vakken waarvoor huiswerk mag.', { dutch: 'Nederlands', maths: 'Wiskunde' }),
    mailKey: words('Sleutel van de maildienst', 'Je krijgt hem van je leverancier.'),
  };
  writeFileSync(new URL(`${language}.json`, messages), JSON.stringify({ settings }));
}
const minutes = z.int().min(5).max(180).default(60);
const homework = definePlugin({
  id: 'homework',
  version: '1.0.0',
  privileges: ['tenants'],
  tenantKinds: ['school'],
  roles: { teacher: 'school', principal: 'school' },
  permissions: { 'homework:read': ['teacher'] },
  privacy: { messages },
  settings: {
    portal: z.object({ minutes, mailKey: secretText() }),
    tenant: z.object({
      limited: z.boolean().default(false),
      minutes,
      tone: z.enum(['warm', 'short']).default('warm'),
      subjects: z.array(z.enum(['dutch', 'maths'])).default([]),
    }),
  },
});

let platform: TestPlatform;
let browser: Browser;
beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [operations, homework], uiFolder });
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  await platform.grant(principal, [
    { tenant: north, role: 'principal' },
    { tenant: south, role: 'principal' },
  ]);
  await platform.grant(teacher, [{ tenant: north, role: 'teacher' }]);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function visit(person: string, path: string, run: (page: WatchedPage) => Promise<void>, width = 1280) {
  const cookie = (await platform.signIn(person, 'Mieke')).cookie('ilearn');
  await visitAs(browser, { url: platform.url, path, cookie }, run, { viewport: { width, height: 900 } });
}
const values = async (path: string, plugin: string) => {
  const client = await platform.signIn(administrator);
  const sections: { plugin: string; fields: { name: string; value: unknown }[] }[] = (
    await client.get(`/api/operations/settings/${path}`)
  ).body;
  return Object.fromEntries(
    sections.find((each) => each.plugin === plugin)?.fields.map(({ name, value }) => [name, value]) ?? [],
  );
};
const save = (page: WatchedPage, title: string) => page.getByRole('button', { name: `Bewaar – ${title}` });

test('settings 10: an administrator adopts the Flemish holidays, enters a secret, and saves each section', () =>
  visit(administrator, '/beheer/instellingen', async (page) => {
    await page.getByRole('button', { name: 'Neem schooljaar 2026-2027 over' }).click();
    await page.getByLabel('Naam 1', { exact: true }).waitFor();
    expect(await page.getByLabel('Eerste dag 1', { exact: true }).inputValue()).toBe('2026-11-02');
    await save(page, 'Kalender en tijd').click();
    await page.getByText('Kalender en tijd: bewaard.').first().waitFor();
    expect((await values('portal', 'kernel'))['holidays']).toHaveLength(9);

    await page.getByLabel('Sleutel van de maildienst').fill('correct-horse-battery');
    await save(page, 'Huiswerk').click();
    await page.getByText('Huiswerk: bewaard.').first().waitFor();
    expect(await page.getByLabel('Sleutel van de maildienst').inputValue()).toBe('');
    expect(await page.getByPlaceholder('Ingesteld. Typ om het te vervangen.').count()).toBe(1);
    expect(await page.content()).not.toContain('correct-horse');
    expect(await axe(page)).toEqual([]);
    await picture(page, 'settings-portal');
  }));

test('settings 11: a principal of two schools changes one by keyboard; a wrong value and another person’s change are reported in place', () =>
  visit(principal, `/instellingen?organisatie=${north}`, async (page) => {
    const limit = page.getByLabel('Minuten per dag');
    await limit.fill('500');
    await limit.press('Enter');
    await page.getByText('Kies een geheel getal van 5 tot 180.').waitFor();
    expect(await limit.evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input)).toBe(true);
    expect(await axe(page)).toEqual([]);
    await picture(page, 'settings-wrong');
    await limit.fill('20');
    await page.getByRole('checkbox', { name: 'Wiskunde' }).press('Space');
    await page.getByLabel('Toon van berichten').selectOption('Kort');
    await limit.press('Enter');
    await page.getByText('Huiswerk: bewaard.').first().waitFor();
    expect(await values(`tenants/${north}`, 'homework')).toEqual({
      limited: false,
      minutes: 20,
      tone: 'short',
      subjects: ['maths'],
    });
    expect(await values(`tenants/${south}`, 'homework')).toMatchObject({ minutes: 60, tone: 'warm' });
    await picture(page, 'settings-tenant');

    const other = await platform.signIn(principal);
    const changed = await other.patch(`/api/operations/settings/tenants/${north}/homework`, {
      version: 1,
      values: { minutes: 40 },
    });
    expect(changed.status).toBe(200);
    await limit.fill('25');
    await limit.press('Enter');
    await page.getByRole('button', { name: 'Toon de nieuwe waarden' }).click();
    await expect.poll(() => limit.inputValue()).toBe('40');
    await page.getByRole('button', { name: 'Gebruik weer de waarde van het portaal – Minuten per dag' }).click();
    await save(page, 'Huiswerk').click();
    await expect.poll(() => limit.inputValue()).toBe('60');
    page.faults.length = 0;
  }));

test('on a phone nothing overflows', () =>
  visit(
    administrator,
    '/beheer/instellingen',
    async (page) => {
      await page.getByText('Kalender en tijd').first().waitFor();
      await page.getByLabel('Naam 1', { exact: true }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await axe(page)).toEqual([]);
      await picture(page, 'settings-telephone');
    },
    390,
  ));

test('settings 12: a teacher has access to neither page nor routes, and a principal not to those of the portal', async () => {
  const client = await platform.signIn(teacher);
  const head = await platform.signIn(principal);
  for (const path of ['portal', 'tenants', `tenants/${north}`]) {
    expect((await client.get(`/api/operations/settings/${path}`)).status).toBe(403);
  }
  expect((await head.get('/api/operations/settings/portal')).status).toBe(403);
  expect((await head.patch('/api/operations/settings/portal/homework', { version: 0, values: { minutes: 9 } })).status).toBe(403);
  const strange = '66666666-6666-4666-8666-666666666666';
  expect(
    (await head.patch(`/api/operations/settings/tenants/${strange}/homework`, { version: 0, values: { minutes: 9 } })).status,
  ).toBe(403);
  expect((await head.get('/api/operations/settings/tenants')).body).toMatchObject({ tenants: [{}, {}], more: false });
});

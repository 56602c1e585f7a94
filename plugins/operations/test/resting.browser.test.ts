import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { definePlugin, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { axe, launch, picture, visitAs } from '../../../ui/test/browser.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const route = routeFor<any>();
const state = { broken: true };
const partly = definePlugin({
  id: 'partly',
  version: '1.0.0',
  routes: [
    route({
      method: 'GET',
      path: '/notes/:id',
      summary: 'Fails while it is broken',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: z.object({}) },
      handler: () => {
        if (state.broken) throw new Error('no note can be read');
        return {};
      },
    }),
  ],
});

let platform: TestPlatform;
let browser: Browser;
const administrator = randomUUID();
beforeAll(async () => {
  browser = await launch();
  platform = await createTestPlatform({ plugins: [operations, partly], uiFolder });
  await platform.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

test('newcomer 14: a route out of service is shown with its cause, and brought back on request', async () => {
  state.broken = true;
  for (let person = 0; person < 5; person++) {
    const client = await platform.signIn(randomUUID());
    for (let call = 0; call < 2; call++) await client.get('/api/partly/notes/1');
  }
  const client = await platform.signIn(administrator, 'Beheerder');
  const page = { url: platform.url, path: '/beheer/modules', cookie: client.cookie('ilearn') };
  const told = 'Werkt, maar 1 onderdeel is even gepauzeerd na fouten';
  await visitAs(
    browser,
    page,
    async (seen) => {
      await seen.getByText(told).waitFor();
      expect(await seen.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await axe(seen)).toEqual([]);
      await picture(seen, 'module-rests-in-part-telephone');
    },
    { viewport: { width: 390, height: 800 } },
  );
  await visitAs(
    browser,
    page,
    async (seen) => {
      await seen.getByText('1 module werkt niet helemaal.').waitFor();
      await seen.getByText('GET /api/partly/notes/:id').waitFor();
      await seen.getByText('no note can be read', { exact: false }).waitFor();
      expect(await axe(seen)).toEqual([]);
      await picture(seen, 'module-rests-in-part');
      state.broken = false;
      await seen.getByRole('button', { name: 'Probeer opnieuw – partly' }).click();
      await seen.getByText('Geen enkele module heeft een probleem.').waitFor();
    },
    { viewport: { width: 1280, height: 900 } },
  );
  expect((await client.get('/api/partly/notes/1')).status).toBe(200);
});

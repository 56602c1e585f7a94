import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import privacy from '@ilearn/plugin-privacy';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { allPlugins, startDemoPortal } from './support/portal.js';
import { type DialogReport, openDialogs } from './support/sweep/dialogs.js';
import { type Walker, walk, walker } from './support/sweep/walk.js';

let portal: TestPlatform;
let browser: Browser;
let people: Walker[];

beforeAll(async () => {
  portal = await startDemoPortal({
    plugins: [...allPlugins, operations, privacy],
    uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)),
  });
  await portal.drain();
  browser = await launchBrowser();
  people = [];
  for (const door of [null, 'leerling', 'leraar', 'ICT', 'directeur', 'aanbieder', 'beheerder'])
    people.push(await walker(browser, portal, door));
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

/** A few buttons of one page of each plugin; with ILEARN_LONG_TESTS=1, every kind of button on every page. */
const everything = process.env['ILEARN_LONG_TESTS'] === '1';
const BUTTONS = everything ? 100 : 2;

test('ux 13: every dialog takes the focus, not on its cross, and gives it back; axe finds nothing in it', async () => {
  const report: DialogReport = { opened: [], faults: [] };
  const seen = new Set<string>();
  const left = await walk(
    portal,
    people,
    (visit) => openDialogs(visit, report, BUTTONS),
    ({ plugin }) => everything || (!seen.has(plugin) && Boolean(seen.add(plugin))),
  );
  expect(report.faults).toEqual([]);
  expect(report.opened.length).toBeGreaterThan(0);
  expect(left.filter((path) => !path.includes(':'))).toEqual([]);
}, 600_000);

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './support/browser.js';
import { allPlugins, startDemoPortal } from './support/portal.js';
import { type DialogReport, openDialogs } from './support/sweep/dialogs.js';
import { checkLayout } from './support/sweep/layout.js';
import { giveLongNames } from './support/sweep/long-names.js';
import { type Walker, walk, walker } from './support/sweep/walk.js';

let portal: TestPlatform;
let browser: Browser;
let people: Walker[];

beforeAll(async () => {
  portal = await startDemoPortal({
    plugins: [...allPlugins, operations],
    uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)),
  });
  await portal.drain();
  await giveLongNames(portal);
  browser = await launchBrowser();
  people = [];
  for (const door of [null, 'leerling', 'leraar', 'ICT', 'directeur', 'aanbieder', 'beheerder'])
    people.push(await walker(browser, portal, door));
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

/** So many kinds of buttons of a page are pressed. */
const BUTTONS = 100;

const report: DialogReport & { layout: string[] } = { opened: [], faults: [], layout: [] };
let sweeping: Promise<string[]> | undefined;

/** Walks once for all tests. Resolves to the pages that nobody reached. */
function sweep(): Promise<string[]> {
  sweeping ??= walk(portal, people, async (visit) => {
    report.layout.push(...(await checkLayout(visit)));
    await openDialogs(visit, report, BUTTONS);
  });
  return sweeping;
}

test('ux 13: every dialog takes the focus, not on its cross, and gives it back; axe finds nothing in it', async () => {
  const left = await sweep();
  expect(report.faults).toEqual([]);
  expect(report.opened.length).toBeGreaterThan(0);
  expect(left.filter((path) => !path.includes(':'))).toEqual([]);
}, 900_000);

test('ux 14, 15, 23: with long and right-to-left names, pages fit 320 px and letters of 200 %, nothing covers a low window, forced colours', async () => {
  await sweep();
  expect(report.layout).toEqual([]);
  if (report.faults.length === 0) await noteTheDay();
}, 900_000);

/** The accessibility statement says when everything was last tested. */
async function noteTheDay(): Promise<void> {
  const file = new URL('../../../ui/src/shell/accessibility-tested.ts', import.meta.url);
  const source = await readFile(file, 'utf8');
  await writeFile(file, source.replace(/\d{4}-\d\d-\d\d/, new Date().toISOString().slice(0, 10)));
}

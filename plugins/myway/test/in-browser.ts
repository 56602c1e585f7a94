import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { axe, closePage, launch, openPage } from '../../../ui/test/browser.js';
import { createWorld, type Person, type World } from './world.js';

export const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };

export let world: World;
export let browser: Browser;

/** A portal and a browser for the tests of a file. */
export function useBrowser({
  plugins = [],
  prepare,
}: {
  plugins?: PluginDefinition[];
  prepare?: () => Promise<unknown>;
} = {}): void {
  beforeAll(async () => {
    world = await createWorld({}, { uiFolder, plugins });
    browser = await launch();
    await prepare?.();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });
}

/** Opens a page as this person; whatever the page's own policy forbids fails the test. */
export async function visit(
  person: Person,
  path: string,
  run: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const page = await openPage(browser, world.platform.url, options);
  try {
    await page.context().addCookies([{ name: 'ilearn', value: person.client.cookie('ilearn') ?? '', url: world.platform.url }]);
    await page.goto(world.platform.url + path);
    await run(page);
    expect(page.faults.filter((fault) => !fault.startsWith(`request to ${world.tool}`))).toEqual([]);
  } finally {
    await page.context().clearCookies();
    if (page.url().startsWith(world.platform.url)) await closePage(page);
    else await page.close();
  }
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
export const saved = (page: Page) => page.getByText('Alles is bewaard').waitFor();

/** What axe finds in our own pages; the shell around them answers for itself. */
export const faults = async (page: Page) => (await axe(page)).filter((line) => /myway-/.test(line.split(': ')[0] ?? ''));
export const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axe, buildFixtures, closePage, launch, ofColour, openPage, type WatchedPage } from './browser.js';
import { pages } from './fixtures/gallery/pages.js';
import { Preview } from './preview.js';

let browser: Browser;
let preview: Preview;
let url: string;
let page: WatchedPage;
let fixtures: Awaited<ReturnType<typeof buildFixtures>>;

beforeAll(async () => {
  [fixtures, browser] = await Promise.all([buildFixtures('gallery'), launch()]);
  preview = new Preview([
    { id: 'gallery', entry: fixtures.entry('gallery'), messages: `${fixtures.folder}/gallery/messages`, pages },
  ]);
  preview.session = {
    personId: '00000000-0000-4000-8000-000000000001',
    displayName: 'Lien Vermeulen',
    language: null,
    ageBand: null,
    roles: [],
    permissions: [],
  };
  url = await preview.start();
});
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await fixtures?.remove();
});
afterEach(() => closePage(page));

const still: BrowserContextOptions = { reducedMotion: 'reduce' };
const open = async (path: string, options: BrowserContextOptions) => {
  page = await openPage(browser, url, { ...still, ...options });
  await page.goto(url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
};

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** Everything that opens over a page, opened. */
const OPENED: [string, string, typeof WIDE, () => Promise<void>][] = [
  ['a menu', '/lijnen', WIDE, () => page.getByRole('button', { name: /^Weergave/ }).click()],
  ['the navigation on a narrow screen', '/lijnen', NARROW, () => page.getByRole('button', { name: 'Toon de pagina’s' }).click()],
  ['a combobox', '/formulieren', WIDE, () => page.getByRole('combobox', { name: 'School', exact: true }).click()],
  ['a question', '/toestanden', WIDE, () => page.getByRole('button', { name: 'Verwijderen…' }).click()],
  ['a message', '/toestanden', NARROW, () => page.getByRole('button', { name: 'Mislukken' }).click()],
];

/** What axe finds in the light theme and in the dark one. */
async function inBothThemes(): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, rules] of [
    ['light', undefined],
    ['dark', ofColour],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await axe(page, rules)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}

describe('axe, in the light theme and the dark', () => {
  it.each([
    '/lijnen',
    '/formulieren',
    '/lijsten',
    '/toestanden',
    '/nergens',
    '/ontbreekt',
  ])('finds nothing on %s', async (path) => {
    await open(path, { viewport: WIDE });
    expect(await inBothThemes()).toEqual([]);
  });

  it('finds nothing on a page for young children, narrow', async () => {
    await open('/lijnen/1', { viewport: NARROW });
    expect(await page.evaluate(() => document.documentElement.dataset.density)).toBe('kid');
    expect(await inBothThemes()).toEqual([]);
  });

  it.each(OPENED)('finds nothing with %s open', async (_, path, viewport, act) => {
    await open(path, { viewport });
    await act();
    expect(await inBothThemes()).toEqual([]);
  });
});

describe('reach and reflow', () => {
  it.each([
    '/lijnen',
    '/formulieren',
    '/lijsten',
    '/toestanden',
    '/lijnen/1',
  ])('%s fits 320 px without scrolling sideways', async (path) => {
    await open(path, { viewport: { width: 320, height: 640 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('gives young children targets of 64 px', async () => {
    await open('/lijnen/1', { viewport: NARROW });
    const heights = await page
      .getByRole('main')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(64);
    expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('18px');
  });

  it('shows no animation to people who prefer reduced motion', async () => {
    await open('/toestanden', {});
    const longest = await page.evaluate(() =>
      Math.max(...document.getAnimations().map((animation) => Number(animation.effect?.getComputedTiming().endTime ?? 0))),
    );
    expect(longest).toBeLessThanOrEqual(1);
  });

  it('shows stations in forced colours', async () => {
    await open('/lijnen/1', { forcedColors: 'active' });
    const shapes = await page.evaluate(() => {
      const deep = (root: ParentNode): Element[] =>
        [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? deep(element.shadowRoot) : [])]);
      return deep(document)
        .filter((element) => element.classList.contains('shape'))
        .map((element) => getComputedStyle(element).stroke);
    });
    expect(shapes.length).toBe(6);
    expect(new Set(shapes.filter((stroke) => stroke !== 'none')).size).toBe(1);
  });
});

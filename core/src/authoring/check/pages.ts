import { readFileSync } from 'node:fs';
import { startSlot } from '../../contract/shell-slots.js';
import { withTimeout } from '../../foundation/timeout.js';
import { cookieName } from '../../http/exchange.js';
import type { TestClient } from '../../testing/index.js';
import { findChromium } from '../find-chromium.js';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import { importOptional, resolveOptional } from './optional.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** The part of Playwright's types that is used here. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  on(event: 'pageerror' | 'request', listener: (about: { message: string; url(): string }) => void): void;
}
interface Context {
  addCookies(cookies: { name: string; value: string; url: string }[]): Promise<void>;
  newPage(): Promise<Page>;
}
interface Browser {
  newContext(options: object): Promise<Context>;
  close(): Promise<void>;
}
interface Playwright {
  chromium: { launch(options: { executablePath: string; args: string[] }): Promise<Browser> };
}

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export interface Chromium {
  open(url: string, cookie: { name: string; value: string }): Promise<Page>;
  /** Ends the browser with every page that does not respond, and starts another. */
  restart(): Promise<void>;
  axe: string;
  close(): Promise<void>;
}

/** Starts Chromium, or returns an instruction for installing what is missing. */
export async function openChromium(folder: string): Promise<Chromium | string> {
  const playwright = await importOptional<Playwright & { default?: Playwright }>('playwright-core', folder);
  const axe = resolveOptional('axe-core/axe.min.js', folder);
  if (playwright === null || axe === null) return 'npm install --save-dev playwright-core axe-core';
  const executablePath = findChromium();
  if (executablePath === undefined)
    return 'Install Chromium (Debian: apt-get install chromium-headless-shell), or set CHROMIUM to its path.';
  const { chromium } = playwright.default ?? playwright;
  const launch = () => chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  let browser = await launch();
  return {
    axe: readFileSync(axe, 'utf8'),
    open: async (url, cookie) => {
      const context = await browser.newContext({ locale: 'nl-BE', reducedMotion: 'reduce' });
      await context.addCookies([{ ...cookie, url }]);
      return context.newPage();
    },
    restart: async () => {
      await browser.close();
      browser = await launch();
    },
    close: () => browser.close(),
  };
}

/** What is opened: a page, or the start page with one part of the plugin. */
interface Place {
  /** As findings name it. */
  name: string;
  path: string;
  tag: string;
  permission: string;
  /** The heading that shows that it has rendered. A part of the start page may be hidden instead, if it has nothing to say. */
  heading: 'h1' | 'h2';
}

export const placesOf = ({ ui }: Subject['definition']): Place[] => [
  ...(ui?.pages ?? []).map(({ path, tag, permission }) => ({ name: path, path, tag, permission, heading: 'h1' as const })),
  ...(ui?.slots ?? [])
    .filter(({ slot }) => slot === startSlot)
    .map(({ tag, permission }) => ({ name: `/ with <${tag}>`, path: '/', tag, permission, heading: 'h2' as const })),
];

/**
 * Opens each page, and the start page with each part of the plugin, at both widths, and runs axe: as a person of the tenants with generated rows, and as one of tenants without. A page with
 * ids in its path exists for the first only.
 */
export async function checkPages(
  { definition }: Subject,
  portal: ScratchPortal,
  chromium: Chromium,
  filled: Filled,
  findings: Findings,
): Promise<void> {
  const pages = placesOf(definition);
  const addressOf = (path: string) => path.replace(/:\w+/g, () => filled.ids.get(definition.id)?.[0] ?? portal.own.tenant);
  const empty = await openEach(pages, portal.own, { portal, chromium, findings, addressOf, state: '' });
  const withoutIds = pages.filter(({ path }) => !path.includes(':'));
  await openEach(withoutIds, portal.newcomer, { portal, chromium, findings, addressOf, state: ' without rows' });
  findings.passedUnlessFailed(
    'pages',
    `${pages.length} pages at ${sizes.map(({ width }) => width).join(' and ')} px, with rows and without, axe finds nothing`,
  );
  if (empty.length > 0) {
    findings.skipped(
      'pages',
      `Checked only in their empty state: ${empty.join(', ')}.`,
      'Check in your own tests what they show with data.',
    );
  }
}

/** @returns names of the pages that show that they are empty */
async function openEach(
  places: readonly Place[],
  visitor: { person: string; client: TestClient },
  about: {
    portal: ScratchPortal;
    chromium: Chromium;
    findings: Findings;
    addressOf: (path: string) => string;
    /** How findings name what the visitor sees. */
    state: string;
  },
): Promise<string[]> {
  const { portal, chromium, findings, addressOf, state } = about;
  const { seconds } = portal.limits;
  let page: WatchedPage | null = null;
  const empty: string[] = [];
  for (const { name, path, tag, permission, heading } of places) {
    await portal.holdOnly(permission, visitor.person);
    page ??= await openWatched(portal, visitor.client, chromium);
    const late = () => new Error(`it did not respond for ${2 * seconds} s`);
    try {
      const looked = lookAt(page, { tag, heading, url: portal.platform.url + addressOf(path), seconds }, chromium.axe);
      for (const { message, remedy } of await withTimeout(2 * seconds, looked, late))
        findings.failed('pages', `${name}${state} ${message}`, remedy);
      if (await page.page.evaluate<boolean>(shows('il-empty'))) empty.push(name);
    } catch (error) {
      findings.failed(
        'pages',
        `${name}${state} could not be checked: ${(error as Error).message.split('\n')[0]}.`,
        'Look for an endless loop.',
      );
      // A page that does not respond does not close either, and would slow the pages after it.
      await chromium.restart();
      page = null;
    }
  }
  return empty;
}

interface WatchedPage {
  page: Page;
  /** Errors because of which the page fails. */
  errors: string[];
}

async function openWatched({ platform: { url } }: ScratchPortal, client: TestClient, chromium: Chromium): Promise<WatchedPage> {
  const name = cookieName(false);
  const page = await chromium.open(url, { name, value: client.cookie(name) ?? '' });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(`an uncaught error: ${message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) errors.push(`a request to ${request.url()}`);
  });
  return { page, errors };
}

/** Describes each fault of a page, with a remedy. */
async function lookAt(
  { page, errors }: WatchedPage,
  { tag, heading, url, seconds }: { tag: string; heading: Place['heading']; url: string; seconds: number },
  axe: string,
): Promise<{ message: string; remedy: string }[]> {
  errors.length = 0;
  await page.goto(url);
  if (!(await appears(page, ready(tag, heading), seconds))) {
    const remedy = `Let <${tag}> be defined by the built module, and render an <${heading}>.`;
    return [{ message: `shows no heading within ${seconds} s.`, remedy }];
  }
  const found: { message: string; remedy: string }[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe);
    const violations = await page.evaluate<string[]>(
      `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} }).then(({ violations }) =>
        violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 2).map(({ target }) => id + ' at ' + JSON.stringify(target) + ': ' + help)))`,
    );
    for (const each of violations)
      found.push({ message: `at ${size.width} px: ${each}`, remedy: 'See the rule at dequeuniversity.com/rules/axe.' });
  }
  for (const each of new Set(errors)) found.push({ message: `made ${each}`, remedy: 'Fix it: people see the page fail.' });
  return found;
}

/** Polls from outside, because waiting within the page needs `eval`, which the content security policy forbids. */
async function appears(page: Page, condition: string, seconds: number): Promise<boolean> {
  for (
    const end = performance.now() + seconds * 1_000;
    performance.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 50))
  ) {
    if (await page.evaluate<boolean>(condition)) return true;
  }
  return false;
}

/** Whether an element of this name is on the page, in any shadow root. */
const shows = (tag: string): string => `(() => {
  const has = (root) => [...root.querySelectorAll('*')].some((each) => each.localName === '${tag}' || (each.shadowRoot && has(each.shadowRoot)));
  return has(document);
})()`;

/** Whether the element is below the shell and has rendered its heading. */
const ready = (tag: string, heading: Place['heading']): string => `(() => {
  const find = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.localName === '${tag}') return element;
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
    }
  };
  const page = find(document);
  const heading = (root) => root.querySelector('${heading}') || [...root.querySelectorAll('*')].some((each) => each.shadowRoot && heading(each.shadowRoot));
  return Boolean(page && page.shadowRoot && (heading(page.shadowRoot) || (page.hidden && '${heading}' === 'h2')));
})()`;

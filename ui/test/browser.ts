import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPluginUi } from '@ilearn/ui/build';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { findChromium } from '../../core/dist/authoring/find-chromium.js';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let running: Promise<Browser> | undefined;

/** Chromium for a test file. Starting it takes a second, so the files of a process share one: closing it closes its pages only. */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error(
      'No Chromium found. Install it (Debian: apt-get install chromium-headless-shell) or set CHROMIUM to its path.',
    );
  if (!(await running)?.isConnected()) running = chromium.launch({ executablePath, args: ARGS });
  const browser = (await running) as Browser;
  const closePages = () => Promise.all(browser.contexts().map((context) => context.close()));
  return new Proxy(browser, {
    get(target, name) {
      if (name === 'close') return closePages;
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Builds fixtures in a folder of their own, as a partner outside this repository would. */
export async function buildFixtures(
  ...names: string[]
): Promise<{ folder: string; entry: (name: string) => string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'ilearn-ui-'));
  for (const name of names) {
    await cp(join(FIXTURES, name), join(folder, name), {
      recursive: true,
      filter: (path) => !/\/dist(\/|$)|tsconfig/.test(path),
    });
    await buildPluginUi(join(folder, name));
  }
  return {
    folder,
    entry: (name) => join(folder, name, 'dist/ui/index.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A page that remembers what should never happen: policy violations, requests to strangers, uncaught errors. */
export interface WatchedPage extends Page {
  readonly faults: string[];
}

/** Most tests ask nothing about motion, and drawing it takes time. */
const usual: BrowserContextOptions = { locale: 'nl-BE', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

const contexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

/** Pages with the same wishes share a context, and with it the cache of what the server says never changes. */
function contextOf(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const known = contexts.get(browser) ?? new Map<string, Promise<BrowserContext>>();
  contexts.set(browser, known);
  const key = JSON.stringify(options);
  const context = known.get(key) ?? browser.newContext({ ...usual, ...options });
  known.set(key, context);
  return context;
}

/** Leaves nothing behind for the next page, also if the page is on its way to another. */
export async function closePage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'local_storage' });
  await page.close();
}

export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await contextOf(browser, options);
  const page = (await context.newPage()) as WatchedPage;
  const faults: string[] = [];
  Object.defineProperty(page, 'faults', { value: faults });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|integrity|Multiple versions of Lit/i.test(message.text())) faults.push(message.text());
  });
  return page;
}

/** A page as somebody sees it, signed in by that cookie; fails when something happened that never should. */
export async function visitAs(
  browser: Browser,
  address: { url: string; path: string; cookie: string | undefined },
  run: (page: WatchedPage) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { url, path, cookie = '' } = address;
  const page = await openPage(browser, url, options);
  page.setDefaultTimeout(20_000);
  try {
    await page.context().clearCookies();
    await page.context().addCookies([{ name: 'ilearn', value: cookie, url }]);
    await page.goto(url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await run(page);
    if (page.faults.length > 0) throw new Error(page.faults.join('\n'));
  } finally {
    await closePage(page);
  }
}

/** Goes to an address as a link in the portal does: the document stays, which takes a third of the time of loading it. */
export async function follow(page: Page, address: string): Promise<void> {
  const shown = page.evaluate(async (href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    do await frame();
    while (document.querySelector('il-shell')?.shadowRoot?.querySelector('il-page[busy]'));
  }, address);
  // From and to pages that the server renders, the browser loads a new document.
  await shown.catch(async (error: Error) => {
    if (!error.message.includes('Execution context was destroyed')) throw error;
    await page.waitForLoadState();
  });
}

/** Kept where `SCREENSHOTS` names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS } = process.env;
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary: string }[];
}

/**
 * Waits until nothing is on its way that will arrive: half-way is neither here nor there. A way begins with the next frame.
 *
 * @returns what is seen then: the page without the ids in its address, the texts of open dialogs, the width and the theme
 */
async function settled(page: Page): Promise<string> {
  const view = await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const roots = (root: Document | ShadowRoot): (Document | ShadowRoot)[] => [
      root,
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : roots(shadowRoot))),
    ];
    const moving = () =>
      roots(document)
        .flatMap((root) => root.getAnimations())
        .some(
          ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        );
    await frame();
    do await frame();
    while (moving());
    const dialogs = roots(document).flatMap((root) => [...root.querySelectorAll('dialog[open]')]);
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return [location.origin + location.pathname, dialogs.map((each) => each.textContent), innerWidth, dark];
  });
  return JSON.stringify(view).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '');
}

/** Runs a script in the page. Over the protocol: `page.evaluate` takes half as long again for so much text. */
async function load(page: Page, expression: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { exceptionDetails } = await session.send('Runtime.evaluate', { expression: `${expression}\n;0` });
  await session.detach();
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
}

/** What a theme may break when the other is sound: nothing but colours differs between them. */
export const ofColour = ['color-contrast', 'link-in-text-block'];

/** Half of the time of a run of axe, for what hardly differs between two states of one page. */
const slow = [...ofColour, 'target-size'];
/** Views that were looked at with these rules too. */
const looked = new Set<string>();

/**
 * What axe finds wrong (WCAG 2.2 AA and best practice, or only these rules), as readable lines.
 *
 * @param root expression for the element to look in; the whole document by default
 */
export async function axe(page: Page, rules?: readonly string[], root = 'document'): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await load(page, axeSource);
  const view = await settled(page);
  const again = rules === undefined && looked.has(view) && process.env['ILEARN_LONG_TESTS'] !== '1';
  if (rules === undefined) looked.add(view);
  const options = {
    resultTypes: ['violations'],
    runOnly: rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: again ? Object.fromEntries(slow.map((rule) => [rule, { enabled: false }])) : {},
  };
  // Only the violations leave the page: the rest is a hundred times as long.
  const violations = await page.evaluate<Violation[]>(
    `axe.run(${root}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} at ${JSON.stringify(node.target)}: ${node.failureSummary}`),
  );
}

/** Fonts that Chromium draws an element's text with: family → number of glyphs (CDP `CSS.getPlatformFontsForNode`). */
export async function fontsOf(page: Page, text: Locator): Promise<Record<string, number>> {
  const mark = `probe-${Math.random().toString(36).slice(2)}`;
  await text.evaluate((element, name) => element.setAttribute(name, ''), mark);
  const cdp = await page.context().newCDPSession(page);
  try {
    await cdp.send('DOM.enable');
    await cdp.send('CSS.enable');
    const { root } = await cdp.send('DOM.getDocument', { depth: -1, pierce: true });
    const find = (node: DomNode): number | undefined =>
      node.attributes?.includes(mark)
        ? node.nodeId
        : [...(node.children ?? []), ...(node.shadowRoots ?? [])].map(find).find((id) => id !== undefined);
    const { fonts } = await cdp.send('CSS.getPlatformFontsForNode', { nodeId: find(root) as number });
    return Object.fromEntries(fonts.map(({ familyName, glyphCount }) => [familyName, glyphCount]));
  } finally {
    await cdp.detach();
    await text.evaluate((element, name) => element.removeAttribute(name), mark);
  }
}

interface DomNode {
  nodeId: number;
  attributes?: string[];
  children?: DomNode[];
  shadowRoots?: DomNode[];
}

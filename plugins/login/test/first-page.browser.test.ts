import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modulesFor, readBuiltPages } from '../../../core/dist/http/page-elements.js';
import type { Portal } from '../../../ui/src/base/portal.js';
import { closePage, launch, openPage } from '../../../ui/test/browser.js';
import { type LoginPlatform, startLogin } from './platform.js';

const uiFolder = join(dirname(createRequire(import.meta.url).resolve('@ilearn/ui/package.json')), 'dist/assets');
const manifest = JSON.parse(readFileSync(join(uiFolder, 'manifest.json'), 'utf8'));
const MOST_BYTES = 68_500;

let platform: LoginPlatform;
let browser: Browser;

beforeAll(async () => {
  platform = await startLogin({}, { uiFolder });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

/** Bytes of JavaScript that a page receives, headers included. Compressed with gzip: Chromium asks for Brotli, a tenth less, over https only. */
async function scriptBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (/javascript/.test(response.mimeType)) scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await session.send('Network.enable');
  return () => bytes;
}

test('speed 12: the sign-in page loads at most 68.5 kB of JavaScript, and its menus arrive when they are opened', async () => {
  const page = await openPage(browser, platform.url);
  const bytes = await scriptBytes(page);
  await page.goto(`${platform.url}/aanmelden?wie=medewerker`, { waitUntil: 'networkidle' });
  await page.getByLabel('Gebruikersnaam').waitFor();
  expect(bytes()).toBeGreaterThan(10_000);
  expect(bytes()).toBeLessThan(MOST_BYTES);
  expect(await page.evaluate(() => customElements.get('wa-dropdown'))).toBeUndefined();

  const trigger = page.getByRole('button', { name: /Taal/ });
  const before = await trigger.boundingBox();
  await trigger.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'English' }).click();
  await page.getByLabel('Username').waitFor();
  expect((await page.getByRole('button', { name: /Language/ }).boundingBox())?.y).toBe(before?.y);
  expect(page.faults).toEqual([]);
  await closePage(page);
});

test('ux figures: before any module has arrived, the page shows its bar and a placeholder, at the height of the bar that follows', async () => {
  const page = await openPage(browser, platform.url);
  const held: Route[] = [];
  let holding = true;
  await page.route(/\.js$/, (route) => (holding ? void held.push(route) : route.continue()));
  await page.goto(`${platform.url}/aanmelden?wie=medewerker`, { waitUntil: 'commit' });
  await page.locator('.il-first-bar').waitFor();
  const first = await page.locator('.il-first-bar').boundingBox();
  expect((await page.locator('.il-first-line').boundingBox())?.height).toBeGreaterThan(50);
  holding = false;
  await Promise.all(held.map((route) => route.continue()));
  await page.getByLabel('Gebruikersnaam').waitFor();
  expect((await page.locator('il-bar').boundingBox())?.height).toBe(first?.height);
  expect(await page.locator('.il-first-bar').isVisible()).toBe(false);
  expect(page.faults).toEqual([]);
  await closePage(page);
});

test('ux figures: without JavaScript, the page says so and shows no placeholder that waits in vain', async () => {
  const page = await openPage(browser, platform.url, { javaScriptEnabled: false });
  await page.goto(`${platform.url}/aanmelden`);
  expect(await page.locator('noscript').isVisible()).toBe(true);
  expect(await page.locator('noscript').textContent()).toContain('i-Learn heeft JavaScript nodig.');
  expect(await page.locator('.il-first').isVisible()).toBe(false);
  await page.close();
});

test('speed 12: the sign-in page can be used after one round trip', async () => {
  const page = await openPage(browser, platform.url);
  let held: Route[] = [];
  const addresses = () => held.map((route) => new URL(route.request().url()).pathname);
  await page.route('**/*', (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    held.push(route);
    return undefined;
  });
  const release = async () => {
    const round = held;
    held = [];
    await Promise.all(round.map((route) => route.continue()));
  };
  await page.goto(`${platform.url}/aanmelden?wie=medewerker`, { waitUntil: 'commit' });

  // Requested before any answer but the document has arrived: of the plugin and of the messages, what this page needs.
  const html = await (await fetch(`${platform.url}/aanmelden`)).text();
  const portal = JSON.parse(/id="ilearn-portal">(.*?)<\/script>/.exec(html)?.[1] ?? '') as Portal;
  const { modules = [], tag } = portal.plugins.flatMap(({ pages }) => pages).find(({ path }) => path === '/aanmelden') ?? {};
  expect(modules.length).toBeGreaterThan(0);
  const own = [portal.messages.nl, ...modules];
  const first = [...manifest.preload, ...own, '/api/kernel/session', '/api/login/options'];
  await expect.poll(addresses).toEqual(expect.arrayContaining(first));
  expect(
    addresses()
      .filter((path) => /^\/assets\/(messages|login)\//.test(path))
      .sort(),
  ).toEqual(own.sort());
  expect(held.map((route) => new URL(route.request().url()).search)).toContain(`?for=${tag},shell`);
  await release();
  // What passkeys need arrives when somebody comes to the field.
  await page.getByLabel('Gebruikersnaam').waitFor();
  // The page does not wait for the font of the zero.
  expect(addresses().filter((path) => !path.endsWith('.woff2'))).toEqual([]);

  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await closePage(page);
});

test('speed 12: the modules of every shared element define it', async () => {
  const page = await openPage(browser, platform.url);
  await page.goto(`${platform.url}/aanmelden`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // As text: the test runner would rewrite `import()`.
  const missing = await page.evaluate(`(async () => {
    const elements = ${JSON.stringify(manifest.elements)};
    await Promise.all(Object.values(elements).flat().map((address) => import(address)));
    return Object.keys(elements).filter((tag) => customElements.get(tag) === undefined);
  })()`);
  expect(missing).toEqual([]);
  expect(page.faults).toEqual([]);
  await closePage(page);
});

test('speed 12: pages built before the present contract get every element that their code names or composes', () => {
  const known = { 'wa-input': ['/form.js'], 'wa-radio': ['/form.js'], 'wa-tooltip': ['/tooltip.js'], 'il-line': ['/line.js'] };
  const modules = (code: string, tag = 'x-page') => modulesFor(readBuiltPages(code).uses(tag), known);
  expect(modules('html`<wa-input></wa-input>`; css`a { color: var(--il-line-1) }`')).toEqual(['/form.js']);
  expect(modules('document.createElement("il-line")')).toEqual(['/line.js']);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code of a page
  expect(modules('html`<${unsafeStatic(`wa-${kind}`)}>`')).toEqual(['/form.js', '/tooltip.js']);
  expect(modules('html`<a @wa-tooltip=x>`')).toEqual([]);
  const built = 'a`<wa-input>`;b`<il-line>`;\n//# ilearn-elements={"x-page":["wa-input"],"x-other":["il-line"]}\n';
  expect(modules(built)).toEqual(['/form.js']);
  expect(modules(built, 'x-other')).toEqual(['/line.js']);
  expect(modules(built, 'x-unlisted')).toEqual(['/form.js', '/line.js']);
});

import { fileURLToPath } from 'node:url';
import type { TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow } from '../../../ui/test/browser.js';
import { enterAs, launchBrowser, watch } from './support/browser.js';
import { allPlugins, startDemoPortal } from './support/portal.js';

let portal: TestPlatform;
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  portal = await startDemoPortal({
    plugins: [...allPlugins, operations],
    config: { demo: { results: true } },
    required: ['directory', 'login'],
    uiFolder: fileURLToPath(new URL('../../../ui/dist/assets', import.meta.url)),
  });
  await portal.drain();
  browser = await launchBrowser();
  const context = await browser.newContext({ locale: 'nl-BE', viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(30_000);
  faults = watch(context, [portal.url]);
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await portal?.stop();
});

/** Lists that are there to be read, by the tag of their element: each has its reason. */
const readOnly: Record<string, string> = {
  'api-reference-page': 'the reference is a document',
  document: 'help and the state of tools: texts that the server renders',
  'helpdesk-outages-page': 'outages that have ended are for reading',
  'privacy-audit-log': 'an entry of the audit log has nothing behind it',
  'privacy-register-page': 'the register is a document',
  'privacy-matrix-page': 'who may read which data is for reading',
  'privacy-statement-page': 'the statement is a document',
  'privacy-erasure-list': 'what was erased; erasures that failed have their acts',
  'notifications-outbox-page': 'e-mails as they would be sent',
  'privacy-erasure-form': 'counts of what would be erased',
  'directory-import-report': 'what an import did',
  'directory-provider': 'who is at the provider, for those who may not change the person in the row',
  'lti-tools-page': 'programs that come with a module; the others have their acts',
  'myway-start-school': 'figures of a year of study, without names of pupils',
  'operations-plugins-page': 'modules; those that can be switched off have their acts',
  'operations-queues-page': 'totals of each queue; failed messages below have their acts',
};

interface Walked {
  links: string[];
  rows: number;
  /** Rows with nothing to press, as `<tag of the element>: <text>`. */
  dead: string[];
}

/** What the page has in its shadow roots: internal links, and rows of lists and tables without a link or control. */
const walk = (): Promise<Walked> =>
  page.evaluate(() => {
    const found: Walked = { links: [], rows: 0, dead: [] };
    const controls =
      'a[href], button, input, select, textarea, summary, wa-button, wa-switch, wa-checkbox, wa-select, [role="button"]';
    const acts = (element: Element): boolean =>
      element.matches(controls) ||
      [...element.children, ...(element.shadowRoot?.children ?? [])].some((child) => acts(child)) ||
      (element instanceof HTMLSlotElement && element.assignedElements().some((child) => acts(child)));
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot !== null) visit(element.shadowRoot);
        if (element instanceof HTMLAnchorElement && element.origin === location.origin) {
          found.links.push(element.pathname + element.search);
        }
        if (!element.matches('ul.list > li, ol.list > li, .list > .row, tbody > tr')) continue;
        if (element.closest('nav, header') !== null || element.getClientRects().length === 0) continue;
        found.rows += 1;
        const inLink = element.closest('a[href], button') !== null;
        const tag = root instanceof ShadowRoot ? root.host.localName : 'document';
        const text = element.textContent?.trim().replace(/\s+/g, ' ').slice(0, 60);
        if (!inLink && !acts(element)) found.dead.push(`${tag}: ${text}`);
      }
    };
    visit(document);
    return found;
  });

/** One address stands for all that differ in ids and queries only. */
const kindOf = (address: string): string => address.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/\?.*/, '');

const notWalked = ['/api', '/kijk', '/aanmelden'];

test('ux 5: behind each row of each list of each role is a place or an act', async () => {
  const dead: string[] = [];
  let rows = 0;
  for (const who of ['leraar', 'ICT-coördinator', 'directeur', 'aanbieder', 'beheerder', 'leerling']) {
    await enterAs(page, portal.url, who);
    const seen = new Set(notWalked);
    const waiting = [new URL(page.url()).pathname];
    let walkedPages = 0;
    for (let address = waiting.shift(); address !== undefined && walkedPages < 40; address = waiting.shift()) {
      if (seen.has(kindOf(address))) continue;
      seen.add(kindOf(address));
      walkedPages += 1;
      await follow(page, address);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForFunction(() => {
        const busy = (root: Document | ShadowRoot): boolean =>
          [...root.querySelectorAll('*')].some(
            (element) =>
              (element.localName === 'il-skeleton' && element.getClientRects().length > 0) ||
              (element.shadowRoot !== null && busy(element.shadowRoot)),
          );
        return !busy(document);
      });
      const walked = await walk();
      rows += walked.rows;
      dead.push(
        ...walked.dead
          .filter((line) => !((line.split(':')[0] ?? '') in readOnly))
          .map((line) => `${who} ${kindOf(address ?? '')} ${line}`),
      );
      waiting.push(...walked.links.filter((link) => !link.startsWith('/api/') && !seen.has(kindOf(link))));
    }
  }
  expect(rows).toBeGreaterThan(100);
  expect([...new Set(dead)]).toEqual([]);
  expect(faults).toEqual([]);
}, 900_000);

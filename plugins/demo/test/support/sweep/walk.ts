import type { TestPlatform } from '@ilearn/core/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { follow } from '../../../../../ui/test/browser.js';
import { inPage } from './in-page.js';

interface PortalPage {
  path: string;
  tag: string;
  permission: string;
}

/** A page of the portal as one of its people sees it. */
export interface Visit {
  /** Pattern from the manifest. */
  path: string;
  plugin: string;
  address: string;
  who: string;
  page: Page;
}

export interface Walker {
  who: string;
  context: BrowserContext;
  page: Page;
  permissions: readonly string[];
}

/** Pages of every plugin, from the portal's own description. */
export async function pagesOf(portal: TestPlatform): Promise<(PortalPage & { plugin: string })[]> {
  const html = await (await fetch(`${portal.url}/aanmelden`)).text();
  const text = /<script[^>]*id="ilearn-portal"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '{}';
  const { plugins } = JSON.parse(text) as { plugins: { id: string; pages: PortalPage[] }[] };
  return plugins.flatMap(({ id, pages }) => pages.map((page) => ({ ...page, plugin: id })));
}

/** Signs somebody in through the doors of the demonstration, in a context of their own. */
export async function walker(browser: Browser, portal: TestPlatform, door: string | null): Promise<Walker> {
  const context = await browser.newContext({
    locale: 'nl-BE',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.addInitScript(inPage);
  if (door !== null) {
    await page.goto(`${portal.url}/kijk`);
    await page.getByRole('button', { name: new RegExp(`^Kijk als ${door}`) }).click();
    await page.waitForURL((url) => url.pathname !== '/kijk');
  }
  const { session } = (await (await context.request.get(`${portal.url}/api/kernel/session`)).json()) as {
    session: { permissions: string[] } | null;
  };
  const permissions = ['public', ...(session ? ['signed-in', ...session.permissions] : [])];
  return { who: door ?? 'bezoeker', context, page, permissions };
}

/** Waits until the page has its heading, and nothing on it is loading. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  for (const end = performance.now() + 15_000; performance.now() < end; await page.waitForTimeout(50)) {
    const still = await page.evaluate(`(() => {
      const all = sweep.deep(document);
      return all.some((each) => each.localName === 'il-skeleton' && sweep.shown(each)) || all.some((each) => each.matches('[aria-busy="true"]'));
    })()`);
    if (!still) return;
  }
}

const pattern = (path: string) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);

/**
 * Calls `look` on every page of the portal that one of the people may open, once, as the first of them who may. Addresses with parameters
 * come from links on other pages. Returns the patterns of the pages that nobody reached.
 */
export async function walk(
  portal: TestPlatform,
  people: readonly Walker[],
  look: (visit: Visit) => Promise<void>,
): Promise<string[]> {
  const left = new Map((await pagesOf(portal)).map((page) => [page.path, page]));
  for (const { who, page, permissions } of people) {
    const links = new Set<string>();
    // From a page that `look` changed, links may not lead on.
    let untouched = page.url().startsWith(portal.url);
    for (let found = true; found; ) {
      found = false;
      for (const { path, plugin, permission } of [...left.values()]) {
        if (!permissions.includes(permission)) continue;
        const fixed = [...left.keys()].filter((each) => !each.includes(':'));
        const address = path.includes(':') ? [...links].find((link) => pattern(path).test(link) && !fixed.includes(link)) : path;
        if (address === undefined) continue;
        if (untouched) await follow(page, address);
        else await page.goto(portal.url + address);
        untouched = true;
        await settled(page);
        left.delete(path);
        found = true;
        for (const link of await linksOn(page)) links.add(link);
        await look({ path, plugin, address, who, page });
        untouched = false;
      }
    }
  }
  return [...left.keys()];
}

const linksOn = (page: Page): Promise<string[]> =>
  page.evaluate(
    `sweep.deep(document).filter((each) => each.localName === 'a' && each.href && each.origin === location.origin).map((each) => each.pathname)`,
  );

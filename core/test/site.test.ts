import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error: a plain script without types
import { writeSite } from '../scripts/site.mjs';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
/** Page → its HTML. */
const pages = new Map<string, string>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilearn-site-'));
  await writeSite(folder);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.html')) pages.set(name, readFileSync(join(folder, name), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every page of docs and every plugin is in the site, with a heading', () => {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  for (const name of docs) expect([...pages.keys()]).toContain(`docs/${name.replace(/\.md$/, '.html')}`);
  for (const [name, html] of pages) expect(html, name).toMatch(/<h1 id=/);
  const plugins = readdirSync(join(root, 'plugins')).filter((name) => existsSync(join(root, 'plugins', name, 'package.json')));
  const catalogue = pages.get('plugins.html') as string;
  expect([...catalogue.matchAll(/<h2 id="([^"]+)">/g)]).toHaveLength(plugins.length);
});

test('every link and picture leads somewhere within the site, and nothing is loaded from another host', () => {
  const broken: string[] = [];
  for (const [name, html] of pages) {
    for (const [, attribute, value = ''] of html.matchAll(/ (href|src)="([^"]+)"/g)) {
      if (/^[a-z]+:/i.test(value)) {
        if (attribute === 'src') broken.push(`${name} loads ${value}`);
        continue;
      }
      const [path = '', anchor] = value.replaceAll('&amp;', '&').split('#');
      const target = path === '' ? name : normalize(join(dirname(name), path));
      if (!existsSync(join(folder, target))) broken.push(`${name} → ${value}`);
      else if (anchor !== undefined && !pages.get(target)?.includes(` id="${anchor}"`)) broken.push(`${name} → ${value}`);
    }
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script(?! defer src="[./]*assets\/)|style="|<style/);
  }
  expect(broken).toEqual([]);
  expect(readFileSync(join(folder, 'assets/site.css'), 'utf8')).not.toMatch(/url\((?!atkinson\.woff2\))/);
  expect(relative(folder, join(folder, 'index.html'))).toBe('index.html');
});

test('the index of the search finds sections by what they say', () => {
  const window: { searchIndex?: { page: string; title: string; at: string; text: string }[] } = {};
  runInNewContext(readFileSync(join(folder, 'assets/search-index.js'), 'utf8'), { window });
  const index = window.searchIndex ?? [];
  expect(index.find(({ title }) => title === 'The master key')).toMatchObject({ at: 'docs/operating.html#the-master-key' });
  for (const { at } of index) expect(pages.has(at.split('#')[0] as string)).toBe(true);
});

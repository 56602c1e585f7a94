import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkConformance } from '../dist/authoring/check/conformance.js';
import { loadSubject } from '../dist/authoring/check/subject.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Their own tests open the pages of the plugins here, with axe and with data; this one does with `ILEARN_LONG_TESTS=1`. */
const openPages = process.env['ILEARN_LONG_TESTS'] === '1';

async function checked(names: readonly string[], browser: boolean) {
  const subjects = await Promise.all(names.map((name) => loadSubject(join(root, 'plugins', name), root)));
  const results = await checkConformance(subjects, { browser });
  const failed = [...results].flatMap(([{ definition }, { list }]) =>
    list.filter(({ state }) => state === 'failed').map(({ check, message }) => `${definition.id}: ${check}: ${message}`),
  );
  expect(failed).toEqual([]);
  return results;
}

test('every plugin here passes the check that authors run', { timeout: 600_000 }, async () => {
  const results = await checked(readdirSync(join(root, 'plugins')), openPages);
  for (const [{ definition }, { list }] of results) {
    expect(list.length).toBeGreaterThan(5);
    if (!openPages) continue;
    const pages = list.filter(
      ({ check, message }) => check === 'pages' && !message.startsWith('Checked only in their empty state'),
    );
    const states = pages.map(({ state }) => state);
    expect(states, definition.id).toEqual((definition.ui?.pages ?? []).length > 0 ? ['passed'] : []);
  }
  // Rows were made up and seen at home, or the probe from elsewhere would prove nothing.
  const telling = [...results.values()].flatMap(({ list }) =>
    list.map(({ message }) => /(\d+) of them show rows to their own/.exec(message)?.[1]),
  );
  expect(telling.reduce((sum, each) => sum + Number(each ?? 0), 0)).toBeGreaterThan(8);
});

test('a page that violates an axe rule, throws or never ends is found and named', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-pages-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    mkdirSync(join(folder, 'messages'));
    for (const language of ['nl', 'en', 'fr']) writeFileSync(join(folder, 'messages', `${language}.json`), '{ "title": "T" }');
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'ilearn-plugin-poor', version: '1.0.0', type: 'module', exports: './index.js' }),
    );
    writeFileSync(
      join(folder, 'index.js'),
      // The endless page, which keeps a core busy, has an id in its path so that it is opened once.
      `import { definePlugin } from '@ilearn/core';
       import { z } from 'zod';
       const page = (path, tag) => ({ path, tag, title: 'title', permission: 'public' });
       export default definePlugin({ id: 'poor', version: '1.0.0', ui: {
         entry: new URL('./ui.js', import.meta.url), messages: new URL('./messages/', import.meta.url),
         pages: [page('/poor', 'poor-page'), page('/thrower', 'poor-thrower'), page('/endless/:id', 'poor-endless'), page('/fine', 'poor-fine'),
           { path: '/filled', tag: 'poor-filled', title: 'title', permission: 'poor:read' }] },
         permissions: { 'poor:read': ['teacher'] }, tables: { notes: { tenant: 'school_id' } },
         migrations: [{ name: '0001', up: 'create table notes (id uuid primary key default gen_random_uuid(), school_id uuid not null, text text not null)', down: 'drop table notes' }],
         routes: [{ method: 'GET', path: '/notes', summary: 'Notes', permission: 'poor:read', machines: { none: 'a test' },
           responses: { 200: z.array(z.object({ text: z.string() })).max(100) }, handler: ({ services }) => services.knex('notes').select('text') }] });`,
    );
    writeFileSync(
      join(folder, 'ui.js'),
      `import { html, LitElement } from 'lit';
       const define = (tag, body, begin = () => {}) => customElements.define(tag, class extends LitElement {
         connectedCallback() { super.connectedCallback(); begin(); }
         render() { return html\`<h1 tabindex="-1">T</h1>\${body}\`; } });
       define('poor-page', html\`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><input>\`);
       define('poor-thrower', '', () => setTimeout(() => { throw new Error('the pen broke'); }));
       define('poor-endless', '', () => { for (;;); });
       define('poor-fine', html\`<p>Goed</p>\`);
       customElements.define('poor-filled', class extends LitElement {
         static properties = { notes: { state: true } };
         async connectedCallback() { super.connectedCallback(); this.notes = await (await fetch('/api/poor/notes')).json(); }
         render() { return this.notes === undefined ? '' : html\`<h1 tabindex="-1">T</h1>\${this.notes.length > 0 ? html\`<input>\` : html\`<select></select>\`}\`; } });`,
    );
    const subject = await loadSubject('.', folder);
    const findings = (await checkConformance([subject], { browser: true, seconds: 6 })).get(subject)?.list ?? [];
    const failed = findings.filter(({ state }) => state === 'failed').map(({ check, message }) => `${check}: ${message}`);
    expect(failed).toContainEqual(expect.stringMatching(/^pages: \/poor at 1280 px: image-alt at /));
    expect(failed).toContainEqual(expect.stringMatching(/^pages: \/poor at 390 px: label at /));
    expect(failed).toContainEqual('pages: /thrower made an uncaught error: the pen broke');
    expect(failed).toContainEqual('pages: /endless/:id could not be checked: it did not respond for 12 s.');
    expect(failed.filter((each) => each.includes('/fine'))).toEqual([]);
    // With rows it has one fault, without rows another.
    expect(failed.filter((each) => each.includes('/filled at 390'))).toEqual([
      expect.stringMatching(/^pages: \/filled at 390 px: label at /),
    ]);
    expect(failed.filter((each) => each.includes('/filled without rows at 390'))).toEqual([
      expect.stringMatching(/^pages: \/filled without rows at 390 px: select-name at /),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

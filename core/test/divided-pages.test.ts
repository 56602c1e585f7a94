import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definePlugin } from '@ilearn/core';
import { afterAll, expect, test } from 'vitest';
import { Assets } from '../dist/http/assets.js';
import { serveUi } from '../dist/http/shell-page.js';

const folder = mkdtempSync(join(tmpdir(), 'ilearn-divided-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** A plugin whose built pages are these files. */
function served(files: Record<string, string>) {
  count += 1;
  const root = join(folder, String(count));
  mkdirSync(join(root, 'messages'), { recursive: true });
  const texts = { plugin: { title: 'Dagboek' }, notes: { title: 'Notities', none: 'Geen' }, other: { title: 'Andere' } };
  for (const language of ['nl', 'en', 'fr']) writeFileSync(join(root, 'messages', `${language}.json`), JSON.stringify(texts));
  for (const [name, code] of Object.entries(files)) writeFileSync(join(root, name), code);
  const definition = definePlugin({
    id: 'diary',
    version: '1.0.0',
    ui: {
      entry: pathToFileURL(join(root, 'index.js')),
      messages: pathToFileURL(`${join(root, 'messages')}/`),
      pages: [{ path: '/dagboek', tag: 'diary-page', title: 'notes.title', permission: 'signed-in' }],
    },
  });
  return serveUi({ id: 'diary', definition } as Parameters<typeof serveUi>[0], new Assets());
}
const naming = (...names: string[]) =>
  `import"./a-1.js";\n//# ilearn-files=${JSON.stringify({ 'diary-page': names })}\n//# ilearn-elements={"diary-page":["wa-input"]}\n`;

test('a page gets the files that define it, in their order, each with its integrity, and the texts that these mention', () => {
  const code = { 'a-1.js': 'export const a = 1;', 'b-2.js': 'import"./a-1.js";x.t("notes.none")' };
  const ui = served({ 'index.js': naming('a-1.js', 'b-2.js'), ...code });
  expect(ui?.modules('diary-page')).toEqual(['/assets/diary/a-1.js', '/assets/diary/b-2.js']);
  expect(ui?.modules('diary-unknown')).toBeUndefined();
  expect(ui?.uses('diary-page')).toEqual(['wa-input']);
  expect(ui?.integrity['/assets/diary/b-2.js']).toBe(`sha256-${createHash('sha256').update(code['b-2.js']).digest('base64')}`);
  expect([...(ui?.mentions.get('diary-page') ?? [])]).toEqual(['notes.none']);
});

test('pages built as one file are served as before, with all texts', () => {
  const ui = served({ 'index.js': 'x.t("notes.none")\n//# ilearn-elements={"diary-page":[]}\n' });
  expect(ui?.modules('diary-page')).toBeUndefined();
  expect(ui?.entry).toMatch(/^\/assets\/diary\/index-[0-9a-f]{10}\.js$/);
  expect(ui?.mentions.get('diary-page')).toBeNull();
});

test.each([
  'gone-3.js',
  '../../secret.js',
  '/etc/passwd',
  '.hidden.js',
  'index.css',
])('pages whose index.js names %s, which is not beside it, are refused with the name', (name) => {
  expect(() => served({ 'index.js': naming(name), 'a-1.js': '', 'index.css': '' })).toThrow(
    `diary: index.js of its pages names ${JSON.stringify(name)}, which is not beside it. Build the plugin again.`,
  );
});

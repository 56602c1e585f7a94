import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/**
 * Server code that may ask the clock of its own process, and why. What is kept, expires or is due is reckoned by the database's clock: in
 * SQL (`now()`), or by the kernel's `clock`. Durations are measured with `performance.now()`, which does not jump.
 */
const allowed: Record<string, string> = {
  'core/src/clock/portal-clock.ts': 'compares the clocks; the embedded database has that of the process',
  'core/src/authoring/check/fill-tables.ts': 'invents values for sample rows',
  'plugins/connector-practice/src/tool/time.ts': 'the tool is a program of its own; the portal that starts it tells it the time',
};

const faults: [pattern: RegExp, what: string][] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date(?:\(\s*\)|\s*[;,)\]}])/, 'new Date()'],
  [/(?<!new\s+|[\w.])Date\(\s*\)/, 'Date()'],
  [/\bsetIssuedAt\(\s*\)/, 'setIssuedAt() without a moment'],
  [/\bset(?:ExpirationTime|NotBefore)\(\s*['"`]/, 'a time of a token relative to the clock of the process'],
  [/\bjwtVerify\((?![\s\S]*\bcurrentDate\b)/, 'jwtVerify without currentDate'],
];

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(`${folder}/${entry.name}`) : entry.name.endsWith('.ts') ? [`${folder}/${entry.name}`] : [],
  );

/** What runs in browsers shows times; it decides nothing. */
const forBrowsers = (source: string) => /from '(?:lit|@lit\/|@ilearn\/ui)/.test(source);
const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

export function clockUse(source: string): string[] {
  const code = withoutComments(source);
  return forBrowsers(code) ? [] : faults.flatMap(([pattern, what]) => (pattern.test(code) ? [what] : []));
}

const folders = ['core/src', ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}/src`)];
const files = folders.flatMap(filesIn);

test('no server code uses the clock of its own process', () => {
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) => {
    const uses = file in allowed ? [] : clockUse(readFileSync(join(root, file), 'utf8'));
    return uses.map((use) => `${file}: ${use}. Use now() in SQL, the service "clock", or performance.now() for durations.`);
  });
  expect(found).toEqual([]);
});

test('every listed exception is still needed', () => {
  expect(Object.keys(allowed).filter((file) => clockUse(readFileSync(join(root, file), 'utf8')).length === 0)).toEqual([]);
});

test.each([
  ['const now = Date.now();', 1],
  ['function f(now = Date.now) {}', 1],
  ['keep(new Date())', 1],
  ['const f = (now = new Date) => now', 1],
  ['sign().setIssuedAt().setExpirationTime("1h")', 2],
  ['await jwtVerify(text, key, { issuer })', 1],
  ['await jwtVerify(text, key, { currentDate: clock.now() })', 0],
  ['// Date.now() is not used\nnew Date(row.at)', 0],
  ["import { html } from 'lit';\nDate.now()", 0],
])('finds it in %s', (source, count) => {
  expect(clockUse(source)).toHaveLength(count);
});

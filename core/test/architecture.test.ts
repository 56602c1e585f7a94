import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error: a plain script without types
import * as script from '../scripts/architecture.mjs';

const { staleFiles, withoutDetours } = script as {
  staleFiles(): string[];
  withoutDetours(arrows: Map<string, Set<string>>): [string, string][];
};
const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'core/src');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

test('newcomer §4: the picture and the lists of allowed imports match the code; otherwise run npm run docs:architecture', () => {
  expect(staleFiles()).toEqual([]);
});

test('newcomer §4: each folder of core/src says in a README.md what lives there', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /[\\/].+\.ts$/.test(name));
  for (const name of new Set(files.map((file) => file.split(/[\\/]/)[0] as string))) {
    const file = join(source, name, 'README.md');
    expect(existsSync(file), `core/src/${name} has a README.md`).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^# ${name}\n\n.{20,}\n\nMay import: .+\\.\n`));
  }
});

test('newcomer §4: docs/architecture.md ends with twenty questions, each with an existing file', () => {
  const [, questions = ''] = page.split('## Twenty questions');
  const files = [...questions.matchAll(/^\| [^|]+\? \| `([^`]+)` \|$/gm)].map(([, file]) => file as string);
  expect(new Set(files).size).toBe(20);
  expect(files.filter((file) => !existsSync(join(source, file)))).toEqual([]);
});

test('every path of core/src that docs/architecture.md and database/README.md mention exists', () => {
  const named = (text: string, base: string) =>
    [...text.matchAll(/`([a-z]+(?:-[a-z]+)*\/[\w./-]*)`/g)]
      .map(([, path]) => path as string)
      .filter((path) => !path.startsWith('core/'))
      .filter((path) => ![base, source].some((folder) => existsSync(join(folder, path))));
  const database = join(source, 'database');
  expect(named(page, source)).toEqual([]);
  expect(named(readFileSync(join(database, 'README.md'), 'utf8'), database)).toEqual([]);
});

test('an arrow that follows from other arrows is not drawn', () => {
  const arrows = new Map([
    ['a', new Set(['b', 'c'])],
    ['b', new Set(['c'])],
    ['c', new Set<string>()],
  ]);
  expect(withoutDetours(arrows)).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
});

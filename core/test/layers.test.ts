import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
// @ts-expect-error: a plain script without types
import * as script from '../scripts/layers.mjs';

type Graph = Map<string, string[]>;
interface Layers {
  layers: Record<string, string[]>;
  databaseFolders: Record<string, string[]>;
  importsOf(source: string): string[];
  readGraph(folder: string, base: string): Graph;
  findCircles(graph: Graph): string[][];
  findTableFaults(table: Record<string, string[]>): string[];
  findForbidden(
    graph: Graph,
    table: Record<string, string[]>,
    nameOf: (file: string) => string | null,
  ): { file: string; target: string; from: string; to: string }[];
  folderOf(file: string): string | null;
  findFolderFaults(plugin: string, graph: Graph, readmeOf: (folder: string) => string | null): string[];
  findReaches(sources: Map<string, string>, exportsOf: (name: string) => string[] | null): string[];
  findFaults(): string[];
}
const { layers, databaseFolders, importsOf, readGraph, findCircles, findTableFaults, findForbidden, folderOf, findFaults } =
  script as Layers;
const { findFolderFaults, findReaches } = script as Layers;

const folder = mkdtempSync(join(tmpdir(), 'ilearn-layers-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): string {
  const tree = mkdtempSync(join(folder, 'tree-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), text);
  }
  return tree;
}

test('newcomer §4: core, ui and the plugins have no import circle, and no import against the layers', () => {
  expect(findFaults()).toEqual([]);
});

test('newcomer §4: the imports that the issue names are not in the table', () => {
  const gone = {
    database: ['plugins', 'audit', 'messages', 'privacy', 'config'],
    plugins: ['privacy', 'container', 'messages', 'unit-of-work'],
    container: ['messages', 'privacy'],
    config: ['messages'],
    context: ['database'],
  };
  for (const [from, targets] of Object.entries(gone)) {
    for (const target of targets) expect(layers[from], `${from} → ${target}`).not.toContain(target);
  }
});

test.each([
  ["import { a } from './a.js';", ['./a.js']],
  ["import type { A } from './a.js';", ['./a.js']],
  ["import {\n  type A,\n  b,\n} from '../b/b.js';", ['../b/b.js']],
  ["export * from './a.js';\nexport { type B } from './b.js';", ['./a.js', './b.js']],
  ["import './side-effect.js';", ['./side-effect.js']],
  ["const { a } = await import('./late.js');", ['./late.js']],
  ["let x: import('./types.js').X;", ['./types.js']],
  ["import pg from 'pg';\nimport fs from 'node:fs';", []],
  [" * import { a } from './in-a-comment.js';", []],
  ["const text = 'written';\nexport const from = './x.js';", []],
])('imports are recognised: %s', (source, found) => {
  expect(importsOf(source)).toEqual(found);
});

test('a circle is found, including type-only imports, and reported once', () => {
  const tree = write({
    'a.ts': "import { b } from './inner/b.js';",
    'inner/b.ts': "import type { C } from '../c.js';",
    'c.ts': "import type { A } from './a.js';\nimport { b } from './inner/b.js';",
    'd.ts': "import { a } from './a.js';",
    'ignored.d.ts': "import { d } from './d.js';",
  });
  const circles = findCircles(readGraph(tree, tree));
  expect(circles).toHaveLength(1);
  const [circle = []] = circles;
  expect(circle[0]).toBe(circle.at(-1));
  expect(circle).toContain('inner/b.ts');
  expect(circle).not.toContain('d.ts');
});

test('an import that the table does not allow is reported with file and target, as is an unknown folder', () => {
  const graph = new Map([
    ['core/src/config/settings.ts', ['core/src/messages/redis.ts', 'core/src/contract/route.ts']],
    ['core/src/messages/redis.ts', []],
    ['core/src/contract/route.ts', []],
    ['core/src/new/x.ts', ['core/src/contract/route.ts']],
    ['core/src/index.ts', ['core/src/new/x.ts']],
  ]);
  expect(findForbidden(graph, layers, folderOf)).toEqual([
    { file: 'core/src/config/settings.ts', target: 'core/src/messages/redis.ts', from: 'config', to: 'messages' },
    { file: 'core/src/new/x.ts', target: 'core/src/contract/route.ts', from: 'new', to: 'contract' },
  ]);
});

test('the table is ordered: a folder lists only those above it', () => {
  expect(findTableFaults(layers)).toEqual([]);
  expect(findTableFaults(databaseFolders)).toEqual([]);
  expect(findTableFaults({ low: ['high'], high: [] })).toHaveLength(1);
});

describe('issue 11: folders of a plugin', () => {
  const at = (name: string) => `plugins/p/src/${name}`;
  const graph = (...edges: [string, string][]): Graph => {
    const found: Graph = new Map();
    for (const [from, to] of edges) {
      found.set(at(from), [...(found.get(at(from)) ?? []), at(to)]);
      if (!found.has(at(to))) found.set(at(to), []);
    }
    return found;
  };
  const says = (texts: Record<string, string>) => (folder: string) =>
    texts[folder] === undefined ? null : `# ${folder}\n\nWhat is here.\n\nMay import: ${texts[folder]}\n`;
  const first = (faults: string[]) => faults.map((fault) => fault.split('\n')[0]);

  test('may import what their README.md lists, and the root', () => {
    const arrows = graph(['a/x.ts', 'b/y.ts'], ['a/x.ts', 'root.ts'], ['index.ts', 'a/x.ts']);
    expect(findFolderFaults('p', arrows, says({ a: 'b.', b: 'nothing of the plugin but its root.' }))).toEqual([]);
    expect(first(findFolderFaults('p', arrows, says({ a: 'c.', b: 'a, for its types.' })))).toEqual([
      'plugins/p/src/a imports b, which its README.md does not name.',
      'plugins/p/src/b/README.md names a, which nothing there imports.',
    ]);
    expect(first(findFolderFaults('p', arrows, says({ a: 'b.' })))).toEqual([
      'plugins/p/src/b has no README.md with a line "May import: …".',
    ]);
  });

  test('form no circle, not even by different files', () => {
    const arrows = graph(['a/1.ts', 'b/1.ts'], ['b/2.ts', 'c/1.ts'], ['c/2.ts', 'a/2.ts'], ['d/1.ts', 'a/1.ts']);
    const readmes = says({ a: 'b.', b: 'c.', c: 'a.', d: 'a.' });
    const circle = 'Folders of plugins/p/src are in a circle: a, b, c.';
    expect(findCircles(arrows)).toEqual([]);
    expect(first(findFolderFaults('p', arrows, readmes))).toEqual([circle]);
  });

  test.each<[string, string, string[]]>([
    ['its own files', "import { a } from '../other/a.js';", []],
    ['what a package exports', "import type {} from '@ilearn/plugin-q/client';\nconst q = await import('@ilearn/plugin-q');", []],
    ['another package by path', "import { a } from '../../../q/src/a.js';", ['../../../q/src/a.js of another package.']],
    [
      'what a package hides',
      "import { a } from '@ilearn/plugin-q/dist/a.js';",
      ['@ilearn/plugin-q/dist/a.js, which the package does not export.'],
    ],
    ['a package that is not here', "export * from '@ilearn/plugin-r';", ['@ilearn/plugin-r, which the package does not export.']],
  ])('a plugin imports %s', (_, source, faults) => {
    const exported = (name: string) => (name === '@ilearn/plugin-q' ? ['.', './client'] : null);
    expect(first(findReaches(new Map([[at('a/x.ts'), source]]), exported))).toEqual(
      faults.map((fault) => `${at('a/x.ts')} imports ${fault}`),
    );
  });
});

// `npm run docs:architecture`: draws the folders of core/src and the imports between them at the top of docs/architecture.md, and writes into
// the README.md of each folder what it may import. `--check` writes nothing and exits with 1 where either is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databaseFolders, folderOf, layers, readGraph } from './layers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const page = 'docs/architecture.md';
const begin = '<!-- drawn by npm run docs:architecture -->';
const end = '<!-- end of the drawing -->';

/** Rows of the picture, from what people and programs call to what knows nothing of the rest. */
const rows = {
  'Commands and tools': ['cli', 'authoring', 'testing', 'doctor'],
  Composition: ['platform'],
  'What the portal does': ['backup', 'http', 'lifecycle', 'live', 'machines', 'messages', 'privacy'],
  'How a plugin runs': ['container', 'unit-of-work', 'plugins'],
  Services: ['access', 'audit', 'clock', 'files', 'settings', 'outgoing', 'telemetry', 'downloads', 'database'],
  Foundation: ['context', 'config', 'foundation', 'client', 'contract'],
};

/** Folder → folders that its files really import. */
export function folderArrows() {
  const arrows = new Map(Object.keys(layers).map((name) => [name, new Set()]));
  for (const [file, targets] of readGraph(join(root, 'core/src'))) {
    const from = folderOf(file);
    for (const to of targets.map(folderOf)) if (from !== null && to !== null && to !== from) arrows.get(from)?.add(to);
  }
  return arrows;
}

/** Without the arrows that a longer way says too, so that the picture can be read. */
export function withoutDetours(arrows) {
  const reaches = (from, to, without) =>
    [...(arrows.get(from) ?? [])].some((next) => next !== without && (next === to || reaches(next, to, null)));
  return [...arrows].flatMap(([from, targets]) => [...targets].filter((to) => !reaches(from, to, to)).map((to) => [from, to]));
}

export function drawPicture() {
  const drawn = Object.entries(rows).map(
    ([title, folders], index) =>
      `  subgraph row${index}["${title}"]\n    direction LR\n${folders.map((name) => `    ${name}`).join('\n')}\n  end`,
  );
  const missing = Object.keys(layers).filter((name) => !Object.values(rows).flat().includes(name));
  if (missing.length > 0) throw new Error(`Give these folders a row in core/scripts/architecture.mjs: ${missing.join(', ')}.`);
  const arrows = withoutDetours(folderArrows()).map(([from, to]) => `  ${from} --> ${to}`);
  return ['```mermaid', 'flowchart TB', ...drawn, ...arrows.sort(), '```'].join('\n');
}

/** Files that this script writes parts of: path → text as it must be. */
export function wantedTexts() {
  const texts = new Map();
  const text = readFileSync(join(root, page), 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${page} lacks the lines "${begin}" and "${end}".`);
  texts.set(page, `${before}${begin}\n${drawPicture()}\n${end}${after}`);
  const readme = (folder, line) => {
    const file = `core/src/${folder}/README.md`;
    texts.set(file, readFileSync(join(root, file), 'utf8').replace(/^May import: .*$/m, `May import: ${line}`));
  };
  const listed = (names) => (names.length === 0 ? 'nothing of core.' : `${[...names].sort().join(', ')}.`);
  for (const [folder, allowed] of Object.entries(layers)) readme(folder, listed(allowed));
  for (const [folder, allowed] of Object.entries(databaseFolders)) {
    const names = allowed.map((name) => (name === '.' ? 'files directly in database/' : name));
    if (folder !== '.') readme(`database/${folder}`, `${listed(names).slice(0, -1)}; of core what database may.`);
  }
  return texts;
}

export const staleFiles = () =>
  [...wantedTexts()].filter(([file, text]) => readFileSync(join(root, file), 'utf8') !== text).map(([file]) => file);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = staleFiles();
  if (process.argv.includes('--check')) {
    for (const file of stale) console.error(`${file} is stale → npm run docs:architecture`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    const texts = wantedTexts();
    for (const file of stale) writeFileSync(join(root, file), texts.get(file));
    console.log(stale.length === 0 ? 'The drawings are up to date.' : `Written: ${stale.join(', ')}`);
  }
}

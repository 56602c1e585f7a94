// `npm run lint`, after biome: holds the imports of core, ui and the plugins, type-only ones included, against the layers declared here and
// against the "May import" of each folder of a plugin, and finds circles between files and between folders of a plugin. docs/architecture.md draws its picture from the same table (core/scripts/architecture.mjs).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folders of core/src, from the lowest layer to the highest, with the folders whose files each may import. The order matters: a folder
 * may only name folders above its own line, so the table cannot hold a circle.
 */
export const layers = {
  contract: [],
  client: ['contract'],
  downloads: [],
  foundation: ['contract'],
  config: ['foundation', 'contract'],
  context: ['foundation', 'contract'],
  outgoing: ['context', 'foundation', 'contract'],
  database: ['context', 'foundation', 'contract'],
  audit: ['database', 'context', 'contract'],
  access: ['database', 'config', 'context', 'foundation', 'contract'],
  clock: ['database', 'foundation', 'contract'],
  telemetry: ['config', 'context', 'foundation', 'contract'],
  files: ['database', 'config', 'context', 'foundation', 'contract'],
  plugins: ['outgoing', 'database', 'foundation', 'contract'],
  settings: ['audit', 'database', 'context', 'foundation', 'contract'],
  'unit-of-work': ['database', 'context', 'foundation', 'contract'],
  container: ['unit-of-work', 'settings', 'files', 'access', 'database', 'context', 'foundation', 'contract'],
  messages: ['unit-of-work', 'plugins', 'database', 'context', 'config', 'foundation', 'contract'],
  live: ['unit-of-work', 'plugins', 'access', 'database', 'context', 'foundation', 'contract'],
  privacy: ['unit-of-work', 'files', 'audit', 'downloads', 'database', 'context', 'foundation', 'contract'],
  backup: ['files', 'audit', 'access', 'database', 'config', 'foundation', 'contract'],
  lifecycle: ['backup', 'audit', 'container', 'plugins', 'files', 'access', 'database', 'context', 'foundation', 'contract'],
  machines: ['unit-of-work', 'plugins', 'database', 'context', 'foundation', 'contract'],
  http: [
    ...['machines', 'privacy', 'live', 'unit-of-work', 'plugins', 'files', 'access', 'audit', 'database', 'context', 'config'],
    ...['foundation', 'contract'],
  ],
  platform: [
    ...[
      'http',
      'lifecycle',
      'machines',
      'privacy',
      'messages',
      'live',
      'container',
      'settings',
      'unit-of-work',
      'plugins',
      'clock',
      'files',
      'access',
      'database',
      'outgoing',
      'telemetry',
    ],
    ...['config', 'context', 'foundation', 'contract'],
  ],
  doctor: ['clock', 'files', 'access', 'database', 'config', 'foundation', 'contract'],
  testing: ['platform', 'http', 'files', 'access', 'database', 'config', 'foundation', 'contract'],
  authoring: ['testing', 'http', 'privacy', 'plugins', 'files', 'database', 'foundation', 'contract'],
  cli: [
    ...[
      'authoring',
      'doctor',
      'platform',
      'lifecycle',
      'backup',
      'http',
      'privacy',
      'plugins',
      'outgoing',
      'files',
      'access',
      'audit',
      'database',
      'config',
    ],
    ...['context', 'foundation', 'contract'],
  ],
};

/** The same for the folders within core/src/database; `.` stands for the files directly in it. */
export const databaseFolders = {
  sql: [],
  '.': ['sql'],
  outages: ['.'],
  homes: ['outages', 'sql', '.'],
  unit: ['homes', 'outages', 'sql', '.'],
  rights: ['sql', '.'],
  migrations: ['rights', 'unit', 'homes', 'sql', '.'],
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** `import … from './x.js'`, `export … from`, `import './x.js'`; at the beginning of a line, so that texts in comments do not count. */
const declaration = /^(?:import|export)\b(?:[^'"`;]*?\bfrom\s*)?\s*['"](\.[^'"]+)['"]/gm;
/** `import('./x.js')`, also as a type. */
const expression = /\bimport\(\s*['"](\.[^'"]+)['"]/g;

/** Relative imports of a source text, in their order. */
export function importsOf(source) {
  return [declaration, expression].flatMap((pattern) => [...source.matchAll(pattern)].map(([, specifier]) => specifier));
}

/** Every TypeScript file below a folder, with the files of the same tree that it imports; paths with `/`, relative to `base`. */
export function readGraph(folder, base = root) {
  const graph = new Map();
  const at = (file) => relative(base, file).split(sep).join('/');
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/(?<!\.d)\.tsx?$/.test(name) || /(?:^|[\\/])node_modules[\\/]/.test(name)) continue;
    const file = join(folder, name);
    const targets = importsOf(readFileSync(file, 'utf8'))
      .map((specifier) => join(dirname(file), specifier.replace(/\.js$/, '.ts')))
      .filter((target) => target !== file && existsSync(target));
    graph.set(at(file), [...new Set(targets.map(at))]);
  }
  return graph;
}

/** One shortest circle for each group of files that import each other (a strongly connected component). */
export function findCircles(graph) {
  const importers = new Map([...graph.keys()].map((file) => [file, []]));
  for (const [file, targets] of graph) for (const target of targets) importers.get(target)?.push(file);
  const done = new Set();
  return [...graph.keys()].sort().flatMap((start) => {
    if (done.has(start)) return [];
    const forward = walk(graph, start);
    const closing = [...forward.keys()].find((file) => graph.get(file)?.includes(start));
    if (closing === undefined) return [];
    for (const file of walk(importers, start).keys()) if (forward.has(file)) done.add(file);
    const circle = [closing];
    while (circle[0] !== start) circle.unshift(forward.get(circle[0]));
    return [[...circle, start]];
  });
}

/**
 * Breadth first: every node that is reached, nearest first, with the one from which it was reached.
 *
 * @param own whether the start counts as reached; otherwise only if it is in a circle
 */
function walk(graph, start, own = true) {
  const cameFrom = new Map(own ? [[start, null]] : (graph.get(start) ?? []).map((target) => [target, start]));
  for (const file of cameFrom.keys()) {
    for (const target of graph.get(file) ?? []) if (!cameFrom.has(target)) cameFrom.set(target, file);
  }
  return cameFrom;
}

/** @returns the faults of a table: names that stand on no line, or not above the one that uses them */
export function findTableFaults(table) {
  const names = Object.keys(table);
  return names.flatMap((name, index) =>
    table[name]
      .filter((target) => !names.slice(0, index).includes(target))
      .map(
        (target) =>
          `The table lets ${name} import ${target}, which is not above it. Move ${target} up, or invert the dependency.`,
      ),
  );
}

/** Arrows that the table does not name: `{ file, target, from, to }`. */
export function findForbidden(graph, table, nameOf) {
  return [...graph].flatMap(([file, targets]) =>
    targets.flatMap((target) => {
      const [from, to] = [nameOf(file), nameOf(target)];
      if (from === null || to === null || from === to || table[from]?.includes(to)) return [];
      return [{ file, target, from, to }];
    }),
  );
}

/** `core/src/http/api.ts` → `http`; null for `core/src/index.ts`, which exports the contract and may import everything. */
export const folderOf = (file) => {
  const [, , folder, rest] = posix.normalize(file).split('/');
  return rest === undefined ? null : folder;
};

const databaseFolderOf = (file) => {
  const [, , parent, folder, rest] = file.split('/');
  return parent !== 'database' ? null : rest === undefined ? '.' : folder;
};

/** `plugins/lti/src/tokens/routes.ts` → `tokens`; null for a file directly in src: every folder may import it. */
const pluginFolderOf = (file) => {
  const [, , , folder, rest] = file.split('/');
  return rest === undefined ? null : folder;
};

/** The imports between the folders of one plugin: folder → folders. */
export function folderGraph(graph) {
  const folders = new Map();
  for (const [file, targets] of graph) {
    const from = pluginFolderOf(file);
    if (from === null) continue;
    const to = targets.map(pluginFolderOf).filter((folder) => folder !== null && folder !== from);
    folders.set(from, [...new Set([...(folders.get(from) ?? []), ...to])]);
  }
  return folders;
}

/**
 * Compares the imports between the folders of one plugin with their READMEs ("May import: …"), and finds circles.
 *
 * @param readmeOf text of the README.md of a folder; null where it has none
 */
export function findFolderFaults(plugin, graph, readmeOf) {
  const folders = folderGraph(graph);
  const faults = [...folders].flatMap(([folder, targets]) => {
    const place = `plugins/${plugin}/src/${folder}`;
    const [, said] = /^May import: ([\s\S]*?)\.(?:\s|$)/m.exec(readmeOf(folder) ?? '') ?? [];
    if (said === undefined)
      return [
        `${place} has no README.md with a line "May import: …".\n    → Write what lives there and which folders it may import.`,
      ];
    const named = new Set(said.match(/[\w-]+/g));
    const unsaid = targets.filter((target) => !named.has(target));
    const unused = [...folders.keys()].filter((other) => other !== folder && named.has(other) && !targets.includes(other));
    return [
      ...unsaid.map(
        (target) =>
          `${place} imports ${target}, which its README.md does not name.\n    → Name it after "May import:", or invert the dependency.`,
      ),
      ...unused.map(
        (target) => `${place}/README.md names ${target}, which nothing there imports.\n    → Remove it from "May import:".`,
      ),
    ];
  });
  const inCircle = [...folders.keys()].filter((folder) => walk(folders, folder, false).has(folder)).sort();
  return [
    ...faults,
    ...(inCircle.length === 0
      ? []
      : [
          `Folders of plugins/${plugin}/src are in a circle: ${inCircle.join(', ')}.\n    → Move what both need to the root of src, or into a folder of its own.`,
        ]),
  ];
}

/** Packages of the portal that a source text imports: `[name, subpath]`, such as `['@ilearn/plugin-lti', './client']`. */
export function packagesOf(source) {
  const own = /\b(?:from|import)\s*\(?\s*['"](@ilearn\/[\w-]+)((?:\/[^'"]*)?)['"]/g;
  return [...source.matchAll(own)].map(([, name, path]) => [name, `.${path}`]);
}

/**
 * Imports that reach into another package past its exports: by a relative path, or by a subpath that its package.json does not export.
 *
 * @param sources path of each file (`plugins/lti/src/ui.ts`) → its text
 * @param exportsOf name of a package → the keys of `exports` in its package.json; null where there is no such package
 */
export function findReaches(sources, exportsOf) {
  return [...sources].flatMap(([file, source]) => {
    const home = `${file.split('/').slice(0, 2).join('/')}/`;
    const out = importsOf(source)
      .filter((specifier) => !posix.join(posix.dirname(file), specifier).startsWith(home))
      .map((specifier) => `${file} imports ${specifier} of another package.\n    → Import the package by its name.`);
    const hidden = packagesOf(source)
      .filter(([name, path]) => !(exportsOf(name) ?? []).includes(path))
      .map(
        ([name, path]) =>
          `${file} imports ${posix.join(name, path)}, which the package does not export.\n    → Export it there, or use what it exports.`,
      );
    return [...out, ...hidden];
  });
}

/** The same for the files of this repository. */
function findPluginFaults() {
  const exported = new Map(
    ['core', 'ui', ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)]
      .map((folder) => join(root, folder, 'package.json'))
      .filter(existsSync)
      .map((file) => JSON.parse(readFileSync(file, 'utf8')))
      .map(({ name, exports = {} }) => [name, Object.keys(exports)]),
  );
  return readdirSync(join(root, 'plugins')).flatMap((plugin) => {
    const folder = join(root, 'plugins', plugin, 'src');
    if (!existsSync(folder)) return [];
    const graph = readGraph(folder);
    const readmeOf = (name) => {
      const file = join(folder, name, 'README.md');
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    };
    const sources = new Map([...graph.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8')]));
    return [...findFolderFaults(plugin, graph, readmeOf), ...findReaches(sources, (name) => exported.get(name) ?? null)];
  });
}

/** All faults of the repository, as texts that name the file, the arrow and what to do. */
export function findFaults() {
  const core = readGraph(join(root, 'core/src'));
  const told = (table, nameOf, place) =>
    findForbidden(core, table, nameOf).map(({ file, target, from, to }) => {
      const known = table[from];
      const remedy =
        known === undefined
          ? `Give ${from} a line in core/scripts/layers.mjs, with the folders that it may import.`
          : `${place}${from} may import ${known.join(', ') || 'nothing'}. Move the type down (contract, foundation, context), pass the value in, or invert the dependency.`;
      return `${file} imports ${target}: ${from} → ${to} violates the layers.\n    → ${remedy}`;
    });
  const trees = ['ui', ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)];
  const graphs = [
    core,
    ...trees
      .map((tree) => join(root, tree, 'src'))
      .filter(existsSync)
      .map((folder) => readGraph(folder)),
  ];
  const circles = graphs
    .flatMap(findCircles)
    .map(
      (circle) =>
        `${circle[0]} is in a circle of imports: ${circle.join(' → ')}.\n    → Move what both need into a file of its own, or pass it as a parameter; \`import type\` counts too.`,
    );
  const tables = [...findTableFaults(layers), ...findTableFaults(databaseFolders)];
  return [
    ...tables,
    ...told(layers, folderOf, 'core/src/'),
    ...told(databaseFolders, databaseFolderOf, 'database/'),
    ...circles,
    ...findPluginFaults(),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = findFaults();
  for (const fault of faults) console.error(`  ${fault}\n`);
  if (faults.length > 0) console.error(`Imports: ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}.`);
  else console.log('Imports: no circle, and no import against the layers.');
  process.exitCode = faults.length > 0 ? 1 : 0;
}

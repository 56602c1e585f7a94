import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, mergeConfig, type Rolldown } from 'vite';
import type { BuildReport } from './assets.js';
import { ElementGraph, onlyImports } from './element-graph.js';
import { sharedModules } from './guard.js';
import { PageChunks } from './page-chunks.js';
import { collectInputs, common } from './settings.js';
import { isFresh, writeStamp } from './stamp.js';

/** Whether the package in this folder has pages: `src/ui.ts`. */
export const hasUi = (packageDir: string): boolean => existsSync(join(packageDir, 'src/ui.ts'));

async function toolOf(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['plugin-ui.js', 'element-graph.js', 'page-chunks.js', 'guard.js', 'settings.js', 'specifiers.js']) {
    hash.update(await readFile(fileURLToPath(new URL(name, import.meta.url))));
  }
  return hash.digest('hex');
}

/** Files and those that they import, directly or not; each after those that it imports. */
function withImports(files: Iterable<string>, imports: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const ordered: string[] = [];
  const visit = (file: string): void => {
    if (seen.has(file) || !imports.has(file)) return;
    seen.add(file);
    for (const next of imports.get(file) ?? []) visit(next);
    ordered.push(file);
  };
  for (const file of files) visit(file);
  return ordered;
}

/**
 * The lines at the end of `index.js`: of each element, the shared elements that it uses, those that only its dialogs use, and the files that
 * define it if they are several.
 */
function linesFor(graph: ElementGraph, entry: string, files: readonly Rolldown.OutputChunk[]): string {
  const imports = new Map(files.map((file) => [file.fileName, file.imports]));
  const definitions = graph.definitions();
  const common = graph.commonTo(graph.importsOf(entry));
  const reached = [...definitions].map(
    ([tag, id]) => [tag, new Set([...common, ...graph.reachedFrom(id, definitions)])] as const,
  );
  const uses = [...definitions].map(([tag, id]) => [tag, graph.usesOf(id, definitions)] as const);
  const lines = [
    `//# ilearn-later=${JSON.stringify(Object.fromEntries(uses.filter(([, { later }]) => later.length > 0).map(([tag, { later }]) => [tag, later])))}`,
    `//# ilearn-elements=${JSON.stringify(Object.fromEntries(uses.map(([tag, { now }]) => [tag, now])))}`,
  ];
  if (files.length > 0) {
    const holding = (modules: ReadonlySet<string>) => files.filter((file) => file.moduleIds.some((id) => modules.has(id)));
    const filesOf = (modules: ReadonlySet<string>) =>
      withImports(
        holding(modules).map(({ fileName }) => fileName),
        imports,
      );
    lines.unshift(
      `//# ilearn-files=${JSON.stringify(Object.fromEntries(reached.map(([tag, modules]) => [tag, filesOf(modules)])))}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Builds a plugin's pages: `src/ui.ts` with its imports becomes ES modules in `dist/ui`. If it only imports others, what each of these
 * needs is divided over several files, so that a page loads little more than its own code; `index.js` then imports them all. Otherwise
 * everything is in `index.js`. Lit and `@ilearn/ui` come from the page's import map. The last lines of `index.js` name what each element
 * of the plugin needs, see {@link ElementGraph}; the portal loads that with its pages. Nothing is written if the build fails.
 * @throws Error that names the module, if the plugin would bundle its own Lit or design system, or server code
 */
export async function buildPluginUi(packageDir: string, options: { force?: boolean } = {}): Promise<BuildReport> {
  const began = performance.now();
  const root = resolve(packageDir);
  const entry = join(root, 'src/ui.ts');
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { name: string };
  if (!hasUi(root)) throw new Error(`${manifest.name} has no pages to build: ${entry} does not exist`);
  const output = join(root, 'dist/ui/index.js');
  const stamp = join(root, 'dist/ui.stamp.json');
  const tool = await toolOf();
  const report = (skipped: boolean): BuildReport => ({
    what: manifest.name,
    skipped,
    milliseconds: Math.round(performance.now() - began),
  });
  if (!options.force && (await isFresh(stamp, tool))) return report(true);

  const inputs = new Set([join(root, 'package.json')]);
  const graph = new ElementGraph();
  const divided = onlyImports(await readFile(entry, 'utf8'));
  let chunks: PageChunks | undefined;
  const nameFor = (id: string): string | null => {
    chunks ??= new PageChunks(graph, graph.importsOf(entry));
    return chunks.nameFor(id);
  };
  const result = (await build(
    mergeConfig(common, {
      root,
      plugins: [sharedModules({ strict: true }), collectInputs(inputs), graph.plugin()],
      build: {
        write: false,
        rolldownOptions: {
          input: { index: entry },
          preserveEntrySignatures: divided ? 'allow-extension' : 'strict',
          output: {
            format: 'es',
            entryFileNames: 'index.js',
            chunkFileNames: '[name]-[hash].js',
            codeSplitting: divided && { includeDependenciesRecursively: false, groups: [{ debugName: 'pages', name: nameFor }] },
          },
        },
      },
    }),
  )) as Rolldown.RolldownOutput;
  const foreign = result.output.filter((file) => file.type === 'asset');
  if (foreign.length > 0) {
    throw new Error(
      `the pages of ${manifest.name} must be modules only, but come with ${foreign.map((file) => file.fileName).join(', ')}. ` +
        'Write styles with css`…` and pictures as SVG in templates.',
    );
  }
  const [index, ...others] = result.output as unknown as [Rolldown.OutputChunk, ...Rolldown.OutputChunk[]];
  // What is one file anyway is better in the one that everybody expects.
  const [only] = others.length === 1 ? others : [];
  const files = only === undefined ? others : [];
  const folder = join(root, 'dist/ui');
  await mkdir(folder, { recursive: true });
  for (const file of files) await writeFile(join(folder, file.fileName), file.code);
  await writeFile(output, `${(only ?? index).code.trimEnd()}\n${linesFor(graph, entry, files)}`);
  // A portal that runs finds what the former index.js names until it has read the new one.
  const kept = new Set(['index.js', ...files.map(({ fileName }) => fileName)]);
  for (const name of await readdir(folder)) if (!kept.has(name)) await rm(join(folder, name), { recursive: true });
  await writeStamp(stamp, tool, inputs, [output, ...files.map(({ fileName }) => join(folder, fileName))]);
  return report(false);
}

/** The packages below `folder` that have pages. */
export async function pluginsWithUi(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter(hasUi)
    .sort();
}

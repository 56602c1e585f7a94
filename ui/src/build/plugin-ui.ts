import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, mergeConfig, type Rolldown } from 'vite';
import type { BuildReport } from './assets.js';
import { sharedModules } from './guard.js';
import { collectInputs, common } from './settings.js';
import { SharedTags } from './shared-tags.js';
import { isFresh, writeStamp } from './stamp.js';

/** Whether the package in this folder has pages: `src/ui.ts`. */
export const hasUi = (packageDir: string): boolean => existsSync(join(packageDir, 'src/ui.ts'));

async function toolOf(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['plugin-ui.js', 'guard.js', 'settings.js', 'shared-tags.js', 'specifiers.js']) {
    hash.update(await readFile(fileURLToPath(new URL(name, import.meta.url))));
  }
  return hash.digest('hex');
}

/**
 * Builds a plugin's pages: `src/ui.ts` with its imports becomes one ES module, `dist/ui/index.js`. Lit and `@ilearn/ui` come from the
 * page's import map. The last line names the shared elements that each element of the plugin uses, see {@link SharedTags}; the portal
 * loads them with its pages. Nothing is written if the build fails.
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
  const tags = new SharedTags();
  const result = (await build(
    mergeConfig(common, {
      root,
      plugins: [sharedModules({ strict: true }), collectInputs(inputs), tags.plugin()],
      build: {
        write: false,
        rolldownOptions: {
          input: { index: entry },
          preserveEntrySignatures: 'strict',
          output: { format: 'es', entryFileNames: 'index.js', codeSplitting: false },
        },
      },
    }),
  )) as Rolldown.RolldownOutput;
  const [chunk, ...rest] = result.output;
  if (rest.length > 0) {
    throw new Error(
      `the pages of ${manifest.name} must be one module, but come with ${rest.map((file) => file.fileName).join(', ')}. ` +
        'Write styles with css`…` and pictures as SVG in templates.',
    );
  }
  await mkdir(join(root, 'dist/ui'), { recursive: true });
  await writeFile(output, `${chunk.code.trimEnd()}\n//# ilearn-elements=${JSON.stringify(tags.byElement())}\n`);
  await writeStamp(stamp, tool, inputs, [output]);
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

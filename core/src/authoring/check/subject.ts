import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requiredBy, usedBy } from '../../contract/dependencies.js';
import type { PluginDefinition } from '../../contract/plugin.js';
import { CommandError } from '../../contract/work.js';
import { renderDiagnosis } from '../../foundation/diagnosis.js';
import { withTimeout } from '../../foundation/timeout.js';
import { readContract } from '../../plugins/contract-number.js';
import { looksLikeDefinition } from '../../plugins/load.js';
import { LoopWatch } from './loop-watch.js';

export interface PackageManifest {
  name: string;
  version: string;
  /** The kernel's section: the number of the contract. */
  ilearn?: Record<string, unknown>;
  exports?: Record<string, unknown> | string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  bundledDependencies?: string[];
}

/** A plugin's package and definition. */
export interface Subject {
  folder: string;
  manifest: PackageManifest;
  definition: PluginDefinition;
  /** The contract for which it is written. */
  contract: number;
}

/**
 * Finds and imports a plugin's package.
 *
 * @param wanted folder relative to `root`, or name of a package installed there
 * @param seconds time limit of the import
 * @throws CommandError that says what to do
 */
export async function loadSubject(wanted: string, root: string, seconds = 30): Promise<Subject> {
  const folder = folderOf(wanted, root);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  const read = readContract({ ...manifest }, manifest.name);
  if ('fault' in read) {
    throw new CommandError(renderDiagnosis(read.fault, `${manifest.name} cannot be loaded. ${read.fault.where}: `, ''));
  }
  const require = createRequire(pathToFileURL(`${folder}/`));
  let definition: unknown;
  try {
    definition = await importDefault(require.resolve(manifest.name), seconds);
  } catch (error) {
    throw new CommandError(
      `${manifest.name} cannot be imported: ${(error as Error).message}\nBuild it first (npm run build), and let "exports" in its package.json name the built entry.`,
    );
  }
  if (!looksLikeDefinition(definition)) {
    throw new CommandError(
      `${manifest.name} has no plugin as its default export. In its entry: export default definePlugin({ id: … }).`,
    );
  }
  return { folder, manifest, definition, contract: read.contract };
}

/**
 * Finds the plugins that a subject uses, and those that they use, among the packages in its package.json. Optional ones may be absent.
 *
 * @throws CommandError if a required one is not installed
 */
export async function loadRequired(subject: Subject): Promise<PluginDefinition[]> {
  const found = new Map<string, PluginDefinition>();
  await collectRequired(subject, found);
  return [...found.values()];
}

async function collectRequired(subject: Subject, found: Map<string, PluginDefinition>): Promise<void> {
  const wanted = usedBy(subject.definition).filter((id) => !found.has(id));
  if (wanted.length === 0) return;
  const { peerDependencies, dependencies, devDependencies } = subject.manifest;
  const refused: string[] = [];
  const names = Object.keys({ ...peerDependencies, ...dependencies, ...devDependencies }).filter((name) => /plugin/.test(name));
  for (const name of names) {
    const other = await loadSubject(name, subject.folder).catch((error: Error) => {
      refused.push(error.message);
      return null;
    });
    if (other === null || found.has(other.definition.id) || !wanted.includes(other.definition.id)) continue;
    found.set(other.definition.id, other.definition);
    await collectRequired(other, found);
  }
  const missing = requiredBy(subject.definition).filter((id) => !found.has(id));
  if (missing.length > 0) {
    throw new CommandError(
      `${subject.manifest.name} requires ${missing.join(', ')}, and no installed package among its peerDependencies is that plugin.\n` +
        [`Name it under peerDependencies (and devDependencies) of its package.json, and install it.`, ...refused].join('\n'),
    );
  }
}

function folderOf(wanted: string, root: string): string {
  const folder = resolve(root, wanted);
  if (existsSync(join(folder, 'package.json'))) return folder;
  try {
    return dirname(createRequire(pathToFileURL(`${root}/`)).resolve(`${wanted}/package.json`));
  } catch {
    throw new CommandError(`There is no plugin at ${wanted}: neither a folder with a package.json nor an installed package.`);
  }
}

/** A top-level await may never settle; the import then does not settle either. */
async function importDefault(file: string, seconds: number): Promise<unknown> {
  const late = () => new Error(`it was not loaded within ${seconds} s; look for an await at the top of a module`);
  const watch = new LoopWatch(seconds);
  try {
    const module = (await watch.during(`the import of ${file}`, () =>
      withTimeout(seconds, import(pathToFileURL(file).href), late),
    )) as { default?: unknown };
    return module.default;
  } finally {
    await watch.stop();
  }
}

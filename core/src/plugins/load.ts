import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TimePlugin } from '../foundation/boot-report.js';
import type { Diagnosis, Fault } from '../foundation/diagnosis.js';
import { packageFolder, readJson } from '../foundation/package-folder.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import { readContract } from './contract-number.js';
import { newEdition } from './fresh-import.js';
import { absenceOf, importFaultOf } from './import-fault.js';

/**
 * Imports the packages that the configuration names, resolved from the configuration's folder. A package whose contract this kernel does
 * not support is not imported.
 *
 * @param edition a new value reads the modules of these packages from disk again
 */
export async function loadPlugins(
  named: Record<string, unknown>,
  from: string,
  time: TimePlugin,
  edition?: string,
): Promise<{ plugins: LoadedPlugin[]; faults: Fault[] }> {
  const plugins: LoadedPlugin[] = [];
  const faults: Fault[] = [];
  for (const [name, rawConfig] of Object.entries(named)) {
    const found = await loadOne(name, from, time, edition);
    if ('where' in found) faults.push({ plugin: name, ...found });
    else plugins.push({ ...found, origin: name, rawConfig });
  }
  return { plugins, faults };
}

async function loadOne(
  name: string,
  from: string,
  time: TimePlugin,
  edition: string | undefined,
): Promise<Pick<LoadedPlugin, 'definition' | 'folder' | 'contract'> | Diagnosis> {
  const where = 'package';
  let file: string;
  try {
    file = createRequire(pathToFileURL(`${from}/`)).resolve(name);
  } catch (error) {
    return { where, ...unresolved(error as NodeJS.ErrnoException, name, from) };
  }
  const folder = packageFolder(file);
  const manifest = readJson(fileURLToPath(new URL('package.json', folder)));
  if (manifest === null) {
    return { where, message: 'Its package.json is not a JSON object.', remedy: 'Fix its package.json, or install it again.' };
  }
  const read = readContract({ ...manifest }, name);
  if ('fault' in read) return read.fault;
  const { contract } = read;
  try {
    const address = `${pathToFileURL(file).href}${edition === undefined ? '' : newEdition(edition)}`;
    const module = (await time(name, () => import(address))) as { default?: unknown };
    if (looksLikeDefinition(module.default)) return { definition: module.default, folder, contract };
    return {
      where,
      message: 'The package has no plugin as its default export.',
      remedy: 'In its entry file: export default definePlugin({ id: … }).',
    };
  } catch (error) {
    return { where, ...importFaultOf(error, folder) };
  }
}

function unresolved(error: NodeJS.ErrnoException, name: string, from: string): Pick<Diagnosis, 'message' | 'remedy'> {
  if (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return {
      message: 'The package is there, but exports no entry.',
      remedy: 'In its package.json: "exports": { ".": { "default": "./dist/index.js" } }.',
    };
  }
  if (error.code === 'MODULE_NOT_FOUND') return absenceOf(name, from);
  // For example, a package.json that is not JSON.
  return {
    message: `The package is there, but cannot be loaded: ${error.message}`,
    remedy: 'Fix its package.json, or install it again.',
  };
}

export function looksLikeDefinition(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';
}

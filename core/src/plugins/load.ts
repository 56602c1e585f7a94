import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TimePlugin } from '../foundation/boot-report.js';
import type { Fault } from '../foundation/diagnosis.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import { packageFolder } from './code-owner.js';
import { newEdition } from './fresh-import.js';
import { absenceOf, importFaultOf } from './import-fault.js';

/**
 * Imports the packages that the configuration names, as seen from the configuration's folder.
 *
 * @param edition a new one reads the modules of these packages from disk again
 */
export async function loadPlugins(
  named: Record<string, unknown>,
  from: string,
  time: TimePlugin,
  edition?: string,
): Promise<{ plugins: LoadedPlugin[]; faults: Fault[] }> {
  const require = createRequire(pathToFileURL(`${from}/`));
  const plugins: LoadedPlugin[] = [];
  const faults: Fault[] = [];
  for (const [name, rawConfig] of Object.entries(named)) {
    const fault = (message: string, mend: string) => faults.push({ plugin: name, where: 'package', message, mend });
    let file: string;
    try {
      file = require.resolve(name);
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
        fault(
          'The package is there, but exports no entry.',
          'In its package.json: "exports": { ".": { "default": "./dist/index.js" } }.',
        );
      } else {
        const { message, mend } = absenceOf(name, from);
        fault(message, mend);
      }
      continue;
    }
    try {
      const address = `${pathToFileURL(file).href}${edition === undefined ? '' : newEdition(edition)}`;
      const module = (await time(name, () => import(address))) as { default?: unknown };
      if (!looksLikeDefinition(module.default)) {
        fault('The package has no plugin as its default export.', `In its entry file: export default definePlugin({ id: … }).`);
        continue;
      }
      plugins.push({ definition: module.default, origin: name, rawConfig, folder: packageFolder(file) });
    } catch (error) {
      const { message, mend } = importFaultOf(error, packageFolder(file));
      fault(message, mend);
    }
  }
  return { plugins, faults };
}

export function looksLikeDefinition(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';
}

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TimePlugin } from '../foundation/boot-report.js';
import type { Fault } from '../foundation/diagnosis.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import { packageFolder } from './code-owner.js';

/**
 * Imports the packages that the configuration names, as seen from the configuration's folder.
 *
 * @param edition makes the address of each entry a new one: Node remembers an import that failed
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
        fault('The package is not installed.', `npm install ${name}, or take it out of ilearn.config.ts.`);
      }
      continue;
    }
    try {
      const address = `${pathToFileURL(file).href}${edition === undefined ? '' : `?${edition}`}`;
      const module = (await time(name, () => import(address))) as { default?: unknown };
      if (!looksLikeDefinition(module.default)) {
        fault('The package has no plugin as its default export.', `In its entry file: export default definePlugin({ id: … }).`);
        continue;
      }
      plugins.push({ definition: module.default, origin: name, rawConfig, folder: packageFolder(file) });
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      fault(`The package cannot be imported: ${cause}`, 'Mend the package, or take it out of ilearn.config.ts.');
    }
  }
  return { plugins, faults };
}

export function looksLikeDefinition(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';
}

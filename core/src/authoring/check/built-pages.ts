import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginDefinition } from '../../contract/plugin.js';
import { readBuiltPages } from '../../http/page-elements.js';

/** The files of a plugin's built pages: `index.js`, and those that it names. None if it has no pages or they are not built. */
export function builtFiles({ ui }: PluginDefinition): string[] {
  if (ui === undefined || !existsSync(ui.entry)) return [];
  const entry = fileURLToPath(ui.entry);
  return [entry, ...readBuiltPages(readFileSync(entry, 'utf8')).files.map((name) => join(dirname(entry), name))];
}

/** The code of a plugin's built pages. */
export const builtCode = (definition: PluginDefinition): string =>
  builtFiles(definition)
    .map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    .join('\n');

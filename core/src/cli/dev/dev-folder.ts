import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CONFIG_FILE, readPortalConfig } from '../../config/portal-config.js';
import { CommandError } from '../../contract/work.js';
import { packageFolder } from '../../foundation/package-folder.js';

interface Manifest {
  name: string;
  exports?: Record<string, { default?: string } | string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** What `ilearn dev` runs. */
export interface DevFolder {
  /** The portal's folder: has `ilearn.config.ts`. */
  root: string;
  /** Where the configuration is edited; null if it is generated. */
  config: string | null;
  /** The database and files of a generated portal; undefined: the portal's own settings hold. */
  dataDir: string | undefined;
}

const manifestOf = (folder: string): Manifest | null => {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : null;
};
const isPluginName = (name: string): boolean => /(^|\/)(ilearn-)?plugin-/.test(name);

/**
 * The portal of this folder. In a plugin's folder without a configuration, one is written below `node_modules/.cache`, with the plugin and
 * those that it uses.
 *
 * @throws CommandError if the folder is neither a portal nor a plugin
 */
export function openDevFolder(folder: string): DevFolder {
  if (existsSync(join(folder, CONFIG_FILE))) return { root: folder, config: folder, dataDir: undefined };
  const manifest = manifestOf(folder);
  if (manifest === null || !existsSync(join(folder, 'src', 'index.ts'))) {
    throw new CommandError(
      `${folder} is neither a portal (there is no ${CONFIG_FILE}) nor a plugin (there is no src/index.ts).\nRun ilearn dev in the folder of one.`,
    );
  }
  const root = join(folder, 'node_modules', '.cache', 'ilearn-dev');
  mkdirSync(root, { recursive: true });
  const main = manifest.exports?.['.'];
  const entry = (typeof main === 'string' ? main : main?.default) ?? './dist/index.js';
  // The plugin under development comes last, so that names of those that it uses stay theirs.
  const names = [...usedPlugins(folder, manifest), relative(root, join(folder, entry)).split(sep).join('/')];
  const plugins = names.map((name) => `    '${name}': {},`).join('\n');
  writeFileSync(
    join(root, CONFIG_FILE),
    `// Written by ilearn dev. To configure plugins, put an ${CONFIG_FILE} of your own beside package.json.\nexport default {\n  plugins: {\n${plugins}\n  },\n};\n`,
  );
  return { root, config: null, dataDir: join(root, 'data') };
}

/** Installed plugins among the peers and development dependencies, and among the peers of those. */
function usedPlugins(folder: string, { peerDependencies, devDependencies }: Manifest, found = new Set<string>()): Set<string> {
  for (const name of Object.keys({ ...peerDependencies, ...devDependencies }).filter(isPluginName)) {
    if (found.has(name)) continue;
    let other: string;
    try {
      other = dirname(createRequire(pathToFileURL(`${folder}/`)).resolve(`${name}/package.json`));
    } catch {
      // Optional, or reported when the portal starts.
      continue;
    }
    found.add(name);
    usedPlugins(other, { ...(manifestOf(other) as Manifest), devDependencies: {} }, found);
  }
  return found;
}

/** A package whose files do not lie below `node_modules`, so that they are edited here. */
export interface Developed {
  folder: string;
  /** Subfolders whose files make a difference. */
  watched: string[];
}

/** The plugins that are developed here, each once. */
export async function developedPlugins(root: string): Promise<Developed[]> {
  const { config } = await readPortalConfig(root);
  const require = createRequire(pathToFileURL(`${root}/`));
  const found = new Map<string, Developed>();
  for (const name of Object.keys(config?.plugins ?? {})) {
    const folder = folderOf(name, root, require);
    if (folder === null || folder.split(sep).includes('node_modules')) continue;
    const watched = found.get(folder)?.watched ?? ['src', 'messages'];
    // A module of the portal's own, such as ./local/index.mjs, is run as it is.
    if (folder === realpathSync(root)) watched.push(dirname(name));
    found.set(folder, { folder, watched });
  }
  return [...found.values()];
}

function folderOf(name: string, root: string, require: NodeJS.Require): string | null {
  try {
    if (!/^[./]/.test(name)) return realpathSync(dirname(require.resolve(`${name}/package.json`)));
    // Not resolved, since it may not be built yet.
    return realpathSync(fileURLToPath(packageFolder(join(root, name))));
  } catch {
    return null;
  }
}

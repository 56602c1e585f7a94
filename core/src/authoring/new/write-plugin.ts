import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../contract/work.js';
import { faultOfId } from '../../plugins/check-manifest.js';
import { packageJsonOf } from './package-json.js';

/** Contains `common`, which is always used, and `notes` and `bare`, of which one is used. */
const templates = fileURLToPath(new URL('../../../template/', import.meta.url));
/** Each template is a plugin with this id. */
const placeholder = /\bsample\b/g;

export interface NewPlugin {
  id: string;
  /** Folder in which `ilearn-plugin-<id>` is created. */
  parent: string;
  /** SPDX expression. */
  licence: string;
  /** With one route, one page and one test, without the notes example. */
  bare?: boolean;
  /** Folder with packed `ilearn-core-….tgz` and `ilearn-ui-….tgz`; null to use the registry. */
  tarballs: string | null;
}

/**
 * Writes a plugin that builds and passes its tests unchanged; on an error, writes nothing.
 *
 * @returns its folder
 * @throws CommandError for an invalid id, a folder that is not empty, or missing tarballs
 */
export function writePlugin({ id, parent, licence, tarballs, bare = false }: NewPlugin): string {
  const fault = faultOfId(id);
  if (fault !== null) throw new CommandError(`${fault.message}\n${fault.remedy}`);
  const folder = join(parent, `ilearn-plugin-${id}`);
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new CommandError(`${folder} already exists and is not empty.\nChoose another id, or another place: --in <folder>.`);
  }
  const packed = tarballs === null ? {} : findTarballs(tarballs, folder);
  const draft = `${folder}.${process.pid}.new`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    const filter = (file: string) => licence === 'Apache-2.0' || !file.endsWith('LICENSE');
    for (const name of ['common', bare ? 'bare' : 'notes']) cpSync(join(templates, name), draft, { recursive: true, filter });
    for (const entry of readdirSync(draft, { recursive: true }) as string[]) fill(join(draft, entry), id);
    writeFileSync(join(draft, 'package.json'), `${JSON.stringify(packageJsonOf({ id, licence, tarballs: packed }), null, 2)}\n`);
    writeFileSync(join(draft, '.gitignore'), 'node_modules/\ndist/\n*.tgz\n');
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

function fill(file: string, id: string): void {
  if (!['.ts', '.md'].includes(extname(file))) return;
  // A property name with a hyphen is quoted.
  const property = id.includes('-') ? `'${id}':` : `${id}:`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace(/\bsample:/g, property)
      .replace(placeholder, id),
  );
}

function findTarballs(tarballs: string, folder: string): Record<string, string> {
  const files = existsSync(tarballs) ? readdirSync(tarballs) : [];
  const found = ['core', 'ui'].map((name): [string, string] => {
    const file = files
      .filter((each) => each.startsWith(`ilearn-${name}-`) && each.endsWith('.tgz'))
      .sort()
      .at(-1);
    if (file === undefined) {
      throw new CommandError(
        `There is no ilearn-${name}-….tgz in ${tarballs}.\nMake it with: npm pack --workspace @ilearn/${name}`,
      );
    }
    return [`@ilearn/${name}`, `file:${relative(folder, join(tarballs, file)).split('\\').join('/')}`];
  });
  return Object.fromEntries(found);
}

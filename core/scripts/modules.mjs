// Writes what `create-ilearn` offers: the packages of this release, with their versions and what each requires.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PREFIX = '@ilearn/plugin-';

const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** Returns the release as `core/create/src/modules.ts` describes it. */
export function release() {
  const base = Object.fromEntries(['core', 'ui'].map(manifestOf).map(({ name, version }) => [name, version]));
  const found = readdirSync(join(root, 'plugins'))
    .sort()
    .map((name) => manifestOf(join('plugins', name)))
    .map(({ name, version, description, peerDependencies = {}, peerDependenciesMeta = {} }) => ({
      id: name.slice(PREFIX.length),
      package: name,
      version,
      description,
      requires: Object.keys(peerDependencies)
        .filter((each) => each.startsWith(PREFIX) && peerDependenciesMeta[each]?.optional !== true)
        .map((each) => each.slice(PREFIX.length)),
    }));
  const modules = [];
  const place = (each) => {
    if (modules.includes(each)) return;
    for (const id of each.requires) place(found.find((other) => other.id === id));
    modules.push(each);
  };
  for (const each of found) place(each);
  return { base, modules };
}

export function writeModules() {
  const folder = join(root, 'core', 'create', 'dist');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'modules.json'), `${JSON.stringify(release(), null, 2)}\n`);
}

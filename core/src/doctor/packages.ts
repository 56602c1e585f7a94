import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { type Finding, failed, passed } from '../foundation/diagnosis.js';
import type { Check } from './check.js';

/** Packages of which a portal can have only one copy, because two copies do not recognise each other's objects. */
const SINGLETONS = ['@ilearn/core', 'zod', 'knex', 'lit'];

interface Package {
  folder: string;
  version: string;
  peerDependencies: Record<string, string>;
}

/** Checks that there is one copy of each shared package, in the range that every plugin requires. */
export const checkPackages: Check = async ({ root, packages }) => [
  ...checkCopies(root, packages),
  ...pluginPackages(root, packages).flatMap(mismatches),
];

/** The shared packages with more than one copy, each with its remedy. */
export const findDuplicates = (root: string, packages: readonly string[]): Finding[] =>
  checkCopies(root, packages).filter(({ remedy }) => remedy !== undefined);

const pluginPackages = (root: string, packages: readonly string[]) =>
  packages.flatMap((name) => {
    const found = findPackage(name, root);
    return found === null ? [] : [{ name, ...found }];
  });

function checkCopies(root: string, packages: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const plugins = pluginPackages(root, packages);
  for (const singleton of SINGLETONS) {
    const users = new Map<string, string[]>();
    for (const plugin of plugins) {
      const copy = findPackage(singleton, plugin.folder);
      if (copy === null) continue;
      const place = `${copy.version} in ${copy.folder}`;
      users.set(place, [...(users.get(place) ?? []), plugin.name]);
    }
    const own = findPackage(singleton, root);
    if (own !== null && users.size > 0)
      users.set(`${own.version} in ${own.folder}`, users.get(`${own.version} in ${own.folder}`) ?? []);
    if (users.size > 1) {
      const places = [...users].map(([place, by]) => `${place}${by.length > 0 ? ` (${by.join(', ')})` : ' (the portal)'}`);
      findings.push(
        failed('', `There are ${users.size} copies of ${singleton}: ${places.join('; ')}.`, remedyOf(root, plugins, singleton)),
      );
    } else if (users.size === 1) findings.push(passed('', `one copy of ${singleton}`));
  }
  return findings;
}

/** A package outside the portal's folder is a link; for it, Node first looks for packages in the link's target folder. */
function remedyOf(root: string, plugins: readonly (Package & { name: string })[], singleton: string): string {
  const home = realpathSync(root) + sep;
  const linked = plugins.filter(
    ({ folder }) => !folder.startsWith(home) && findPackage(singleton, folder)?.folder.startsWith(folder),
  );
  if (linked.length === 0) return `Make it a peer dependency of those packages and run: npm dedupe ${singleton}.`;
  const folders = linked.map(({ folder }) => relative(home, folder));
  return `${linked.map(({ name }) => name).join(', ')} is linked. Install a copy instead of the link: npm install --install-links ${folders.join(' ')}`;
}

function mismatches({ name, folder, peerDependencies }: Package & { name: string }): Finding[] {
  return Object.entries(peerDependencies).flatMap(([peer, range]) => {
    const found = findPackage(peer, folder);
    if (found === null || validRange(range) === null) return [];
    if (satisfies(found.version, range, { includePrerelease: true })) return [];
    return [
      failed(
        '',
        `${name} requires ${peer} ${range}; installed is ${found.version}.`,
        `npm install ${peer}@"${range}", or another version of ${name}.`,
      ),
    ];
  });
}

/** Finds a package as Node resolves it from a folder. */
function findPackage(name: string, from: string): Package | null {
  for (let folder = realpathSync(from); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(file)) {
      const { version = '0.0.0', peerDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Package>;
      return { folder: realpathSync(dirname(file)), version, peerDependencies };
    }
    if (dirname(folder) === folder) return null;
  }
}

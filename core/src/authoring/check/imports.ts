import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Findings } from './finding.js';
import { loadSubject, type Subject } from './subject.js';

/** Import statements in the form that compilers emit. */
const IMPORTS = [
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
];

/** Checks that packages imported at run time are dependencies. Imports of pages are bundled by the build. */
export function checkImports(subject: Subject, findings: Findings): void {
  const { folder, manifest } = subject;
  const named = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies, [manifest.name]: '' };
  const told = new Set<string>();
  for (const module of serverModules(subject)) {
    const specifiers = specifiersIn(module);
    const file = relative(folder, module).split('\\').join('/');
    for (const name of packagesAmong(specifiers)) {
      if (named[name] !== undefined || told.has(name)) continue;
      told.add(name);
      const only = manifest.devDependencies?.[name] === undefined ? 'does not name' : 'names under devDependencies only';
      findings.failed(
        'package',
        `${file} imports ${name}, which package.json ${only}.`,
        'Move it to dependencies; to peerDependencies if the portal or another plugin brings it.',
      );
    }
  }
}

/** The modules that Node loads for the package: those in `exports`, and the package's own modules that these import. */
export function serverModules({ folder, manifest }: Subject): Set<string> {
  const modules = new Set(entriesOf(manifest.exports).map((entry) => join(folder, entry)));
  for (const module of modules) {
    for (const each of specifiersIn(module)) if (each.startsWith('.')) modules.add(join(dirname(module), each));
  }
  return modules;
}

/** Files that `exports` lists for Node. */
function entriesOf(exports: unknown): string[] {
  if (typeof exports === 'string') return /\.m?js$/.test(exports) && !exports.includes('*') ? [exports] : [];
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.values(exports).flatMap(entriesOf);
}

export function specifiersIn(file: string): string[] {
  const code = existsSync(file) ? readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '') : '';
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier as string));
}

export function packagesAmong(specifiers: readonly string[]): Set<string> {
  const bare = specifiers.filter((each) => !/^[./#]/.test(each) && !/^\w+:/.test(each) && !isBuiltin(each));
  return new Set(bare.map((each) => each.split('/', each.startsWith('@') ? 2 : 1).join('/')));
}

/** Checks that packages of required plugins are peers, so that npm installs the portal's own copy. */
export async function checkPeers({ folder, manifest, definition }: Subject, findings: Findings): Promise<void> {
  const wanted = Object.keys(definition.requires ?? {});
  if (wanted.length === 0) return;
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => /plugin/.test(name));
  const found = await Promise.all(peers.map((name) => loadSubject(name, folder).catch(() => null)));
  const ids = found.map((subject) => subject?.definition.id);
  for (const id of wanted.filter((each) => !ids.includes(each))) {
    findings.failed(
      'package',
      `It requires the plugin "${id}", whose package is not among its peerDependencies.`,
      'Add that package there, with the range of requires: npm then reports if a portal lacks it.',
    );
  }
}

/** Finds compiled modules without a source: the compiler does not delete them, and npm would publish them. */
export function checkStale({ folder }: Subject, files: readonly string[], findings: Findings): void {
  if (!existsSync(join(folder, 'src')) || !existsSync(join(folder, 'tsconfig.json'))) return;
  const stale = files.filter((file) => {
    const inner = /^dist\/(.+)\.js$/.exec(file)?.[1];
    if (inner === undefined || inner.startsWith('ui/')) return false;
    return !['.ts', '.tsx', '.mts', '.js'].some((ending) => existsSync(join(folder, 'src', inner + ending)));
  });
  if (stale.length === 0) return;
  const few = stale.slice(0, 3).join(', ') + (stale.length > 3 ? ` and ${stale.length - 3} more` : '');
  findings.failed('package', `It contains ${few} without a source file.`, 'Delete dist, then build again.');
}

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Packages that exist once on a page, shared by the shell and every plugin. */
const SHARED = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element', '@lit/context', '@lit/task'];

/** Of no use in a browser of today, or meant for Lit itself alone. */
const LEFT_OUT = /polyfill-support|private-ssr-support/;

/** Exports `html` and `svg` of its own, so it can't share a module with the rest. */
const STATIC = new Map([
  ['lit/static-html.js', 'static-html'],
  ['lit-html/static.js', 'static-html'],
]);

/** Where a package lies, as seen from here or, for what Lit itself depends on, from Lit. */
export function packageFolder(name: string, from = import.meta.url): string {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json')));
  if (found) return realpathSync(found);
  if (from !== import.meta.url) throw new Error(`the package ${name} is not installed`);
  return packageFolder(name, join(packageFolder('lit'), 'index.js'));
}

function subpaths(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  return Object.keys(manifest.exports).filter((key) => key === '.' || key.endsWith('.js'));
}

/** Every specifier of Lit that a module may import, with the bundle (`lit-all` or `static-html`) that answers it. */
export const LIT_SPECIFIERS: ReadonlyMap<string, 'lit-all' | 'static-html'> = new Map(
  SHARED.flatMap((name) =>
    subpaths(name)
      .map((key) => (key === '.' ? name : `${name}/${key.slice(2)}`))
      .filter((specifier) => !LEFT_OUT.test(specifier))
      .map((specifier) => [specifier, STATIC.has(specifier) ? 'static-html' : 'lit-all'] as const),
  ),
);

/** What the import map answers; a plugin's build leaves these alone. */
export const isShared = (specifier: string): boolean => specifier === '@ilearn/ui' || LIT_SPECIFIERS.has(specifier);

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Packages that exist once on a page, shared by the shell and all plugins. */
const SHARED = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element', '@lit/context', '@lit/task'];

/** Not needed in current browsers, or internal to Lit. */
const LEFT_OUT = /polyfill-support|private-ssr-support/;

/** These export their own `html` and `svg`, so they cannot be in one module with the rest. */
const STATIC = new Map([
  ['lit/static-html.js', 'static-html'],
  ['lit-html/static.js', 'static-html'],
]);

/** Folder of a package, resolved from here or, for dependencies of Lit, from Lit. */
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

/** Every Lit specifier that a module may import, with the bundle that provides it. */
export const LIT_SPECIFIERS: ReadonlyMap<string, 'lit-all' | 'static-html'> = new Map(
  SHARED.flatMap((name) =>
    subpaths(name)
      .map((key) => (key === '.' ? name : `${name}/${key.slice(2)}`))
      .filter((specifier) => !LEFT_OUT.test(specifier))
      .map((specifier) => [specifier, STATIC.has(specifier) ? 'static-html' : 'lit-all'] as const),
  ),
);

/** Whether the import map provides the module, so that a plugin's build does not bundle it. */
export const isShared = (specifier: string): boolean => specifier === '@ilearn/ui' || LIT_SPECIFIERS.has(specifier);

import * as nodeModule from 'node:module';
import { type EditionHook, withEdition } from './edition.js';

// Synchronous hooks exist since Node 22.15; older versions run hooks in a separate thread.
const { register, registerHooks } = nodeModule as typeof nodeModule & { registerHooks?(hooks: { resolve: EditionHook }): void };
let registered = false;

/**
 * The query that makes Node load a new copy of a package's modules. Node keeps every module that it has imported, including those that
 * failed; with a new address it reads the file again. CommonJS modules are not reloaded.
 */
export function newEdition(name: string): string {
  if (!registered) {
    if (registerHooks === undefined) register('./edition.js', import.meta.url);
    else registerHooks({ resolve: withEdition });
    registered = true;
  }
  return `?edition=${name}`;
}

import * as nodeModule from 'node:module';
import { type EditionHook, withEdition } from './edition.js';

// Synchronous hooks came with Node 22.15; older versions run them in a thread of their own.
const { register, registerHooks } = nodeModule as typeof nodeModule & { registerHooks?(hooks: { resolve: EditionHook }): void };
let registered = false;

/**
 * The query by which an entry's address asks for a new copy of its package's modules. Node keeps every module that it has imported, also
 * those that failed; a new address makes it read the file again. Modules of CommonJS stay as they were.
 */
export function newEdition(name: string): string {
  if (!registered) {
    if (registerHooks === undefined) register('./edition.js', import.meta.url);
    else registerHooks({ resolve: withEdition });
    registered = true;
  }
  return `?edition=${name}`;
}

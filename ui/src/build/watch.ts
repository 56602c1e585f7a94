import { watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and a change of branch writes many. */
const QUIET_MS = 100;

/**
 * Calls `fn` after each change below `src` of these packages, once nothing has changed for a moment, and never twice at a time. Does not
 * end by itself.
 */
export function onChange(folders: readonly string[], fn: () => Promise<unknown>): void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve<unknown>(undefined);
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(fn);
    }, QUIET_MS);
  };
  for (const folder of folders) watch(join(folder, 'src'), { recursive: true }, later);
}

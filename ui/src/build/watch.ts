import { watch } from 'node:fs';
import { join } from 'node:path';

/** Wait for a pause in changes: editors write a file in several steps, and switching branches changes many files. */
const QUIET_MS = 100;

/**
 * Calls `fn` after changes below `src` of these packages, once nothing has changed for {@link QUIET_MS}. Calls do not overlap. Runs until
 * the process ends.
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

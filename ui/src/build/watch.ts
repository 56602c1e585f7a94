import { type FSWatcher, readdirSync, watch } from 'node:fs';
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
  const watchers = new Map<string, FSWatcher>();
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(fn);
    }, QUIET_MS);
  };
  // Each folder, not recursively: editors replace a file by a new one, and the recursive watch of Node 20 then follows the old one.
  const follow = (folder: string): void => {
    if (!watchers.has(folder)) {
      const watcher = watch(folder, () => {
        later();
        followNew(folder);
      });
      watcher.on('error', () => {});
      watchers.set(folder, watcher);
    }
    followNew(folder);
  };
  const followNew = (folder: string): void => {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && !watchers.has(join(folder, entry.name))) follow(join(folder, entry.name));
    } catch {
      // The folder was removed; one of the same name is watched anew.
      watchers.get(folder)?.close();
      watchers.delete(folder);
    }
  };
  for (const folder of folders) follow(join(folder, 'src'));
}

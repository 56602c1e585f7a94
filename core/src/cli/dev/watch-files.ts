import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors write a file in several steps, and switching branches changes many. */
const QUIET_MS = 30;
/** Folders in which nothing is edited by hand. */
const skipped = /^(node_modules|dist|data|\..*)$/;

/**
 * Watches what a plugin or a portal is made of. Each folder is watched, not its files and not recursively: many editors replace a file by a
 * new one, and the recursive watch of Node 20 then follows the old one.
 */
export class FileWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #since: number | null = null;
  readonly #names = new Set<string>();

  /** @param changed gets the first moment of a series of changes (`performance.now()`) and the names of what changed */
  constructor(private readonly changed: (since: number, names: string[]) => void) {}

  /** Watches everything below these folders of a package, and single files in the package itself. */
  add(folder: string, below: readonly string[], files: readonly string[]): void {
    for (const name of below) if (existsSync(join(folder, name))) this.#watchBelow(folder, name);
    // Beside a watch of the same folder for what is below it, or for another plugin.
    this.#open(folder, `${folder} ${files}`, (file) => {
      if (files.includes(file)) this.#note(file);
      if (below.includes(file) && existsSync(join(folder, file))) this.#watchBelow(folder, file);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #watchBelow(base: string, name: string): void {
    const path = join(base, name);
    this.#open(path, path, (file) => {
      this.#note(join(name, file));
      this.#watchNew(base, name);
    });
    this.#watchNew(base, name);
  }

  /** Watches subfolders that are not watched yet. */
  #watchNew(base: string, name: string): void {
    try {
      for (const entry of readdirSync(join(base, name), { withFileTypes: true }))
        if (entry.isDirectory() && !skipped.test(entry.name) && !this.#watchers.has(join(base, name, entry.name)))
          this.#watchBelow(base, join(name, entry.name));
    } catch {
      // The folder was removed; one of the same name is watched anew.
      this.#watchers.get(join(base, name))?.close();
      this.#watchers.delete(join(base, name));
    }
  }

  #open(path: string, key: string, hear: (file: string) => void): void {
    if (this.#watchers.has(key)) return;
    const watcher = watch(path, (_, file) => hear(file ?? ''));
    watcher.on('error', () => {});
    this.#watchers.set(key, watcher);
  }

  #note(name: string): void {
    this.#since ??= performance.now();
    this.#names.add(name);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const [since, names] = [this.#since as number, [...this.#names]];
      this.#since = null;
      this.#names.clear();
      this.changed(since, names);
    }, QUIET_MS);
  }
}

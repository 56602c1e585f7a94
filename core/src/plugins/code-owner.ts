import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The plugin in whose package a module is; null if it is in none. */
export function ownerOf(url: string, folders: ReadonlyMap<string, string>): string | null {
  for (const [id, folder] of folders) if (url.startsWith(folder)) return id;
  return null;
}

/** The plugin whose code is nearest to the origin of an error, by its stack. */
export function ownerOfError(error: unknown, folders: ReadonlyMap<string, string>): string | null {
  const { stack } = (error ?? {}) as { stack?: unknown };
  for (const [url] of String(stack ?? '').matchAll(/file:\/\/[^\s)]+/g)) {
    const owner = ownerOf(url, folders);
    if (owner !== null) return owner;
  }
  return null;
}

/** URL of the folder of the package that a file belongs to, with a trailing slash. */
export function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return pathToFileURL(`${folder}/`).href;
}

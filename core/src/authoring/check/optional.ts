import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Imports a package needed only for checking, from the plugin's folder or the kernel's. Null if it is not installed. */
export async function importOptional<T>(name: string, folder: string): Promise<T | null> {
  const file = resolveOptional(name, folder);
  return file === null ? null : ((await import(pathToFileURL(file).href)) as T);
}

export function resolveOptional(name: string, folder: string): string | null {
  for (const from of [pathToFileURL(`${folder}/`).href, import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Try the next place.
    }
  }
  return null;
}

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A package that only checking needs: the plugin's own, or one that lies beside the kernel. Null where there is none. */
export async function importOptional<T>(name: string, folder: string): Promise<T | null> {
  const file = resolveOptional(name, folder);
  return file === null ? null : ((await import(pathToFileURL(file).href)) as T);
}

export function resolveOptional(name: string, folder: string): string | null {
  for (const from of [pathToFileURL(`${folder}/`).href, import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there: look further.
    }
  }
  return null;
}

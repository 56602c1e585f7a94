import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** URL of the folder of the package that a file belongs to, with a trailing slash. */
export function packageFolder(file: string): string {
  let nearest: string | undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = readJson(join(folder, 'package.json'));
    if (manifest !== undefined) {
      nearest ??= folder;
      // Compilers emit files such as `dist/package.json` that contain only a module type; they do not mark a package.
      if (manifest === null || ['name', 'dependencies', 'ilearn'].some((member) => member in manifest)) return urlOf(folder);
    }
    if (dirname(folder) === folder) return urlOf(nearest ?? folder);
  }
}

const urlOf = (folder: string): string => pathToFileURL(join(folder, '/')).href;

/** undefined: no such file; null: it contains no JSON object. */
export function readJson(file: string): object | null | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/**
 * Where the build keeps an empty database of the embedded engine: a compressed `tar`. Its name contains the version of PGlite, since another
 * version may need other files.
 */
export function emptyDatabaseFile(): string {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(main), '..', 'package.json'), 'utf8')) as { version: string };
  return join(dirname(fileURLToPath(import.meta.url)), `empty-database-${version}.tar.gz`);
}

/**
 * The empty database as PGlite's `loadDataDir` takes it: unpacking it takes a fraction of the time in which PGlite creates one. Undefined if
 * there is none for the installed version of PGlite.
 */
export async function emptyDatabase(): Promise<Blob | undefined> {
  try {
    return new Blob([await promisify(gunzip)(await readFile(emptyDatabaseFile()))]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

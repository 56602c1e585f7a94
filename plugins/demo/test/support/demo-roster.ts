import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { withRoster } from '../../dist/roster.js';

/** The files of the demonstration's schools as an administration sends them, for the school year of today. */
export const demoRoster = (): Promise<Buffer> =>
  withRoster(new Date().toISOString().slice(0, 10), async (folder) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
    const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
    return Buffer.from(zipSync(Object.fromEntries(files)));
  });

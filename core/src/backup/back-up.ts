import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseHome } from '../database/homes/home.js';
import type { FileStorage } from '../files/storage.js';
import { writeArchive } from './archive.js';
import type { PortalContent, Totals } from './content.js';
import { FaultyFiles, readPortal } from './read-portal.js';

export interface BackupOrder {
  /** Absolute path of the new file, or of a folder that gets a file with the time in its name. */
  to: string;
  /** How many of the newest archives of the folder are kept; null: all. */
  keep: number | null;
  key: Uint8Array;
}

const archivePattern = /^ilearn-\d{8}T\d{6}Z\.backup$/;

/** Sorts by time. */
const archiveName = (at: Date): string => `ilearn-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.backup`;

/**
 * Writes an archive of the portal.
 *
 * @param storage null leaves files out
 * @returns what to tell the operator, and the exit code: 2 if nothing was written, or files are missing in it
 */
export async function backUp(
  home: DatabaseHome,
  storage: FileStorage | null,
  { to, keep, key }: BackupOrder,
): Promise<{ code: number; lines: string[] }> {
  const isFolder = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  if (keep !== null && !isFolder) return { code: 2, lines: ['--keep needs a folder: --to <folder>'] };
  const { rows } = await home.pool.query<{ now: Date }>('select now()');
  const file = isFolder ? join(to, archiveName(rows[0]?.now as Date)) : to;
  if (existsSync(file)) return { code: 2, lines: [`${file} already exists. Give a new file.`] };
  const faulty = new FaultyFiles();
  const count: { totals: Totals | null } = { totals: null };
  const counted = async function* (content: PortalContent) {
    for await (const record of content) {
      if (record.kind === 'end') count.totals = record.totals;
      yield record;
    }
  };
  const bytes = await writeArchive(file, counted(faulty.watch(readPortal(home, storage))), key);
  const missing = await faulty.remaining(home);
  const done = `${file}: ${describeTotals(count.totals as Totals)} in ${megabytes(bytes)}.`;
  if (missing.length > 0) {
    return {
      code: 2,
      lines: [
        done,
        'The archive has all rows, but not these files:',
        ...missing.map((line) => `  ${line}`),
        '→ Restore them from an older archive, or remove them in the portal.',
      ],
    };
  }
  // Only a complete archive takes the place of older ones.
  if (keep !== null) removeOld(to, keep, basename(file));
  return { code: 0, lines: [done] };
}

/** @param made the archive that was just written: it stays, though others may seem newer because the clock was wrong */
function removeOld(folder: string, keep: number, made: string): void {
  const others = readdirSync(folder).filter((name) => archivePattern.test(name) && name !== made);
  for (const name of others.sort().slice(0, Math.max(0, others.length - keep + 1))) rmSync(join(folder, name));
}

export const describeTotals = ({ tables, rows, files, fileBytes }: Totals): string =>
  `${rows} rows of ${tables} tables, ${files} files (${megabytes(fileBytes)})`;

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

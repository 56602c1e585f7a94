import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeArchive } from '../backup/archive.js';
import type { PortalContent, Totals } from '../backup/content.js';
import { FaultyFiles, readPortal } from '../backup/read-portal.js';
import { readSettings, type Settings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { parseOptions, printUsage } from './options.js';
import { backupKeyOf, describeTotals, megabytes, openForReading, storageFor } from './portal-content.js';

const known = {
  to: { type: 'string', help: 'The new file; or a folder, which gets one with the time in its name' },
  keep: { type: 'string', help: 'How many of the newest archives of that folder to keep; the others are deleted' },
  'without-files': { type: 'boolean', help: 'Leave the content of files out, for a store that is backed up by itself' },
} as const;

/**
 * `ilearn backup --to <file>`: everything that the portal keeps, in one encrypted file. Exit code 2 if it is not complete.
 */
export async function backupCommand(argv: string[], root: string): Promise<number> {
  const { help, options } = parseOptions('backup', argv, known);
  if (help) {
    printUsage(
      'backup',
      'Writes everything that the portal keeps to one file, encrypted with the key of BACKUP_KEY_FILE.',
      undefined,
      known,
    );
    return 0;
  }
  if (typeof options['to'] !== 'string') throw new CommandError('Give the new file: ilearn backup --to <file>');
  const given = resolve(options['to']);
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const keep = options['keep'] === undefined ? null : Number(options['keep']);
  if (keep !== null && !(Number.isInteger(keep) && keep > 0))
    throw new CommandError('--keep takes a number of archives, such as 14.');
  if (keep !== null && !isFolder) throw new CommandError('--keep needs a folder: --to <folder>');
  if (!isFolder && existsSync(given)) throw new CommandError(`${given} already exists. Give a new file.`);
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  const file = (at: Date) => (isFolder ? join(given, archiveName(at)) : given);
  const lines = await backUp(settings, file, options['without-files'] !== true);
  if (keep !== null) removeOld(given, keep);
  if (lines.length === 0) return 0;
  console.error(`The archive has all rows, but not these files:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  console.error('→ Restore them from an older archive, or remove them in the portal.');
  return 2;
}

const archivePattern = /^ilearn-\d{8}T\d{6}Z\.backup$/;

/** Sorts by time. */
const archiveName = (at: Date): string => `ilearn-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.backup`;

function removeOld(folder: string, keep: number): void {
  const archives = readdirSync(folder).filter((name) => archivePattern.test(name));
  for (const name of archives.sort().slice(0, -keep)) rmSync(join(folder, name));
}

/** Returns the files whose content is missing. */
async function backUp(settings: Settings, fileAt: (now: Date) => string, withFiles: boolean): Promise<string[]> {
  const key = backupKeyOf(settings);
  const home = await openForReading(settings);
  try {
    const storage = withFiles ? await storageFor(home, settings) : null;
    const faulty = new FaultyFiles();
    const { rows } = await home.pool.query<{ now: Date }>('select now()');
    const file = fileAt(rows[0]?.now as Date);
    let totals: Totals | null = null;
    const counted = async function* (content: PortalContent) {
      for await (const record of content) {
        if (record.kind === 'end') totals = record.totals;
        yield record;
      }
    };
    const bytes = await writeArchive(file, counted(faulty.watch(readPortal(home, storage))), key);
    console.log(`${file}: ${describeTotals(totals as unknown as Totals)} in ${megabytes(bytes)}.`);
    return await faulty.remaining(home);
  } finally {
    await home.close();
  }
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeArchive } from '../backup/archive.js';
import type { PortalContent, Totals } from '../backup/content.js';
import { FaultyFiles, readPortal } from '../backup/read-portal.js';
import { readSettings, type Settings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { parseOptions, printUsage } from './options.js';
import { backupKeyOf, describeTotals, megabytes, openForReading, storageFor } from './portal-content.js';

const known = {
  to: { type: 'string', help: 'The new file' },
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
  const file = resolve(options['to']);
  if (existsSync(file)) throw new CommandError(`${file} already exists. Give a new file.`);
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  const lines = await backUp(settings, file, options['without-files'] !== true);
  if (lines.length === 0) return 0;
  console.error(`The archive has all rows, but not these files:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  console.error('→ Restore them from an older archive, or remove them in the portal.');
  return 2;
}

/** Returns the files whose content is missing. */
async function backUp(settings: Settings, file: string, withFiles: boolean): Promise<string[]> {
  const key = backupKeyOf(settings);
  const home = await openForReading(settings);
  try {
    const storage = withFiles ? await storageFor(home, settings) : null;
    const faulty = new FaultyFiles();
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

import { join, resolve } from 'node:path';
import { describeTotals } from '../backup/back-up.js';
import { FaultyFiles, readPortal } from '../backup/read-portal.js';
import { readSettings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import type { DatabaseAddress } from '../database/homes/home.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { liveProcesses } from '../lifecycle/process-registry.js';
import { parseOptions, printUsage } from './options.js';
import { type Destination, install, openForReading, storageFor } from './portal-content.js';

const known = {
  to: {
    type: 'string',
    help: 'A new DATA_DIR: an embedded database there, with the files beside it. Otherwise TARGET_DATABASE_URL',
  },
} as const;

/**
 * `ilearn move`: writes the portal to another database: from the embedded one to PostgreSQL, or to an embedded one as a copy for tests. The
 * source is only read.
 */
export async function moveCommand(argv: string[], root: string): Promise<number> {
  const { help, options } = parseOptions('move', argv, known);
  if (help) {
    printUsage(
      'move',
      'Writes the portal to the empty database of TARGET_DATABASE_URL (or TARGET_DATABASE_URL_FILE), or of a new folder. The source is only read.',
      undefined,
      known,
    );
    return 0;
  }
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  const { targetDatabaseUrl: url } = settings;
  const folder = typeof options['to'] === 'string' ? resolve(options['to']) : null;
  if ((folder === null) === (url === undefined))
    throw new CommandError(
      'Give one target: TARGET_DATABASE_URL for a PostgreSQL database, or --to <folder> for an embedded one.',
    );
  if (folder !== null && folder === settings.dataDir) throw new CommandError('The portal is in that folder already.');
  const home = await openForReading(settings);
  try {
    const running = home.kind === 'postgresql' ? await liveProcesses(home.pool) : [];
    const address: DatabaseAddress = folder === null ? { url: url as string, connections: 4 } : { folder };
    const files = folder === null ? null : { ...settings.files, s3: undefined, folder: join(folder, 'files') };
    const storage = await storageFor(home, settings);
    const faulty = new FaultyFiles();
    const destination: Destination = { address, files };
    const { about, totals } = await install(root, destination, () => faulty.watch(readPortal(home, storage)));
    console.log(`Moved and compared: ${describeTotals(totals)}.`);
    if (running.length > 0)
      console.log(`The portal was running meanwhile: what it stored after ${about.takenAt} is not in the target.`);
    console.log(
      folder === null
        ? 'Set DATABASE_URL to the target, keep DATA_DIR or the S3 store (the files stay there), and start the portal. Then rename ' +
            'DATA_DIR/postgres, so that nobody starts the old portal by mistake, and delete it once all is well.'
        : `Start the copy with DATA_DIR=${folder}, without DATABASE_URL and FILES_S3_ENDPOINT. It has the same master key, accounts and people.`,
    );
    const lines = await faulty.remaining(home);
    if (lines.length === 0) return 0;
    console.error(`These files were damaged before:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    return 2;
  } finally {
    await home.close();
  }
}

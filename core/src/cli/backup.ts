import { resolve } from 'node:path';
import { backUp } from '../backup/back-up.js';
import { readSettings, type Settings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { askPortal, controlAddress } from '../lifecycle/control-socket.js';
import { parseOptions, printUsage } from './options.js';
import { backupKeyOf, openForReading, storageFor } from './portal-content.js';

const known = {
  to: { type: 'string', help: 'The new file; or a folder, which gets one with the time in its name' },
  keep: { type: 'string', help: 'How many of the newest archives of that folder to keep; the others are deleted' },
  'without-files': { type: 'boolean', help: 'Leave the content of files out, for a store that is backed up by itself' },
} as const;

interface Order {
  to: string;
  keep: number | null;
  withFiles: boolean;
}

/** `ilearn backup --to <file>`: everything that the portal keeps, in one encrypted file. Exit code 2 if it is not complete. */
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
  const keep = options['keep'] === undefined ? null : Number(options['keep']);
  if (keep !== null && !(Number.isInteger(keep) && keep > 0))
    throw new CommandError('--keep takes a number of archives, such as 14.');
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  const { code, lines } = await run(settings, { to: resolve(options['to']), keep, withFiles: options['without-files'] !== true });
  for (const line of lines) (code === 0 ? console.log : console.error)(line);
  return code;
}

/** Runs in the portal's process if that has the embedded database open, otherwise in this process. */
async function run(settings: Settings, { to, keep, withFiles }: Order): Promise<{ code: number; lines: string[] }> {
  const key = backupKeyOf(settings);
  if (settings.databaseUrl === undefined) {
    // The socket is open to the portal's own user only.
    const backup = { to, keep, withFiles, key: Buffer.from(key).toString('base64') };
    const answer = await askPortal(controlAddress(settings.dataDir), { command: 'backup', id: '', options: {}, backup });
    if (answer !== null) return answer;
  }
  const home = await openForReading(settings);
  try {
    return await backUp(home, withFiles ? await storageFor(home, settings) : null, { to, keep, key });
  } finally {
    await home.close();
  }
}

import { resolve } from 'node:path';
import { readArchive } from '../backup/archive.js';
import { describeTotals } from '../backup/back-up.js';
import { type ContentSummary, checkContent } from '../backup/check-content.js';
import { readSettings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { addressOf } from '../database/homes/home.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { parseOptions, printUsage } from './options.js';
import { backupKeyOf, install } from './portal-content.js';

const known = {
  check: { type: 'boolean', help: 'Only read the archive to its end and show what is in it' },
  replace: { type: 'boolean', help: 'Remove the portal that is in the database now. Stop it first' },
  without: { type: 'string', help: 'Ids of plugins to leave out, separated by commas' },
} as const;

/** `ilearn restore <file>`: writes an archive to the database and file store of this folder's settings, or changes nothing. */
export async function restoreCommand(argv: string[], root: string): Promise<number> {
  const { help, options, args } = parseOptions('restore', argv, known);
  if (help) {
    printUsage(
      'restore',
      'Writes an archive of ilearn backup to the empty database of this portal and to its file store. If anything is wrong, nothing is changed.',
      '<file>',
      known,
    );
    return 0;
  }
  const [name] = args;
  if (name === undefined || args.length > 1) throw new CommandError('Usage: ilearn restore <file> [options]');
  const { settings, faults } = readSettings(process.env, root);
  if (settings === null) throw new CompositionError(faults);
  const file = resolve(name);
  const key = backupKeyOf(settings);
  // The whole archive is read once before anything is written.
  const summary = await checkContent(readArchive(file, key));
  describe(summary);
  if (options['check'] === true) return 0;
  const without = typeof options['without'] === 'string' ? options['without'].split(',') : [];
  const destination = { address: addressOf(settings), files: settings.files, without, replace: options['replace'] === true };
  const { about } = await install(root, destination, () => readArchive(file, key));
  console.log(
    'Restored, and compared with the archive. Now, before anybody signs in: people who were erased after ' +
      `${about.takenAt} are there again. Erase them: ilearn privacy erase --help`,
  );
  return 0;
}

function describe({ about, totals, faulty }: ContentSummary): void {
  console.log(`The archive is complete: a portal as of ${about.takenAt}, read by i-Learn ${about.software}.`);
  console.log(`  ${describeTotals(totals)}`);
  console.log(`  plugins: ${about.plugins.map(({ id, version }) => `${id} ${version}`).join(', ')}`);
  for (const line of faulty) console.log(`  without the file ${line}`);
}

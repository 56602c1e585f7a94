import { MasterKeyError } from '../access/master-key.js';
import { SUPPORTED_CONTRACTS } from '../contract/version.js';
import { CommandError } from '../contract/work.js';
import { FolderError } from '../database/homes/folder-error.js';
import { FolderInUseError, FolderLostError } from '../database/homes/folder-lock.js';
import { PoolerRefused } from '../database/homes/refuse-pooler.js';
import { SessionRefused } from '../database/homes/session.js';
import { outageOfDatabase } from '../database/outages/outage.js';
import { MissingRightsError } from '../database/rights/roles.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import { describeRange } from '../plugins/contract-number.js';

/** The kernel's commands; each imports its own modules, since most need only a small part of the kernel. */
const commands = new Map<string, () => Promise<(argv: string[], root: string) => Promise<number>>>([
  ['start', async () => (await import('./start.js')).startCommand],
  ['dev', async () => (await import('./dev.js')).devCommand],
  ['migrate', async () => (await import('./migrate.js')).migrateCommand],
  ['plan', async () => (await import('./plan.js')).planCommand],
  ['upgrade', async () => (await import('./upgrade.js')).upgradeCommand],
  ['doctor', async () => (await import('./doctor.js')).doctorCommand],
  ['plugin', async () => (await import('./plugin.js')).pluginCommand],
  ['backup', async () => (await import('./backup.js')).backupCommand],
  ['restore', async () => (await import('./restore.js')).restoreCommand],
  ['move', async () => (await import('./move.js')).moveCommand],
  ['key', async () => (await import('./key.js')).keyCommand],
  ['privacy', async () => (await import('./privacy.js')).privacyCommand],
  ['settings', async () => (await import('./settings.js')).settingsCommand],
]);

/** Exit codes of `ilearn`: 0 done, 1 unexpected error, 2 a fault that the user can fix (configuration, input, usage). */
export async function main(argv: string[], root: string): Promise<number> {
  const [name = 'help'] = argv;
  try {
    if (name === '--version' || name === '-v') {
      console.log(KERNEL_VERSION);
      return 0;
    }
    if (name === 'help' || name === '--help' || name === '-h') return await help(root);
    const load = commands.get(name);
    if (load !== undefined) return await (await load())(argv.slice(1), root);
    return await (await import('./plugin-command.js')).runPluginCommand(argv, root);
  } catch (error) {
    return explain(error);
  }
}

const own = [
  ['start', 'Bring the database up to date and serve the portal'],
  ['dev', 'Run a plugin or portal for its author: build, restart and reload pages after each change'],
  ['migrate', 'Bring the database up to date, plugin by plugin'],
  ['plan', 'Show what this composition adds and what migrating would change; changes nothing'],
  ['upgrade --check', 'Say what the installed versions need to take over this database; changes nothing'],
  ['doctor', 'Check packages, database and surroundings for faults; changes nothing'],
  [
    'plugin <command>',
    'Create, check, list, retry, disable, enable, detach, attach or purge plugins; see `ilearn plugin --help`',
  ],
  ['privacy', 'Export, erase or audit a person, apply retention, print the register; see `ilearn privacy --help`'],
  ['settings <command>', 'Show or change what people set for the portal or a tenant; see `ilearn settings --help`'],
  ['backup', 'Write everything that the portal keeps to one encrypted file'],
  ['restore <file>', 'Write such a file to an empty database and the file store; or check it'],
  ['move', 'Write the portal to another database: from the embedded one to PostgreSQL, or to a copy for tests'],
  ['key <command>', 'Show where the master key is, move it out of the database, or replace a lost one'],
  ['help', 'Show this text; see also `ilearn <command> --help`'],
] as const;

async function help(root: string): Promise<number> {
  const { listCommands } = await import('./plugin-command.js');
  const { commands: ofPlugins, faults } = await listCommands(root);
  const rows = [
    ...own.map(([name, summary]) => [name, summary] as const),
    ...ofPlugins.map(({ name, usage, summary }) => [`${name} ${usage ?? ''}`.trim(), summary] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  console.log(`ilearn ${KERNEL_VERSION} (${describeRange(SUPPORTED_CONTRACTS)})\n\nUsage: ilearn <command> [options]\n`);
  for (const [name, summary] of rows) console.log(`  ${name.padEnd(width)}${summary}`);
  console.log(
    '\nThe portal is the folder that holds ilearn.config.ts; the environment sets PORT, DATA_DIR, DATABASE_URL, PUBLIC_URL and more (docs/operating.md).',
  );
  if (faults > 0) console.log('\nSome plugins could not be loaded, so their commands are missing; `ilearn plan` says why.');
  return 0;
}

function explain(error: unknown): number {
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exitCode;
  }
  const told = [
    CompositionError,
    MissingRightsError,
    FolderInUseError,
    FolderLostError,
    FolderError,
    PoolerRefused,
    SessionRefused,
    MasterKeyError,
  ];
  if (told.some((kind) => error instanceof kind)) {
    console.error((error as Error).message);
    return 2;
  }
  const { code, message, stack } = error as NodeJS.ErrnoException;
  // A page with a wrong checksum, or an index that contradicts its table.
  if (code === 'XX001' || code === 'XX002') {
    console.error(
      `The files of the database are damaged: ${message}.\n→ Check the disk and restore a backup; keep the damaged files until then.`,
    );
    return 2;
  }
  if (code === 'EADDRINUSE') {
    console.error(`${message}.\nAnother program listens there: stop it, or set PORT to a free port.`);
    return 2;
  }
  if (code === '28P01' || code === '3D000' || outageOfDatabase(error) === 'unreachable') {
    console.error(
      `The database of DATABASE_URL cannot be reached: ${message || code}.\nCheck the address, the user and that the server runs.`,
    );
    return 2;
  }
  console.error(stack ?? String(error));
  return 1;
}

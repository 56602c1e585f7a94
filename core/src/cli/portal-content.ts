import { bytesOf, configuredKey } from '../access/configured-key.js';
import { existingMasterKey } from '../access/master-key.js';
import type { PortalContent, PortalDescription, Totals } from '../backup/content.js';
import { writePortal } from '../backup/write-portal.js';
import type { FileSettings, Settings } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { addressOf, type DatabaseAddress, type DatabaseHome, openHome } from '../database/homes/home.js';
import { commandLimits } from '../database/homes/session-settings.js';
import { migrate } from '../database/migrations/migrate.js';
import { RoleNames } from '../database/names.js';
import { FileStorage } from '../files/storage.js';
import { CompositionError, renderFaults } from '../foundation/diagnosis.js';
import { liveProcesses } from '../lifecycle/process-registry.js';
import { checkPlugins } from '../plugins/check.js';
import { readComposition } from './open-platform.js';

const limits = { usual: commandLimits, jobs: null };

/** The key of archives. @throws CommandError if none is configured */
export function backupKeyOf({ backupKey }: Settings): Uint8Array {
  if (backupKey !== undefined) return bytesOf(backupKey, 'BACKUP_KEY');
  throw new CommandError(
    'Archives are encrypted, so a key is needed: set BACKUP_KEY_FILE to a file that holds one.\n' +
      '→ For a new key: (umask 077; openssl rand -base64 32 > backup.key). Keep a copy apart from the archives: without it they are lost.',
  );
}

/** The database as a user who reads all rows. */
export const openForReading = (settings: Settings): Promise<DatabaseHome> =>
  openHome({ ...addressOf({ ...settings, databaseUrl: settings.backupDatabaseUrl ?? settings.databaseUrl }), limits });

/** The file store, with the key under which encrypted files are. */
export async function storageFor(home: DatabaseHome, settings: Settings): Promise<FileStorage> {
  const key = await existingMasterKey(home.pool, await configuredKey(settings));
  return new FileStorage(settings.files, async () => {
    if (key === null) throw new CommandError('There are encrypted files, but no master key.');
    return key;
  });
}

/** Where content is written. */
export interface Destination {
  address: DatabaseAddress;
  /** Null: the files are there already. */
  files: FileSettings | null;
  without?: readonly string[];
  replace?: boolean;
}

/** Writes content with the plugins of the portal's folder, and gives them their policies and rights. */
export async function install(
  root: string,
  { address, files, without = [], replace = false }: Destination,
  content: (settings: Settings) => PortalContent,
): Promise<{ about: PortalDescription; totals: Totals }> {
  const { settings, plugins: loaded, faults, unloaded, purposeChanges } = await readComposition(root);
  if (settings === null || faults.length > 0) throw new CompositionError([...faults, ...unloaded]);
  const { plugins } = checkPlugins(loaded);
  const names = new RoleNames(settings.rolePrefix);
  const home = await openHome({ ...address, limits });
  try {
    if (replace) await mustStandStill(home);
    const key = await configuredKey(settings);
    const storage = files === null ? null : (of: () => Promise<Uint8Array>) => new FileStorage(files, of);
    const target = { home, names, plugins, storage, key, without, replace };
    const done = await writePortal(target, content(settings));
    const present = plugins.filter(({ id }) => done.about.plugins.some((plugin) => plugin.id === id) && !without.includes(id));
    const report = await migrate(home, present, names, { all: plugins, purposeChanges });
    if (report.faults.length > 0) console.error(renderFaults(report.faults, 'All data are there, but these plugins have faults'));
    return done;
  } finally {
    await home.close();
  }
}

async function mustStandStill({ pool }: DatabaseHome): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('kernel.processes') is not null as there`);
  const running = rows[0]?.there === true ? await liveProcesses(pool) : [];
  if (running.length === 0) return;
  throw new CommandError(
    `The portal is running (${running.map(({ name }) => name).join(', ')}): stop it first. A process that was killed counts as running for 30 more seconds.`,
  );
}

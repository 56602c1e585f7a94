import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configuredKey } from '../access/configured-key.js';
import { checkMasterKey, MasterKeyError } from '../access/master-key.js';
import { clockMend, describeOffset, WARN_MS } from '../clock/clock-watch.js';
import { PortalClock } from '../clock/portal-clock.js';
import type { Settings } from '../config/settings.js';
import { FolderError } from '../database/homes/folder-error.js';
import { FolderInUseError } from '../database/homes/folder-lock.js';
import { addressOf, type DatabaseHome, openHome } from '../database/homes/home.js';
import { RoleNames } from '../database/names.js';
import { ensureRoles, MissingRightsError } from '../database/rights/roles.js';
import { type Finding, failed, passed } from '../foundation/diagnosis.js';
import { type Check, messageOf } from './check.js';

/** Checks that the database answers, its user has the rights, the clocks agree and the master key matches. */
export const checkDatabase: Check = async ({ settings, plugins }) => {
  if (settings.databaseUrl === undefined && !existsSync(join(settings.dataDir, 'postgres'))) {
    return [passed('', 'no database yet: the first start makes one')];
  }
  let home: DatabaseHome;
  try {
    home = await openHome(addressOf(settings));
    await home.pool.query('select 1');
  } catch (error) {
    if (error instanceof FolderError) {
      const [what = '', remedy = ''] = error.message.split('\n→ ');
      return [failed('', what, remedy)];
    }
    if (error instanceof FolderInUseError) return [passed('', 'the embedded database is in use: the portal runs')];
    const remedy =
      settings.databaseUrl === undefined
        ? 'Set DATA_DIR to a folder that the portal may write, or put a backup back.'
        : 'Check the address, the user and that the server runs.';
    return [failed('', `The database cannot be reached: ${messageOf(error)}.`, remedy)];
  }
  try {
    return [
      passed('', 'the database answers'),
      ...(await rights(home, plugins, settings.rolePrefix)),
      await clock(home),
      await key(home, settings),
    ];
  } finally {
    await home.close();
  }
};

/** Creates the roles in a transaction that is rolled back. */
async function rights(home: DatabaseHome, plugins: readonly string[], prefix: string): Promise<Finding[]> {
  const client = await home.pool.connect();
  try {
    await client.query('begin');
    await ensureRoles(client, plugins, new RoleNames(prefix));
    return [passed('', 'the database user has the rights it needs')];
  } catch (error) {
    if (!(error instanceof MissingRightsError)) throw error;
    const remedy = `As an administrator of the database: ${error.sql.map((line) => `${line};`).join(' ')}`;
    return [failed('', `The database user "${error.user}" lacks rights.`, remedy)];
  } finally {
    await client.query('rollback').catch(() => {});
    client.release();
  }
}

async function key({ pool }: DatabaseHome, settings: Settings): Promise<Finding> {
  try {
    await checkMasterKey(pool, await configuredKey(settings));
    return passed('', 'the master key fits the data');
  } catch (error) {
    if (!(error instanceof MasterKeyError)) throw error;
    const [what = '', remedy = ''] = error.message.split('\n→ ');
    return failed('', what, remedy);
  }
}

async function clock(home: DatabaseHome): Promise<Finding> {
  const clock = new PortalClock(home);
  await clock.measure();
  const ms = clock.offsetMs();
  if (Math.abs(ms) <= WARN_MS) return passed('', 'the clock agrees with the database');
  return failed('', `${describeOffset(Math.round(ms / 1_000))}.`, clockMend);
}

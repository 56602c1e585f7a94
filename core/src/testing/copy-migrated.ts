import { createHash } from 'node:crypto';
import { type DatabaseHome, openHome } from '../database/homes/home.js';
import { administer, type CreatedDatabase, createDatabase } from './create-database.js';

/** Migrations that the portals of several test files have in common. */
export interface Migrated {
  /** Differs whenever the migrations would make something else. */
  key: string;
  /** Whether they take so long that the first portal already leaves a database to be copied. */
  long: boolean;
  /** Runs the migrations; false if they failed. */
  migrate(home: DatabaseHome): Promise<boolean>;
}

/** Set where the server lasts no longer than one run of the tests, so that no copy is older than the code. */
const COPIES = 'ILEARN_TEST_COPIES';

const asked = new Set<string>();

/**
 * A copy of a database that was migrated before, which takes a third of the time of migrating a new one. Null if there is none: one is
 * made for long migrations, and when a process asks for the same ones again.
 */
export async function copyMigrated(server: string, { key, long, migrate }: Migrated): Promise<CreatedDatabase | null> {
  if (process.env[COPIES] !== '1') return null;
  const template = `ilearn_migrated_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
  const copy = await createDatabase(server, template).catch(unless(MISSING));
  if (copy !== null) return copy;
  if (!long && !asked.has(template)) {
    asked.add(template);
    return null;
  }
  return (await makeTemplate(server, template, migrate)) ? createDatabase(server, template) : null;
}

async function makeTemplate(server: string, name: string, migrate: Migrated['migrate']): Promise<boolean> {
  const { url, drop } = await createDatabase(server);
  const home = await openHome({ url, connections: 5 });
  const migrated = await migrate(home).finally(() => home.close());
  if (!migrated) {
    await drop();
    return false;
  }
  const renamed = await administer(server, `alter database ${new URL(url).pathname.slice(1)} rename to ${name}`)
    .then(() => true)
    .catch(unless(EXISTS));
  // Another process was faster.
  if (renamed === null) await drop();
  return true;
}

// SQLSTATE: invalid_catalog_name, duplicate_database.
const MISSING = '3D000';
const EXISTS = '42P04';

const unless =
  (code: string) =>
  (error: Error & { code?: string }): null => {
    if (error.code === code) return null;
    throw error;
  };

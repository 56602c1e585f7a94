import { PGlite } from '@electric-sql/pglite';
import { emptyDatabase } from '../database/homes/empty-database.js';
import { type DatabaseHome, openHome } from '../database/homes/home.js';
import { startParams } from '../database/homes/start-params.js';
import { copyMigrated, type Migrated } from './copy-migrated.js';
import { createDatabase } from './create-database.js';

/** Address of a PostgreSQL server whose user may create databases; if it is set, the suite runs on it instead of PGlite. */
const SERVER = 'ILEARN_TEST_POSTGRES';

/**
 * Opens an empty database for a test file: PGlite in memory, or a new database on the server given by `ILEARN_TEST_POSTGRES`. Close it at
 * the end.
 *
 * @param migrated what will be done to it first; on a server it may have been done already
 */
export async function openTestHome(migrated?: Migrated): Promise<DatabaseHome & { url: string | null }> {
  const server = process.env[SERVER];
  return server === undefined || server === '' ? openInMemory() : openOnServer(server, migrated);
}

/** The database of another home, with separate connections where more than one is possible. Closing it keeps the database. */
export async function joinTestHome(home: DatabaseHome): Promise<DatabaseHome> {
  const { connectionString } = home.pool.options;
  if (home.kind === 'postgresql' && connectionString !== undefined) return openHome({ url: connectionString, connections: 5 });
  return { ...home, close: async () => {} };
}

/** Emptied databases to be reused by the next test files of this process. */
const emptied: PGlite[] = [];

/** Creating a PGlite takes about a second; emptying a used one is faster. */
async function openInMemory(): Promise<DatabaseHome & { url: null }> {
  const pglite = emptied.pop() ?? (await create());
  const home = await openHome({ pglite });
  return {
    ...home,
    url: null,
    close: async () => {
      await home.close();
      if (await empty(pglite)) emptied.push(pglite);
      else await pglite.close();
    },
  };
}

/** Drops every created schema and role; false if that fails. */
async function empty(pglite: PGlite): Promise<boolean> {
  try {
    await pglite.exec('rollback');
    await pglite.exec('discard all');
    await pglite.exec(`
      alter database postgres owner to postgres;
      do $$ declare name text; begin
        for name in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop
          execute format('drop schema %I cascade', name);
        end loop;
        for name in select rolname from pg_roles where oid >= 16384 loop
          execute format('drop owned by %I cascade', name);
          execute format('drop role %I', name);
        end loop;
      end $$;
      create schema public; grant usage on schema public to public;`);
    return true;
  } catch {
    return false;
  }
}

const create = async (): Promise<PGlite> => PGlite.create({ startParams, loadDataDir: await emptyDatabase() } as object);

async function openOnServer(server: string, migrated: Migrated | undefined): Promise<DatabaseHome & { url: string }> {
  const copy = migrated === undefined ? null : await copyMigrated(server, migrated);
  const { url, drop } = copy ?? (await createDatabase(server));
  const home = await openHome({ url, connections: 5 });
  return {
    ...home,
    url,
    close: async () => {
      await home.close();
      await drop();
    },
  };
}

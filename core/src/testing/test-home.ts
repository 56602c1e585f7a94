import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type DatabaseHome, openHome } from '../database/homes/home.js';
import { startParams } from '../database/homes/start-params.js';
import { createDatabase } from './create-database.js';

/** Address of a PostgreSQL server whose user may create databases; if it is set, the suite runs on it instead of PGlite. */
const SERVER = 'ILEARN_TEST_POSTGRES';

/**
 * Opens an empty database for a test file: PGlite in memory, or a new database on the server given by `ILEARN_TEST_POSTGRES`. Close it at
 * the end.
 */
export async function openTestHome(): Promise<DatabaseHome & { url: string | null }> {
  const server = process.env[SERVER];
  return server === undefined || server === '' ? openInMemory() : openOnServer(server);
}

/** The database of another home, with separate connections where more than one is possible. Closing it keeps the database. */
export async function joinTestHome(home: DatabaseHome): Promise<DatabaseHome> {
  const { connectionString } = home.pool.options;
  if (home.kind === 'postgresql' && connectionString !== undefined) return openHome({ url: connectionString, connections: 5 });
  return { ...home, close: async () => {} };
}

/** Emptied databases to be reused by the next test files of this process. */
const emptied: PGlite[] = [];

/**
 * Creating a PGlite takes seconds; from a dump, which the first test file makes, less than one second; emptying a used one is faster still.
 */
async function openInMemory(): Promise<DatabaseHome & { url: null }> {
  const pglite = emptied.pop() ?? (await createFromDump());
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

const createFromDump = async (): Promise<PGlite> => {
  const file = dumpFile();
  return PGlite.create({ startParams, loadDataDir: new Blob([readDump(file) ?? (await makeDump(file))]) });
};

function dumpFile(): string {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@electric-sql/pglite')), '..', '..', '..', '.cache', 'ilearn');
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(
    readFileSync(join(dirname(require.resolve('@electric-sql/pglite')), '..', 'package.json'), 'utf8'),
  ) as { version: string };
  return join(folder, `pglite-${version}.tar`);
}

function readDump(file: string): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return null;
  }
}

async function makeDump(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const pglite = await PGlite.create();
  const dump = new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, dump);
  renameSync(temporary, file);
  return dump;
}

async function openOnServer(server: string): Promise<DatabaseHome & { url: string }> {
  const { url, drop } = await createDatabase(server);
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

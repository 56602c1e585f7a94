import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import type { Settings } from '../config/settings.js';
import { lockFolder } from './folder-lock.js';
import { PreparedNames } from './prepared.js';

/** Where the data lives: PostgreSQL by its address, PGlite in a folder, or a PGlite that the caller opened. */
export type DatabaseAddress = { url: string; connections: number } | { folder: string } | { pglite: PGlite };

/** Where the settings say that the data live. */
export const addressOf = ({ databaseUrl, databaseConnections, dataDir }: Settings): DatabaseAddress =>
  databaseUrl === undefined ? { folder: dataDir } : { url: databaseUrl, connections: databaseConnections };

/** An open database: one pool of `pg` clients, whichever engine stands behind it. */
export interface DatabaseHome {
  readonly kind: 'postgresql' | 'pglite';
  readonly pool: pg.Pool;
  /**
   * What its connections have prepared; they also take a statement before the answer to the one before has come. Null where
   * neither is worth it: PGlite answers in the same process.
   */
  readonly prepared: PreparedNames | null;
  close(): Promise<void>;
}

/** PGlite has one connection, so its pool holds one client that never expires. */
function pglitePool(pglite: PGlite): pg.Pool {
  return new pg.Pool({ ...createPgConfig(pglite), max: 1, idleTimeoutMillis: 0 });
}

export async function openHome(address: DatabaseAddress): Promise<DatabaseHome> {
  if ('url' in address) {
    const options = {
      connectionString: address.url,
      max: address.connections,
      application_name: 'ilearn',
      connectionTimeoutMillis: 10_000,
      pipeline: true,
    };
    const pool = new pg.Pool(options);
    // An idle client that loses its server is dropped by the pool; the next query tells if the server is gone.
    pool.on('error', () => {});
    // One that loses it while at work tells by its failing query; unheard, the event would end the process.
    pool.on('connect', (client) => client.on('error', () => {}));
    return { kind: 'postgresql', pool, prepared: new PreparedNames(), close: () => pool.end() };
  }
  if ('pglite' in address) {
    const pool = pglitePool(address.pglite);
    return { kind: 'pglite', pool, prepared: null, close: () => pool.end() };
  }
  const folder = join(address.folder, 'postgres');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  const pglite = await PGlite.create(folder);
  const pool = pglitePool(pglite);
  return {
    kind: 'pglite',
    pool,
    prepared: null,
    close: async () => {
      await pool.end();
      await pglite.close();
      unlock();
    },
  };
}

import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import type { Settings } from '../config/settings.js';
import { kernelSocket } from '../outside/kernel-sockets.js';
import { becomeUser } from './embedded-user.js';
import type { FolderLostError } from './folder-lock.js';
import { openFolder } from './open-folder.js';
import { PreparedNames } from './prepared.js';
import { askAsKernel, beginSession, markEmbedded } from './session.js';

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
  /** Of the embedded database: calls it once when another process has taken the folder. */
  onLost?(fn: (error: FolderLostError) => void): void;
  close(): Promise<void>;
}

/** PGlite has one connection, so its pool holds one client that never expires. */
async function pglitePool(pglite: PGlite): Promise<pg.Pool> {
  await becomeUser(pglite);
  const pool = new pg.Pool({ ...createPgConfig(pglite), max: 1, idleTimeoutMillis: 0 });
  pool.on('connect', markEmbedded);
  askAsKernel(pool);
  return pool;
}

export async function openHome(address: DatabaseAddress): Promise<DatabaseHome> {
  if ('url' in address) {
    const options = {
      connectionString: address.url,
      max: address.connections,
      application_name: 'ilearn',
      connectionTimeoutMillis: 10_000,
      pipeline: true,
      stream: kernelSocket,
    };
    const pool = new pg.Pool(options);
    // An idle client that loses its server is dropped by the pool; the next query tells if the server is gone.
    pool.on('error', () => {});
    // One that loses it while at work tells by its failing query; unheard, the event would end the process.
    pool.on('connect', (client) => {
      client.on('error', () => {});
      beginSession(client);
    });
    askAsKernel(pool);
    return { kind: 'postgresql', pool, prepared: new PreparedNames(), close: () => pool.end() };
  }
  if ('pglite' in address) {
    const pool = await pglitePool(address.pglite);
    return { kind: 'pglite', pool, prepared: null, close: () => pool.end() };
  }
  const { pglite, lease, close } = await openFolder(join(address.folder, 'postgres'));
  const pool = await pglitePool(pglite).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    kind: 'pglite',
    pool,
    prepared: null,
    onLost: (fn) => lease.onLost(fn),
    close: async () => {
      await pool.end();
      await close();
    },
  };
}

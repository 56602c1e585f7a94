import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';
import { ConnectionLanes } from './connection-lanes.js';
import { becomeUser } from './embedded-user.js';
import type { FolderLostError } from './folder-lock.js';
import { type Listener, listenOn } from './listener.js';
import { endPool, openPool, types } from './open-pool.js';
import { PreparedNames } from './prepared-statements.js';
import { refusePooler } from './refuse-pooler.js';
import { configureSession, markEmbedded, useKernelSearchPath } from './session.js';
import { jobLimits, requestLimits, type WorkLimits } from './session-settings.js';
import { type Ask, askInTurn, SideConnection } from './side-connection.js';

const servingLimits: WorkLimits = { usual: requestLimits, jobs: jobLimits };

/** Where the data are stored: a PostgreSQL server, a PGlite folder, or a PGlite that the caller opened. */
export type DatabaseAddress = ({ url: string; connections: number } | { folder: string } | { pglite: PGlite }) & {
  /** Default: those of a serving process. */
  limits?: WorkLimits;
};

/** The portal settings that concern the database. */
export interface DatabaseSettings {
  /** Undefined: the embedded database, in `dataDir`. */
  databaseUrl: string | undefined;
  databaseConnections: number;
  dataDir: string;
  lockSeconds: number;
  requestStatementSeconds: number;
  jobStatementSeconds: number;
}

/** The database address given by the settings. */
export function addressOf(settings: DatabaseSettings): DatabaseAddress {
  const { databaseUrl, databaseConnections, dataDir } = settings;
  const limits: WorkLimits = {
    usual: { ...requestLimits, lockMs: settings.lockSeconds * 1_000, statementMs: settings.requestStatementSeconds * 1_000 },
    jobs: { ...jobLimits, statementMs: settings.jobStatementSeconds * 1_000 },
  };
  return databaseUrl === undefined ? { folder: dataDir, limits } : { url: databaseUrl, connections: databaseConnections, limits };
}

/** An open database: one pool of `pg` clients, for either engine. */
export interface DatabaseHome {
  readonly kind: 'postgresql' | 'pglite';
  readonly pool: pg.Pool;
  /**
   * Names of prepared statements. Connections with this also accept a statement before the previous one is answered (pipelining). Null for
   * PGlite, which runs in this process and gains nothing from either.
   */
  readonly prepared: PreparedNames | null;
  /** How units of work get a connection. */
  readonly lanes: Pick<ConnectionLanes, 'connect'>;
  readonly limits: WorkLimits;
  /** Runs a query on a separate connection, in bounded time. */
  readonly ask: Ask;
  /** Calls `heard` for each notification on a channel, on a separate connection. Null for PGlite, which no other process uses. */
  readonly listen: ((channel: string, heard: () => void) => Listener) | null;
  /** For the embedded database: calls `fn` once when another process has taken over the folder. */
  onLost?(fn: (error: FolderLostError) => void): void;
  close(): Promise<void>;
}

/** PGlite has one connection, so its pool holds one client that never expires. */
async function pgliteHome(pglite: PGlite, limits: WorkLimits, close: (pool: pg.Pool) => Promise<void>): Promise<DatabaseHome> {
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres');
  await becomeUser(pglite);
  yieldBetweenStatements(pglite);
  const onConnect = (client: pg.ClientBase) => {
    markEmbedded(client);
    return configureSession(client, limits.usual);
  };
  const pool = new pg.Pool({ ...createPgConfig(pglite), types, max: 1, idleTimeoutMillis: 0, onConnect });
  useKernelSearchPath(pool);
  const parts = { pool, prepared: null, lanes: new ConnectionLanes(pool), limits, ask: askInTurn(pool), listen: null };
  return { kind: 'pglite', ...parts, close: () => close(pool) };
}

/** PGlite runs in this thread, so that many statements in a row would keep timers and requests waiting until the last one is done. */
function yieldBetweenStatements(pglite: PGlite): void {
  if (yielding.has(pglite)) return;
  yielding.add(pglite);
  let busyMs = 0;
  for (const name of ['execProtocolRaw', 'execProtocolRawStream'] as const) {
    const run = pglite[name].bind(pglite) as (...given: unknown[]) => Promise<unknown>;
    pglite[name] = (async (...given: unknown[]) => {
      const began = performance.now();
      try {
        return await run(...given);
      } finally {
        busyMs += performance.now() - began;
        if (busyMs >= LONGEST_MS) {
          await turn();
          busyMs = 0;
        }
      }
    }) as never;
  }
}

/** A database that tests open more than once yields once. */
const yielding = new WeakSet<PGlite>();
/** Maximum time that statements in a row may block the event loop, as for other work (`Yielder`). */
const LONGEST_MS = 10;

async function postgresHome(url: string, connections: number, limits: WorkLimits): Promise<DatabaseHome> {
  const pool = openPool({ url, connections, limits, connectMs: 10_000 });
  await refusePooler(pool, 'DATABASE_URL').catch(async (error) => {
    await pool.end();
    throw error;
  });
  const open = (application_name: string) => {
    const client = new pg.Client({ connectionString: url, application_name, keepAlive: true, stream: kernelSocket });
    client.on('error', () => {});
    return { client, open: client.connect().then(() => configureSession(client, limits.usual)) };
  };
  const aside = new SideConnection(() => open('ilearn aside'));
  const close = async () => {
    aside.close();
    await endPool(pool);
  };
  return {
    kind: 'postgresql',
    pool,
    prepared: new PreparedNames(),
    lanes: new ConnectionLanes(pool),
    limits,
    ask: aside.ask,
    listen: (channel, heard) => listenOn(() => open('ilearn listens'), channel, heard),
    close,
  };
}

/** @throws PoolerRefused, or the driver's error if the server cannot be reached */
export async function openHome(address: DatabaseAddress): Promise<DatabaseHome> {
  const { limits = servingLimits } = address;
  if ('url' in address) return postgresHome(address.url, address.connections, limits);
  if ('pglite' in address) return pgliteHome(address.pglite, limits, (pool) => pool.end());
  // Imported here so that a portal on a PostgreSQL server does not load PGlite.
  const { openFolder } = await import('./open-folder.js');
  const { pglite, lease, close } = await openFolder(join(address.folder, 'postgres'));
  try {
    const home = await pgliteHome(pglite, limits, async (pool) => {
      await pool.end();
      await close();
    });
    return { ...home, onLost: (fn) => lease.onLost(fn) };
  } catch (error) {
    await close();
    throw error;
  }
}

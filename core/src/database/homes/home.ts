import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';
import { ConnectionLanes } from './connection-lanes.js';
import { becomeUser } from './embedded-user.js';
import type { FolderLostError } from './folder-lock.js';
import { rememberFatal } from './lost-connection.js';
import { openFolder } from './open-folder.js';
import { PreparedNames } from './prepared-statements.js';
import { refusePooler } from './refuse-pooler.js';
import { askAsKernel, beginSession, markEmbedded } from './session.js';
import { jobLimits, type Limits, requestLimits } from './session-settings.js';
import { type Ask, askInTurn, SideConnection } from './side-connection.js';

/** How long work may wait for the database, by its kind. */
export interface WorkLimits {
  /** Of whatever does not say otherwise: settings of the connection. */
  usual: Limits;
  /** Of jobs, events and the kernel's own units of work; null: as usual. */
  jobs: Limits | null;
}

const servingLimits: WorkLimits = { usual: requestLimits, jobs: jobLimits };

/** Where the data lives: PostgreSQL by its address, PGlite in a folder, or a PGlite that the caller opened. */
export type DatabaseAddress = ({ url: string; connections: number } | { folder: string } | { pglite: PGlite }) & {
  /** Of a process that serves, unless told. */
  limits?: WorkLimits;
};

/** The part of the portal's settings that concerns the database. */
export interface DatabaseSettings {
  /** Undefined: the embedded database, in `dataDir`. */
  databaseUrl: string | undefined;
  databaseConnections: number;
  dataDir: string;
  lockSeconds: number;
  requestStatementSeconds: number;
  jobStatementSeconds: number;
}

/** Where the settings say that the data live. */
export function addressOf(settings: DatabaseSettings): DatabaseAddress {
  const { databaseUrl, databaseConnections, dataDir } = settings;
  const limits: WorkLimits = {
    usual: { ...requestLimits, lockMs: settings.lockSeconds * 1_000, statementMs: settings.requestStatementSeconds * 1_000 },
    jobs: { ...jobLimits, statementMs: settings.jobStatementSeconds * 1_000 },
  };
  return databaseUrl === undefined ? { folder: dataDir, limits } : { url: databaseUrl, connections: databaseConnections, limits };
}

/** An open database: one pool of `pg` clients, whichever engine stands behind it. */
export interface DatabaseHome {
  readonly kind: 'postgresql' | 'pglite';
  readonly pool: pg.Pool;
  /**
   * What its connections have prepared; they also take a statement before the answer to the one before has come. Null where
   * neither is worth it: PGlite answers in the same process.
   */
  readonly prepared: PreparedNames | null;
  /** How units of work come by a connection. */
  readonly lanes: ConnectionLanes;
  readonly limits: WorkLimits;
  /** A question beside all other work, answered in bounded time. */
  readonly ask: Ask;
  /** Of the embedded database: calls it once when another process has taken the folder. */
  onLost?(fn: (error: FolderLostError) => void): void;
  close(): Promise<void>;
}

/** PGlite has one connection, so its pool holds one client that never expires. */
async function pgliteHome(pglite: PGlite, limits: WorkLimits, close: (pool: pg.Pool) => Promise<void>): Promise<DatabaseHome> {
  await becomeUser(pglite);
  const onConnect = (client: pg.ClientBase) => {
    markEmbedded(client);
    return beginSession(client, limits.usual);
  };
  const pool = new pg.Pool({ ...createPgConfig(pglite), max: 1, idleTimeoutMillis: 0, onConnect });
  askAsKernel(pool);
  const parts = { pool, prepared: null, lanes: new ConnectionLanes(pool), limits, ask: askInTurn(pool) };
  return { kind: 'pglite', ...parts, close: () => close(pool) };
}

/** How long the end waits for connections that are still at work: a server that hangs never gives them back. */
const END_MS = 5_000;

async function postgresHome(url: string, connections: number, limits: WorkLimits): Promise<DatabaseHome> {
  const options = {
    connectionString: url,
    max: connections,
    application_name: 'ilearn',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    stream: kernelSocket,
    onConnect: (client: pg.ClientBase) => beginSession(client, limits.usual),
  };
  const pool = new pg.Pool(options);
  // An idle client that loses its server is dropped by the pool; the next query tells if the server is gone.
  pool.on('error', () => {});
  // One that loses it while at work tells by its failing query; unheard, the event would end the process.
  pool.on('connect', (client) => client.on('error', (error) => rememberFatal(client, error)));
  askAsKernel(pool);
  await refusePooler(pool).catch(async (error) => {
    await pool.end();
    throw error;
  });
  const aside = new SideConnection(() => {
    const client = new pg.Client({ connectionString: url, application_name: 'ilearn aside', stream: kernelSocket });
    client.on('error', () => {});
    return { client, open: client.connect().then(() => beginSession(client, limits.usual)) };
  });
  const close = async () => {
    aside.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    await Promise.race([pool.end(), late]);
    clearTimeout(timer);
  };
  return {
    kind: 'postgresql',
    pool,
    prepared: new PreparedNames(),
    lanes: new ConnectionLanes(pool),
    limits,
    ask: aside.ask,
    close,
  };
}

/** @throws PoolerRefused, or what the driver says where the server cannot be reached */
export async function openHome(address: DatabaseAddress): Promise<DatabaseHome> {
  const { limits = servingLimits } = address;
  if ('url' in address) return postgresHome(address.url, address.connections, limits);
  if ('pglite' in address) return pgliteHome(address.pglite, limits, (pool) => pool.end());
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

import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';
import { rememberFatal } from './lost-connection.js';
import { parseInstant } from './parse-instant.js';
import { configureSession, useKernelSearchPath } from './session.js';
import type { WorkLimits } from './session-settings.js';

/**
 * Days (`date`) are text such as `2026-09-01`, as the calendar and the schemas of routes write them. The driver would make instants of them:
 * midnight in the time zone of the process.
 */
export const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (day) => day);
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, parseInstant);
// date[], parsed as text[]; the types of the driver name no arrays.
types.setTypeParser(1182 as never, pg.types.getTypeParser(1009 as never));

/** A pool of connections to a PostgreSQL server. */
export function openPool({ url, connections, limits, connectMs, check }: PoolOptions): pg.Pool {
  const options = {
    connectionString: url,
    types,
    max: connections,
    application_name: 'ilearn',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    stream: kernelSocket,
    onConnect: (client: pg.ClientBase) =>
      inTime(client, connectMs, async () => {
        await configureSession(client, limits.usual);
        await check?.(client);
      }),
  };
  const pool = new pg.Pool(options);
  // The pool drops an idle client that loses its server; the next query shows whether the server is gone.
  pool.on('error', () => {});
  // A client at work reports the loss through its failing query. Without a listener, the error event would end the process.
  pool.on('connect', (client) => client.on('error', (error) => rememberFatal(client, error)));
  useKernelSearchPath(pool);
  return pool;
}

interface PoolOptions {
  url: string;
  connections: number;
  limits: WorkLimits;
  /** Maximum wait for a connection, and for its first statements. */
  connectMs: number;
  /** Called with each new connection; when it throws, the connection is closed. */
  check?: (client: pg.ClientBase) => Promise<void>;
}

/** The pool stops its own clock once the server has taken the connection: one that hangs then would never be given up. */
async function inTime(client: pg.ClientBase, ms: number, fn: () => Promise<void>): Promise<void> {
  const timer = setTimeout(() => destroy(client), ms);
  try {
    await fn();
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a connection at once; its statements fail. `end` would wait for a hanging server. */
export const destroy = (client: pg.ClientBase): void =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

/** Maximum wait for busy connections when closing: a hanging server never returns them. */
const END_MS = 5_000;

export async function endPool(pool: pg.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_MS);
  });
  await Promise.race([pool.end(), late]);
  clearTimeout(timer);
}

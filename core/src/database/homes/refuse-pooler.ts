import type pg from 'pg';

const ROUNDS = 3;
const PATIENCE_MS = 2_000;

/** A pooler in transaction mode is between the portal and the database. */
export class PoolerRefused extends Error {
  constructor(variable: string) {
    super(
      `${variable} points to a connection pooler that gives each transaction another connection of the server (PgBouncer: pool_mode = ` +
        "transaction or statement), which loses prepared statements, locks and settings: use the server's own address, or pool_mode = session.",
    );
    this.name = 'PoolerRefused';
  }
}

/**
 * Detects a pooler in transaction mode. The process id that a pooler reports when a connection opens is made up, so this checks whether a
 * connection keeps its server process while other connections are in use.
 *
 * @param variable the setting that names the server, for the message
 * @throws PoolerRefused
 */
export async function refusePooler(pool: pg.Pool, variable: string): Promise<void> {
  const one = await pool.connect();
  let other: pg.PoolClient | null = null;
  let unsure = true;
  try {
    if ((await processOf(one)) === (one as unknown as { processID: number | null }).processID) {
      unsure = false;
      return;
    }
    other = await pool.connect();
    for (let round = 0; round < ROUNDS; round++) {
      const before = await processOf(one);
      await other.query('begin');
      const between = await processOf(other);
      // If the pooler has one server connection for all clients, this query waits for the other transaction.
      const after = await within(PATIENCE_MS, processOf(one));
      if (between === before || after !== before) throw new PoolerRefused(variable);
      await other.query('rollback');
    }
    unsure = false;
  } catch (error) {
    // A pooler in statement mode refuses the transaction itself.
    throw /transaction.* not allowed/i.test((error as Error).message) ? new PoolerRefused(variable) : error;
  } finally {
    one.release(unsure);
    other?.release(unsure);
  }
}

async function processOf(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

const within = <T>(ms: number, answer: Promise<T>): Promise<T | null> =>
  Promise.race([
    answer.catch(() => null),
    new Promise<null>((resolve) => {
      setTimeout(resolve, ms, null).unref();
    }),
  ]);

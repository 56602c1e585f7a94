import type pg from 'pg';
import { quote } from './names.js';
import { isConnectionLoss } from './outage.js';

/**
 * Where the kernel's own statements find what has no schema before its name: never in a schema that a plugin can make anything in, and
 * never first among temporary objects.
 */
export const KERNEL_PATH = 'pg_catalog, kernel, pg_temp';

/**
 * What every connection has from its first statement on, and again after each unit of work. Whatever else a session is to have belongs
 * here: `reset all` takes away what was set otherwise.
 */
const settings: Readonly<Record<string, string>> = { search_path: KERNEL_PATH };

const setAll = Object.entries(settings)
  .map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`)
  .join(', ');

/** The rest that a session can keep: temporary tables, cursors that outlast their transaction, channels. */
const carries = `pg_catalog.pg_my_temp_schema() operator(pg_catalog.<>) 0
  or exists (select from pg_catalog.pg_cursors where is_holdable) or exists (select from pg_catalog.pg_listening_channels())`;

const settleText = `select ${carries} as carries, pg_catalog.pg_advisory_unlock_all(), ${setAll}`;

/** A connection on which plugins only read is settled this often. */
const READERS_EVERY_MS = 1_000;
const settledAt = new WeakMap<object, number>();

/** Brings a new connection to what every session has; what is asked of it next waits for that. */
export function beginSession(client: pg.ClientBase): void {
  settledAt.set(client, performance.now());
  client.query(`select ${setAll}`).catch(() => {});
}

/** Lets what the kernel asks outside units of work run as in a new session, whatever the last user of the connection left. */
export function askAsKernel(pool: pg.Pool): void {
  const ask = async (...args: Parameters<pg.ClientBase['query']>) => {
    const client = await pool.connect();
    try {
      const [, result] = await inTurn(
        client,
        () => client.query(`select ${setAll}`),
        () => client.query(...args) as unknown as Promise<pg.QueryResult>,
      );
      client.release();
      return result;
    } catch (error) {
      client.release(isConnectionLoss(error));
      throw error;
    }
  };
  pool.query = ask as unknown as pg.Pool['query'];
}

/**
 * Takes from a session what the last unit of work may have left in it: settings and locks. Both statements go out at once.
 *
 * @returns whether it is as every session is; if not, the connection must not be used again
 */
export async function settle(client: pg.ClientBase): Promise<boolean> {
  settledAt.set(client, performance.now());
  try {
    const [, { rows }] = await inTurn(
      client,
      () => client.query('reset all'),
      () => client.query<{ carries: boolean }>({ name: 'ilearn_settle', text: settleText }),
    );
    return rows[0]?.carries === false || (await empty(client));
  } catch {
    return false;
  }
}

/** The embedded database takes one statement at a time; a server both at once. */
async function inTurn<A, B>(client: pg.ClientBase, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  if (isEmbedded(client)) return [await first(), await second()];
  const both = [first(), second()] as const;
  // The second must not go unheard where the first has failed.
  await Promise.allSettled(both);
  return [await both[0], await both[1]];
}

/** Gives a connection back that a plugin's reading statement ran on; now and then it is settled first. */
export function release(client: pg.PoolClient, spoilt: boolean): void {
  if (spoilt || performance.now() - (settledAt.get(client) ?? Number.NEGATIVE_INFINITY) < READERS_EVERY_MS) client.release(spoilt);
  else settle(client).then((settled) => client.release(!settled));
}

/** Takes away all that a session holds, for the embedded database, whose one connection cannot be replaced. */
async function empty(client: pg.ClientBase): Promise<boolean> {
  for (const text of ['close all', 'unlisten *', 'discard temp']) await client.query(text);
  return isEmbedded(client);
}

const embedded = new WeakSet<object>();
export const markEmbedded = (client: object): void => void embedded.add(client);
const isEmbedded = (client: object): boolean => embedded.has(client);

/** Temporary tables know no schools and no end of a unit of work. Only the owner of a database may take them from everybody. */
export async function revokeTemporary(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ database: string }>(
    `select datname::text as database from pg_catalog.pg_database
     where datname = current_database() and pg_has_role(datdba, 'USAGE') and has_database_privilege('public', oid, 'TEMPORARY')`,
  );
  for (const { database } of rows) await client.query(`revoke temporary on database ${quote(database)} from public`);
}

import type pg from 'pg';
import { literal, quote } from '../names.js';
import { losesConnection, markConnecting } from '../outages/outage.js';
import { causeOf } from './lost-connection.js';
import { KERNEL_PATH, type Limits, limitSettings, own, settings } from './session-settings.js';

/** The settings of a session cannot be made what they must be. */
export class SessionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SessionRefused';
  }
}

/** The rest that a session can keep: temporary tables, cursors that outlast their transaction, channels. */
const carries = `pg_catalog.pg_my_temp_schema() operator(pg_catalog.<>) 0
  or exists (select from pg_catalog.pg_cursors where is_holdable) or exists (select from pg_catalog.pg_listening_channels())`;

/** What brings each connection back to its settings, and tells whether it carries more than these. */
const settleTexts = new WeakMap<object, string>();

/** A connection on which plugins only read is settled this often. */
const READERS_EVERY_MS = 1_000;
const settledAt = new WeakMap<object, number>();

/**
 * Makes a new connection's settings what they must be. Settings that this version of PostgreSQL does not know are left out.
 *
 * @throws SessionRefused where triggers and foreign keys are off, which only an administrator can turn on
 */
export async function beginSession(client: pg.ClientBase, limits: Limits): Promise<void> {
  const wanted = Object.entries({ ...settings, ...limitSettings(limits) }).map(([name, value]) => `('${name}', '${value}')`);
  const ofOurs = Object.entries(own).map(([name, value]) => `('${name}', '${value}')`);
  // One simple statement: a pooler in session mode takes it too, while it refuses the same as parameters of the connection.
  const { rows } = await client.query<{ name: string; value: string; replica: boolean }>(
    `select w.name, pg_catalog.set_config(w.name, w.value, false) as value,
       pg_catalog.current_setting('session_replication_role') operator(pg_catalog.<>) 'origin' as replica
     from (
       select w.name, w.value from (values ${wanted.join(', ')}) as w (name, value)
         join pg_catalog.pg_settings s on pg_catalog.lower(s.name) operator(pg_catalog.=) w.name
       union all values ${ofOurs.join(', ')}, ('synchronous_commit', case pg_catalog.current_setting('synchronous_commit')
         when 'off' then 'on' else pg_catalog.current_setting('synchronous_commit') end)
     ) as w (name, value)`,
  );
  if (rows.some(({ replica }) => replica)) {
    throw new SessionRefused(
      'session_replication_role is not "origin" for the database user, so triggers and foreign keys would not hold: ' +
        'reset it for the user and the database of DATABASE_URL.',
    );
  }
  const again = rows.map(({ name, value }) => `pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`);
  settleTexts.set(client, `select ${carries} as carries, pg_catalog.pg_advisory_unlock_all(), ${again.join(', ')}`);
  settledAt.set(client, performance.now());
}

const kernelPath = `select pg_catalog.set_config('search_path', '${KERNEL_PATH}', false)`;

/** Lets what the kernel asks outside units of work run on its own path, whatever the last user of the connection left. */
export function askAsKernel(pool: pg.Pool): void {
  const ask = async (...args: Parameters<pg.ClientBase['query']>) => {
    const client = await pool.connect().catch((error: unknown) => {
      throw markConnecting(error);
    });
    try {
      const [, result] = await inTurn(
        client,
        () => client.query(kernelPath),
        () => client.query(...args) as unknown as Promise<pg.QueryResult>,
      );
      client.release();
      return result;
    } catch (error) {
      const cause = causeOf(client, error);
      client.release(losesConnection(cause));
      throw cause;
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
      () => client.query<{ carries: boolean }>({ name: 'ilearn_settle', text: settleTexts.get(client) ?? '' }),
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
  if (spoilt || performance.now() - (settledAt.get(client) ?? Number.NEGATIVE_INFINITY) < READERS_EVERY_MS)
    client.release(spoilt);
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

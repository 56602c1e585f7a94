import type pg from 'pg';
import { literal, quote } from '../names.js';
import { losesConnection, markConnecting } from '../outages/outage.js';
import { causeOf } from './lost-connection.js';
import { KERNEL_PATH, type Limits, limitSettings, own, settings } from './session-settings.js';

/** The settings that the portal needs cannot be set on a session. */
export class SessionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SessionRefused';
  }
}

/** SQL: whether the session holds temporary tables, holdable cursors or notification channels. */
const carries = `pg_catalog.pg_my_temp_schema() operator(pg_catalog.<>) 0
  or exists (select from pg_catalog.pg_cursors where is_holdable) or exists (select from pg_catalog.pg_listening_channels())`;

/** For each connection, the statement that restores its settings and returns whether the session holds anything else. */
const settleTexts = new WeakMap<object, string>();

/** A connection that only runs plugins' reading statements is reset at this interval. */
const READERS_EVERY_MS = 1_000;
const settledAt = new WeakMap<object, number>();

/**
 * Configures a new connection; settings that this version of PostgreSQL does not know are left out.
 *
 * @throws SessionRefused if triggers and foreign keys are disabled, which only an administrator can change
 */
export async function configureSession(client: pg.ClientBase, limits: Limits): Promise<void> {
  const wanted = Object.entries({ ...settings, ...limitSettings(limits) }).map(([name, value]) => `('${name}', '${value}')`);
  const ofOurs = Object.entries(own).map(([name, value]) => `('${name}', '${value}')`);
  // One simple query: a pooler in session mode accepts it, but would refuse the same settings as connection parameters.
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
      'session_replication_role is not "origin" for the database user, so triggers and foreign keys would not be enforced: ' +
        'reset it for the user and the database of DATABASE_URL.',
    );
  }
  const again = rows.map(({ name, value }) => `pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`);
  settleTexts.set(client, `select ${carries} as carries, pg_catalog.pg_advisory_unlock_all(), ${again.join(', ')}`);
  settledAt.set(client, performance.now());
}

const kernelPath = `select pg_catalog.set_config('search_path', '${KERNEL_PATH}', false)`;

/** Makes `pool.query` use the kernel's search path, whatever the previous user of the connection set. */
export function useKernelSearchPath(pool: pg.Pool): void {
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
 * Resets a session after a unit of work: settings and session locks. Both statements are sent together.
 *
 * @returns false if the session still holds anything, so that the connection must be closed
 */
export async function resetSession(client: pg.ClientBase): Promise<boolean> {
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

/** On the embedded database one after the other; on a server both together. */
async function inTurn<A, B>(client: pg.ClientBase, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  if (isEmbedded(client)) return [await first(), await second()];
  const both = [first(), second()] as const;
  // Wait for both, so that the second rejection is not left unhandled when the first fails.
  await Promise.allSettled(both);
  return [await both[0], await both[1]];
}

/** Releases a connection after a plugin's reading statement; resets it first, at most once per second. */
export function release(client: pg.PoolClient, unusable: boolean): void {
  if (unusable || performance.now() - (settledAt.get(client) ?? Number.NEGATIVE_INFINITY) < READERS_EVERY_MS)
    client.release(unusable);
  else resetSession(client).then((settled) => client.release(!settled));
}

/** Removes everything that a session holds. For the embedded database, whose only connection cannot be replaced. */
async function empty(client: pg.ClientBase): Promise<boolean> {
  for (const text of ['close all', 'unlisten *', 'discard temp']) await client.query(text);
  return isEmbedded(client);
}

const embedded = new WeakSet<object>();
export const markEmbedded = (client: object): void => void embedded.add(client);
const isEmbedded = (client: object): boolean => embedded.has(client);

/** Temporary tables have no row-level security and outlive the unit of work. Only the database's owner can revoke them. */
export async function revokeTemporary(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ database: string }>(
    `select datname::text as database from pg_catalog.pg_database
     where datname = current_database() and pg_has_role(datdba, 'USAGE') and has_database_privilege('public', oid, 'TEMPORARY')`,
  );
  for (const { database } of rows) await client.query(`revoke temporary on database ${quote(database)} from public`);
}

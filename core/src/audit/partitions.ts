import type pg from 'pg';
import { inTransaction } from '../database/homes/transaction.js';
import { quote } from '../database/names.js';

/** Number of months created in advance, so that no request waits for one. */
const AHEAD = 2;
/** Key of an advisory lock; the value is arbitrary, but every portal must use the same one. */
const PARTITION_LOCK = 7_205_614_332;

interface Month {
  name: string;
  start: string;
  end: string;
}

/** SQL: the UTC months from `$1` before to `$2` after the month of `$3`, or of the database's time if that is null. */
const monthsAround = `
  select to_char(start, '"audit_entries_"YYYY_MM') as name, to_char(start, 'YYYY-MM-DD"T00:00:00Z"') as start,
    to_char(start + interval '1 month', 'YYYY-MM-DD"T00:00:00Z"') as end
  from generate_series(-$1::int, $2::int) as n, lateral (
    select date_trunc('month', coalesce($3::timestamptz, clock_timestamp()) at time zone 'UTC') + make_interval(months => n) as start) as month
  order by n`;

/**
 * Creates the monthly partitions that entries will need and drops expired ones, which is the only way in which entries are removed.
 * Pseudonyms that are no longer used by any entry are deleted too.
 *
 * @param months number of months kept, not counting the current one
 * @param now replaces the database's time
 * @param mayDrop called before a month is dropped
 */
export async function maintainPartitions(
  pool: pg.Pool,
  months: number,
  now: Date | null = null,
  mayDrop: () => Promise<boolean> = async () => true,
): Promise<void> {
  const { rows } = await pool.query<Month>(monthsAround, [months, AHEAD, now]);
  const oldest = (rows[0] as Month).name;
  const wanted = rows.slice(months);
  const existing = await partitions(pool);
  const past = existing.filter((name) => name < oldest);
  const old = past.length > 0 && (await mayDrop()) ? past : [];
  if (old.length === 0 && wanted.every(({ name }) => existing.includes(name))) return;
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(${PARTITION_LOCK})`);
    for (const { name, start, end } of wanted) {
      if ((await partitions(client)).includes(name)) continue;
      await createPartition(client, name, `for values from ('${start}') to ('${end}')`);
    }
    for (const name of old) await client.query(`drop table if exists kernel.${quote(name)}`);
    if (old.length > 0) {
      await client.query(
        `delete from kernel.audit_pseudonyms p where not exists (
           select from kernel.audit_entries e where e.people @> array[p.pseudonym])`,
      );
    }
  });
}

/** @param bound SQL: `for values from … to …` */
export async function createPartition(client: pg.ClientBase, name: string, bound: string): Promise<void> {
  const table = `kernel.${quote(name)}`;
  await client.query(
    `create table ${table} partition of kernel.audit_entries ${bound};
     create trigger append_only_whole before truncate on ${table} execute function kernel.refuse_change()`,
  );
}

async function partitions(client: pg.Pool | pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'kernel.audit_entries'::regclass`,
  );
  return rows.map(({ name }) => name);
}

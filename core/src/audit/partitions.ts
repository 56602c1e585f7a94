import type pg from 'pg';
import { quote } from '../database/names.js';
import { inTransaction } from '../database/transaction.js';

/** Months made ahead, so that no request waits for one. */
const AHEAD = 2;
/** Any number will do, as long as every portal takes the same one. */
const PARTITION_LOCK = 7_205_614_332;

interface Month {
  name: string;
  start: string;
  end: string;
}

/** @param offset months from the one of `now` */
function monthFrom(now: Date, offset: number): Month {
  const first = (months: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)).toISOString();
  const start = first(offset);
  return { name: `audit_entries_${start.slice(0, 7).replace('-', '_')}`, start, end: first(offset + 1) };
}

/**
 * Makes the months that entries will need and drops those that are past their time: the only way in which an entry ever goes. What no entry
 * names any more loses its pseudonym with it.
 *
 * @param months how many are kept, the running one not counted
 */
export async function keepPartitions(pool: pg.Pool, months: number, now = new Date()): Promise<void> {
  const wanted = Array.from({ length: AHEAD + 1 }, (_, offset) => monthFrom(now, offset));
  const oldest = monthFrom(now, -months).name;
  const existing = await partitions(pool);
  const old = existing.filter((name) => name < oldest);
  if (old.length === 0 && wanted.every(({ name }) => existing.includes(name))) return;
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(${PARTITION_LOCK})`);
    for (const { name, start, end } of wanted) {
      if ((await partitions(client)).includes(name)) continue;
      const table = `kernel.${quote(name)}`;
      await client.query(
        `create table ${table} partition of kernel.audit_entries for values from ('${start}') to ('${end}');
         create trigger append_only_whole before truncate on ${table} execute function kernel.refuse_change()`,
      );
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

async function partitions(client: pg.Pool | pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'kernel.audit_entries'::regclass`,
  );
  return rows.map(({ name }) => name);
}

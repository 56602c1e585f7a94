import type { DatabaseHome } from '../database/homes/home.js';
import type { FileStorage } from './storage.js';

const BATCH = 200;
/** Uploads not kept for this long were left by a killed process. */
const ABANDONED = '1 day';

interface Removal {
  id: string;
  plugin: string;
  kind: string;
}

/**
 * Removes files from the store, then their entries in the list of removals. If the process is killed in between, removing them again is
 * harmless.
 */
export async function removeBytes(home: DatabaseHome, storage: FileStorage, removals: readonly Removal[]): Promise<void> {
  for (const removal of removals) await storage.remove(removal);
  if (removals.length === 0) return;
  await home.pool.query('delete from kernel.file_removals where id = any ($1::uuid[])', [removals.map(({ id }) => id)]);
}

/** Removes the stored bytes of every deleted row. Returns the number of files removed. */
export async function sweepRemoved(home: DatabaseHome, storage: FileStorage): Promise<number> {
  for (let count = 0; ; ) {
    const { rows } = await home.pool.query<Removal>(
      `select id, plugin, kind from kernel.file_removals order by removed_at limit ${BATCH}`,
    );
    await removeBytes(home, storage, rows);
    count += rows.length;
    if (rows.length < BATCH) return count;
  }
}

/** Records an upload, so that its file can be found if this process is killed. */
export async function beginUpload(home: DatabaseHome, { id, plugin, kind }: Removal): Promise<void> {
  await home.pool.query('insert into kernel.file_uploads (id, plugin, kind) values ($1, $2, $3)', [id, plugin, kind]);
}

/** When an upload is kept, its row is deleted. This removes the other rows and their files; what fails here is left to the sweep. */
export async function removeUnkept(home: DatabaseHome, storage: FileStorage, begun: readonly string[]): Promise<void> {
  if (begun.length === 0) return;
  const { rows } = await home.pool.query<Removal>(
    `with gone as (delete from kernel.file_uploads where id = any ($1::uuid[]) returning id, plugin, kind)
     insert into kernel.file_removals (id, plugin, kind) select id, plugin, kind from gone
     on conflict do nothing returning id, plugin, kind`,
    [begun],
  );
  await removeBytes(home, storage, rows);
}

/**
 * Removes stored bytes without a row: those of deleted rows, abandoned uploads, and all files of kinds whose table is gone.
 *
 * @param mayDeleteByAge false while the database's clock is in doubt
 */
export async function sweep(home: DatabaseHome, storage: FileStorage, mayDeleteByAge: boolean): Promise<number> {
  if (mayDeleteByAge) {
    await home.pool.query(
      `with gone as (delete from kernel.file_uploads where started_at < now() - interval '${ABANDONED}' returning id, plugin, kind)
       insert into kernel.file_removals (id, plugin, kind) select id, plugin, kind from gone on conflict do nothing`,
    );
    const { rows } = await home.pool.query<{ now: Date }>('select now()');
    if (rows[0] !== undefined) await storage.removeStale(rows[0].now);
  }
  await sweepKinds(home, storage);
  return sweepRemoved(home, storage);
}

/** Removes kinds whose plugin was purged or whose table was dropped by a migration. */
async function sweepKinds(home: DatabaseHome, storage: FileStorage): Promise<void> {
  const { rows } = await home.pool.query<{ plugin: string; kind: string }>(
    `select k.plugin, k.kind from kernel.file_kinds k where not exists (
       select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = replace(k.plugin, '-', '_') and c.relname = k.kind and c.relkind in ('r', 'p'))`,
  );
  for (const { plugin, kind } of rows) {
    await storage.removeKind(plugin, kind);
    for (const table of ['file_kinds', 'file_usage', 'file_uploads', 'file_removals']) {
      await home.pool.query(`delete from kernel.${table} where plugin = $1 and kind = $2`, [plugin, kind]);
    }
  }
}

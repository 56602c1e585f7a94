import type pg from 'pg';
import type { Composition } from './composition.js';
import type { PluginEntry, StoredManifest } from './plugin-entry.js';

export interface StoredState {
  id: string;
  origin: string;
  enabled: boolean;
  remembered: StoredManifest | null;
  retry_asked_at: Date | null;
}

/** A pool, or the caller's unit of work. */
export interface Queryable {
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>>;
}

/** Returns an empty list for a database that no portal has used. */
export async function readStoredStates(database: Queryable): Promise<StoredState[]> {
  const { rows } = await database.query<{ there: boolean }>(`select to_regclass('kernel.plugin_states') is not null as there`);
  if (rows[0]?.there !== true) return [];
  return (await database.query<StoredState>('select * from kernel.plugin_states order by id')).rows;
}

/** Applies the stored states to a composition: disabled plugins, and the manifests of those that cannot be loaded. */
export async function applyStoredStates(database: Queryable, composition: Composition): Promise<void> {
  const stored = await readStoredStates(database);
  for (const entry of composition.entries) {
    const row = stored.find(({ id, origin }) => id === entry.id || origin === entry.origin);
    if (row === undefined) continue;
    if (entry.loaded === null) composition.rename(entry, row.id);
    entry.remembered = row.remembered;
    if (!row.enabled) composition.set(entry.id, { state: 'disabled' });
  }
}

/** Stores what must be known about each plugin in case it cannot be loaded later. */
export async function storeManifests(database: Queryable, entries: readonly PluginEntry[]): Promise<void> {
  const rows = entries.flatMap(({ id, origin, checked }) => {
    if (checked === null) return [];
    const { contract, definition } = checked;
    const { version, requires = {}, on = {}, ui } = definition;
    const remembered: StoredManifest = {
      version,
      contract,
      requires: Object.keys(requires),
      listensTo: Object.keys(on),
      pages: ui?.pages ?? [],
    };
    return [{ id, origin, remembered }];
  });
  await database.query(
    `insert into kernel.plugin_states (id, origin, remembered)
     select id, origin, remembered from jsonb_to_recordset($1::jsonb) as r(id text, origin text, remembered jsonb)
     on conflict (id) do update set origin = excluded.origin, remembered = excluded.remembered
       where (plugin_states.origin, plugin_states.remembered) is distinct from (excluded.origin, excluded.remembered)`,
    [JSON.stringify(rows)],
  );
}

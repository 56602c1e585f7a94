import type pg from 'pg';

/** Migration → checksum. */
export type AppliedMigrations = ReadonlyMap<string, string>;

/** The database's record of every plugin, read at once because most starts find nothing to do. */
export interface History {
  fingerprints: ReadonlyMap<string, string>;
  applied(plugin: string): AppliedMigrations;
}

export async function readHistory(client: pg.PoolClient): Promise<History> {
  const { rows } = await client.query<{ plugin: string; name: string; checksum: string }>(
    'select plugin, name, checksum from kernel.migrations order by name',
  );
  const byPlugin = new Map<string, Map<string, string>>();
  for (const { plugin, name, checksum } of rows) {
    const applied = byPlugin.get(plugin) ?? new Map<string, string>();
    byPlugin.set(plugin, applied.set(name, checksum));
  }
  const applied = (plugin: string) => byPlugin.get(plugin) ?? new Map<string, string>();
  // The kernel's first migration creates the table that is read below.
  if (applied('kernel').size === 0) return { fingerprints: new Map(), applied };
  const plugins = await client.query<{ id: string; fingerprint: string }>('select id, fingerprint from kernel.plugins');
  return { fingerprints: new Map(plugins.rows.map(({ id, fingerprint }) => [id, fingerprint])), applied };
}

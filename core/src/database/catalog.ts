import type pg from 'pg';

export interface CatalogTable {
  name: string;
  /** pg_class.relkind: r table, p partitioned table, v view, m materialized view, f foreign table. */
  kind: string;
  /** Column name → SQL type. */
  columns: Map<string, string>;
}

export interface Catalog {
  relations: Map<string, CatalogTable>;
  /** Foreign keys that leave the schema: `table.constraint → other.table`. */
  foreignKeysOut: { table: string; constraint: string; target: string }[];
  /** Functions that would run with their owner's rights. */
  definerFunctions: string[];
}

/** What stands in a plugin's schema, as PostgreSQL itself tells. */
export async function readCatalog(client: pg.ClientBase, schema: string): Promise<Catalog> {
  const relations = new Map<string, CatalogTable>();
  const columns = await client.query<{ relation: string; kind: string; name: string | null; type: string | null }>(
    `select c.relname as relation, c.relkind::text as kind, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
     order by c.relname, a.attnum`,
    [schema],
  );
  for (const row of columns.rows) {
    let relation = relations.get(row.relation);
    if (relation === undefined) {
      relation = { name: row.relation, kind: row.kind, columns: new Map() };
      relations.set(row.relation, relation);
    }
    if (row.name !== null && row.type !== null) relation.columns.set(row.name, row.type);
  }
  const keys = await client.query<{ table: string; constraint: string; target: string }>(
    `select c.relname as table, k.conname as constraint, fn.nspname || '.' || f.relname as target
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
     where k.contype = 'f' and n.nspname = $1 and fn.nspname <> $1`,
    [schema],
  );
  const functions = await client.query<{ name: string }>(
    `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1 and p.prosecdef`,
    [schema],
  );
  return { relations, foreignKeysOut: keys.rows, definerFunctions: functions.rows.map(({ name }) => name) };
}

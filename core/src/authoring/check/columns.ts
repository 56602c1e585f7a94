import type pg from 'pg';

export interface Column {
  name: string;
  type: string;
  /** `not null`. */
  required: boolean;
  hasDefault: boolean;
  /** Has a default or is generated. */
  automatic: boolean;
  /** Expression of a generated column. */
  expression: string | null;
  /** Regular expression of a check constraint. */
  pattern: string | null;
  /** Allowed values, if the type or a check constraint lists them. */
  choices: string[];
}

/** A foreign key within the schema. */
export interface Reference {
  table: string;
  columns: string[];
  target: string;
  targetColumns: string[];
}

/** Reads the columns of each table. */
export async function readColumns(client: pg.ClientBase, schema: string): Promise<Map<string, Column[]>> {
  const { rows } = await client.query<Column & { table: string; checks: string[] }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
       a.atthasdef as "hasDefault", a.attidentity <> '' or a.attgenerated <> '' as automatic,
       (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
         where a.attgenerated <> '' and d.adrelid = c.oid and d.adnum = a.attnum) as expression,
       coalesce((select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = a.atttypid), '{}') as choices,
       coalesce((select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint k
         where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]), '{}') as checks
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
    [schema],
  );
  const columns = new Map<string, Column[]>();
  for (const { table, checks, ...column } of rows) {
    const listed = checks.flatMap((check) => [...(/ARRAY\[(.*?)\]/.exec(check)?.[1] ?? '').matchAll(/'((?:[^']|'')*)'/g)]);
    const pattern = checks.map((check) => /~ '((?:[^']|'')*)'/.exec(check)?.[1]).find((found) => found !== undefined) ?? null;
    const choices = [...column.choices, ...listed.map(([, value]) => value as string)];
    columns.set(table, [...(columns.get(table) ?? []), { ...column, pattern, choices }]);
  }
  return columns;
}

export async function readReferences(client: pg.ClientBase, schema: string): Promise<Reference[]> {
  const names = (relation: string, numbers: string) =>
    `(select array_agg(a.attname::text order by u.place) from unnest(${numbers}) with ordinality u(number, place)
      join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.number)`;
  const { rows } = await client.query<Reference>(
    `select c.relname as table, t.relname as target, ${names('k.conrelid', 'k.conkey')} as columns,
       ${names('k.confrelid', 'k.confkey')} as "targetColumns"
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = k.confrelid
     where k.contype = 'f' and n.nspname = $1`,
    [schema],
  );
  return rows;
}

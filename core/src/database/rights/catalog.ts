import type pg from 'pg';
import { policyNames } from './row-level-security.js';

export interface CatalogTable {
  name: string;
  /** pg_class.relkind: r table, p partitioned table, v view, m materialized view, f foreign table. */
  kind: string;
  columns: Map<string, CatalogColumn>;
}

export interface CatalogColumn {
  /** SQL type: `uuid`, `text[]`. */
  type: string;
  nullable: boolean;
  /** Computed by PostgreSQL, so it cannot be written. */
  generated: boolean;
  /** A check constraint limits its values. */
  checked: boolean;
  /** It is part of the primary key. */
  primary: boolean;
}

/** A foreign key within the schema. */
export interface ForeignKey {
  table: string;
  columns: string[];
  target: string;
  targetColumns: string[];
  /**
   * Effect on the row when the target is deleted (pg_constraint.confdeltype): a nothing, r restrict, c cascade, n set null, d set default.
   */
  onDelete: string;
}

export interface Catalog {
  relations: Map<string, CatalogTable>;
  /** Foreign keys that leave the schema: `table.constraint → other.table`. */
  foreignKeys: ForeignKey[];
  foreignKeysOut: { table: string; constraint: string; target: string }[];
  /** Policies that the kernel did not create; each would make more rows visible. */
  policies: { table: string; name: string }[];
  /** Privileges on a relation or one of its columns; `public` means everyone. */
  grants: { relation: string; kind: string; grantee: string; privilege: string }[];
  /** Functions in the schema, and those that the plugin's roles own elsewhere. */
  functions: CatalogFunction[];
  /** Objects that could run with another role's rights, or that no policy protects, such as `operator +`. */
  oddities: string[];
}

export interface CatalogFunction {
  /** Qualified if it is in another schema. */
  name: string;
  /** `security definer`: it runs with its owner's rights. */
  definer: boolean;
  /** Settings during its execution: `search_path=…`. */
  settings: string[];
  /** The statement that creates it; null for aggregates, for which PostgreSQL returns none. */
  definition: string | null;
}

/** SQL: the two roles of the plugin that has the schema `$1`: the schema's owner, and the role that runs everything else. */
const rolesOfSchema = `select r.oid from pg_namespace s join pg_roles o on o.oid = s.nspowner
  join pg_roles r on r.rolname in (o.rolname, regexp_replace(o.rolname::text, '__owner$', ''))
  where s.nspname = $1 and o.rolname like '%\\_\\_owner'`;

/** Reads the contents of a plugin's schema from PostgreSQL. The queries are prepared because a first start runs them for every plugin. */
export async function readCatalog(client: Pick<pg.ClientBase, 'query'>, schema: string): Promise<Catalog> {
  const relations = new Map<string, CatalogTable>();
  const columns = await client.query<{ relation: string; kind: string; name: string | null } & CatalogColumn>({
    name: 'catalog_columns',
    text: `select c.relname as relation, c.relkind::text as kind, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
       not a.attnotnull as nullable, a.attgenerated <> '' or a.attidentity <> '' as generated,
       exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)) as checked,
       exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as primary
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
     order by c.relname, a.attnum`,
    values: [schema],
  });
  for (const row of columns.rows) {
    let relation = relations.get(row.relation);
    if (relation === undefined) {
      relation = { name: row.relation, kind: row.kind, columns: new Map() };
      relations.set(row.relation, relation);
    }
    const { name, type, nullable, generated, checked, primary } = row;
    if (name !== null) relation.columns.set(name, { type, nullable, generated, checked, primary });
  }
  const within = await client.query<ForeignKey>({
    name: 'catalog_foreign_keys_within',
    text: `select c.relname as table, f.relname as target, k.confdeltype::text as "onDelete",
       array(select a.attname::text from unnest(k.conkey) with ordinality u(n, o)
             join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.o) as columns,
       array(select a.attname::text from unnest(k.confkey) with ordinality u(n, o)
             join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.o) as "targetColumns"
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class f on f.oid = k.confrelid
     where k.contype = 'f' and n.nspname = $1 and f.relnamespace = c.relnamespace and k.conparentid = 0`,
    values: [schema],
  });
  const keys = await client.query<{ table: string; constraint: string; target: string }>({
    name: 'catalog_foreign_keys',
    text: `select c.relname as table, k.conname as constraint, fn.nspname || '.' || f.relname as target
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
     where k.contype = 'f' and n.nspname = $1 and fn.nspname <> $1`,
    values: [schema],
  });
  const policies = await client.query<{ table: string; name: string }>({
    name: 'catalog_policies',
    text: `select c.relname as table, p.polname as name
     from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and p.polname <> all ($2)`,
    values: [schema, policyNames],
  });
  const grants = await client.query<Catalog['grants'][number]>({
    name: 'catalog_grants',
    text: `select distinct c.relname as relation, c.relkind::text as kind, coalesce(r.rolname::text, 'public') as grantee,
       acl.privilege_type as privilege
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     cross join lateral (
       select a.* from aclexplode(c.relacl) a
       union all select a.* from pg_attribute t, aclexplode(t.attacl) a where t.attrelid = c.oid) acl
     left join pg_roles r on r.oid = acl.grantee
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
    values: [schema],
  });
  const functions = await client.query<CatalogFunction>({
    name: 'catalog_functions',
    text: `select case when n.nspname = $1 then '' else n.nspname || '.' end || p.proname as name, p.prosecdef as definer,
       coalesce(p.proconfig, '{}') as settings, case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end as definition
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = $1 or p.proowner in (${rolesOfSchema})`,
    values: [schema],
  });
  const oddities = await client.query<{ name: string }>({
    name: 'catalog_oddities',
    text: `with own as (${rolesOfSchema}), schema as (select oid from pg_namespace where nspname = $1)
     select 'operator ' || oprname as name from pg_operator where oprnamespace in (table schema) or oprowner in (table own)
     union all select 'aggregate ' || proname from pg_proc where prokind = 'a' and (pronamespace in (table schema) or proowner in (table own))
     union all select 'cast to ' || format_type(casttarget, null) from pg_cast join pg_proc f on f.oid = castfunc
       where f.pronamespace in (table schema)
     union all select 'conversion ' || conname from pg_conversion where connamespace in (table schema) or conowner in (table own)
     union all select 'large object ' || oid from pg_largeobject_metadata where lomowner in (table own)
     union all select 'event trigger ' || evtname from pg_event_trigger where evtowner in (table own)
     union all select 'deferred trigger ' || tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
       where c.relnamespace in (table schema) and tgdeferrable and not tgisinternal
     union all select 'deferred constraint ' || conname from pg_constraint
       where connamespace in (table schema) and contype = 'x' and condeferrable
     union all select 'rule ' || rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
       where c.relnamespace in (table schema) and r.rulename <> '_RETURN'`,
    values: [schema],
  });
  return {
    relations,
    foreignKeys: within.rows,
    foreignKeysOut: keys.rows,
    policies: policies.rows,
    grants: grants.rows,
    functions: functions.rows,
    oddities: oddities.rows.map(({ name }) => name),
  };
}

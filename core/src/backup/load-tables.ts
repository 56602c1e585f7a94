import type pg from 'pg';
import { pluginOf, quote, type RoleNames, schemaOf } from '../database/names.js';

interface Held {
  schema: string;
  table: string;
  constraint: string;
  definition: string;
}

/** What was put aside while tables are filled. */
export interface Loading {
  schemas: readonly string[];
  /** Foreign keys, which are made anew and so checked over all rows. */
  keys: Held[];
}

interface FileRow {
  id: string;
  plugin: string;
  kind: string;
}

/** Tables with their own triggers; a partition has copies of its parent's, and triggers of its own. */
const withTriggers = `select n.nspname::text as schema, c.relname::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p') and exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)`;

const actAs = (schema: string, names: RoleNames): string =>
  schema === 'kernel' ? 'set local role none' : `set local role ${quote(names.owner(pluginOf(schema)))}`;

/**
 * Empties tables that were just created, of what migrations put there, and makes them ready to be filled in any order: triggers are off, so
 * that they do not act a second time, and foreign keys are removed until the end.
 */
export async function prepareLoading(client: pg.ClientBase, schemas: readonly string[], names: RoleNames): Promise<Loading> {
  const { rows: keys } = await client.query<Held>(
    `select n.nspname::text as schema, c.relname::text as table, k.conname::text as constraint, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and n.nspname = any($1) order by 1, 2, 3`,
    [schemas],
  );
  for (const { schema, table, constraint } of keys) {
    await client.query(
      `${actAs(schema, names)}; alter table ${quote(schema)}.${quote(table)} drop constraint ${quote(constraint)}`,
    );
  }
  await switchTriggers(client, schemas, names, 'disable');
  for (const schema of schemas) {
    const { rows } = await client.query<{ name: string }>(
      `select tablename::text as name from pg_tables where schemaname = $1 order by 1`,
      [schema],
    );
    if (rows.length === 0) continue;
    const tables = rows.map(({ name }) => `${quote(schema)}.${quote(name)}`).join(', ');
    await client.query(`${actAs(schema, names)}; truncate ${tables}`);
  }
  await client.query('set local role none');
  return { schemas, keys };
}

async function switchTriggers(
  client: pg.ClientBase,
  schemas: readonly string[],
  names: RoleNames,
  how: 'disable' | 'enable',
): Promise<void> {
  await client.query('set local role none');
  const { rows } = await client.query<{ schema: string; table: string }>(withTriggers, [schemas]);
  for (const { schema, table } of rows)
    await client.query(`${actAs(schema, names)}; alter table ${quote(schema)}.${quote(table)} ${how} trigger user`);
  await client.query('set local role none');
}

/**
 * Puts foreign keys and triggers back, and removes what only held where the content was read: tasks that a process had taken, the name of
 * the queue on Redis, and fingerprints, so that the next migration makes all policies and rights.
 *
 * @param without ids of plugins whose content was left out
 * @param before files of the portal that was replaced
 */
export async function finishLoading(
  client: pg.ClientBase,
  { schemas, keys }: Loading,
  names: RoleNames,
  { without, before }: { without: readonly string[]; before: readonly FileRow[] },
): Promise<void> {
  await putBack(client, { schemas, keys }, names);
  await client.query(`update kernel.plugins set fingerprint = ''`);
  await client.query(`delete from kernel.secrets where name = 'queue'`);
  await client.query(
    `update kernel.messages set task = null, taken_at = null, lease = null, leased_until = null where taken_at is not null and failed_at is null`,
  );
  for (const table of ['plugins', 'plugin_states'])
    await client.query(`delete from kernel.${table} where id = any($1)`, [without]);
  for (const table of ['migrations', 'messages', 'schedules', 'settings', 'tenants', 'file_kinds', 'file_usage', 'file_removals'])
    await client.query(`delete from kernel.${table} where plugin = any($1)`, [without]);
  await forgetFiles(client, schemas, before);
}

/** Puts foreign keys and triggers back. Keys are checked over all rows. */
export async function putBack(client: pg.ClientBase, { schemas, keys }: Loading, names: RoleNames): Promise<void> {
  for (const { schema, table, constraint, definition } of keys) {
    await client.query(
      `${actAs(schema, names)}; alter table ${quote(schema)}.${quote(table)} add constraint ${quote(constraint)} ${definition}`,
    );
  }
  await switchTriggers(client, schemas, names, 'enable');
}

/** The sweep removes the bytes of files that only the replaced portal had. */
async function forgetFiles(client: pg.ClientBase, schemas: readonly string[], before: readonly FileRow[]): Promise<void> {
  const kinds = new Map(before.map(({ plugin, kind }) => [`${plugin}/${kind}`, { plugin, kind }]));
  for (const { plugin, kind } of kinds.values()) {
    const files = before.filter((file) => file.plugin === plugin && file.kind === kind);
    const table = `${quote(schemaOf(plugin))}.${quote(kind)}`;
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    const kept =
      rows[0]?.there === true && schemas.includes(schemaOf(plugin))
        ? `where not exists (select from ${table} t where t.id = f)`
        : '';
    await client.query(`insert into kernel.file_kinds (plugin, kind) values ($1, $2) on conflict do nothing`, [plugin, kind]);
    await client.query(
      `insert into kernel.file_removals (id, plugin, kind) select f, $2, $3 from unnest($1::uuid[]) f ${kept} on conflict do nothing`,
      [files.map(({ id }) => id), plugin, kind],
    );
  }
}

/** Drops the schemas of the portal in this database. Returns its files, whose bytes stay until the sweep. */
export async function dropPortal(client: pg.ClientBase, names: RoleNames): Promise<FileRow[]> {
  const { rows: found } = await client.query<{ there: boolean }>(`select to_regclass('kernel.plugins') is not null as there`);
  if (found[0]?.there !== true) return [];
  const { rows: plugins } = await client.query<{ id: string }>('select id from kernel.plugins');
  const { rows: kinds } = await client.query<{ plugin: string; kind: string }>('select plugin, kind from kernel.file_kinds');
  const files: FileRow[] = [];
  for (const { plugin, kind } of kinds) {
    const table = `${quote(schemaOf(plugin))}.${quote(kind)}`;
    const { rows: there } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    if (there[0]?.there !== true) continue;
    await client.query(
      `${actAs(schemaOf(plugin), names)}; set local ilearn.all_tenants = 'on'; set local ilearn.viewer = 'privacy'`,
    );
    const { rows } = await client.query<{ id: string }>(`select id from ${table}`);
    files.push(...rows.map(({ id }) => ({ id, plugin, kind })));
    await client.query('set local role none');
  }
  const { rows: refusing } = await client.query<{ name: string }>(
    `select nspname::text as name from pg_namespace where nspname = any($1) and not pg_has_role(nspowner, 'MEMBER')`,
    [['kernel', ...plugins.map(({ id }) => schemaOf(id))]],
  );
  if (refusing.length > 0) throw new Error(`the schema ${refusing[0]?.name} belongs to another user`);
  for (const { id } of plugins) await client.query(`drop schema if exists ${quote(schemaOf(id))} cascade`);
  await client.query('drop schema kernel cascade');
  return files;
}

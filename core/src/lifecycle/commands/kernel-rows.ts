import type pg from 'pg';
import { quote, schemaOf } from '../../database/names.js';
import { tenantSettings } from '../../database/unit/sql-identity.js';
import { fileTenantColumn } from '../../foundation/file-tables.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { type DetachedManifest, readLines } from './detached-folder.js';

/** In an export, null stands for SQL's null and for JSON's; a column that takes none of the first held the second. */
export const jsonNull = (column: string): string => `coalesce(${column}, 'null')`;

/** What the kernel keeps for the plugin. What is there already stays. */
export async function loadKernelRows(
  client: pg.PoolClient,
  { id }: CheckedPlugin,
  manifest: DetachedManifest,
  folder: string,
): Promise<void> {
  const { settings, tenants, messages } = manifest;
  await client.query(
    `insert into kernel.settings (plugin, tenant, fields)
     select $1, tenant, fields from jsonb_to_recordset($2::jsonb) as r (tenant text, fields jsonb) on conflict do nothing`,
    [id, JSON.stringify(settings)],
  );
  await client.query(
    `insert into kernel.tenants (id, kind, plugin)
     select id, kind, $1 from jsonb_to_recordset($2::jsonb) as r (id text, kind text) on conflict do nothing`,
    [id, JSON.stringify(tenants)],
  );
  const columns =
    'id, kind, name, payload, tenants, caller, due_at, created_at, attempts, losses, failed_at, failure, unique_key';
  for await (const lines of readLines(folder, messages)) {
    await client.query(
      `insert into kernel.messages (plugin, ${columns})
       select $1, ${columns.replace('payload', jsonNull('payload'))} from json_populate_recordset(null::kernel.messages, $2::json)
       on conflict do nothing`,
      [id, `[${lines.join(',')}]`],
    );
  }
}

/** The storage that its files take, by tenant; and no removal that a purge asked for may hit a file that is back. */
export async function countFiles(client: pg.PoolClient, { id, definition }: CheckedPlugin, owner: string): Promise<void> {
  await client.query('delete from kernel.file_usage where plugin = $1', [id]);
  await client.query('delete from kernel.file_removals where plugin = $1', [id]);
  for (const [kind, declaration] of Object.entries(definition.files ?? {})) {
    const tenant = fileTenantColumn(declaration);
    await client.query([`set local role ${quote(owner)}`, ...tenantSettings('*')].join('; '));
    const { rows } = await client.query<{ tenant: string; bytes: string; files: string }>(
      `select coalesce(${tenant === null ? "''" : `${quote(tenant)}::text`}, '') as tenant,
         sum(bytes + coalesce(thumbnail, 0))::text as bytes, count(*)::text as files
       from ${quote(schemaOf(id))}.${quote(kind)} group by 1`,
    );
    await client.query('set local role none');
    for (const usage of rows)
      await client.query('insert into kernel.file_usage (plugin, kind, tenant, bytes, files) values ($1, $2, $3, $4, $5)', [
        id,
        kind,
        usage.tenant,
        usage.bytes,
        usage.files,
      ]);
  }
}

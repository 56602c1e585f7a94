import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { inTransaction } from '../../database/homes/transaction.js';
import { literal, quote, schemaOf } from '../../database/names.js';
import { tenantSettings } from '../../database/unit/sql-identity.js';
import { resolvePluginId } from '../operator-requests.js';
import { type CommandContext, type PluginCommand, refused, succeeded, unknownPlugin } from './command.js';
import { type DetachedManifest, type FileRow, fileIn, isAsWritten, type TableFile } from './detached-folder.js';
import { disable } from './enable-disable.js';

const BATCH = 1_000;

/**
 * Exports all rows of a plugin to a folder (JSON Lines and a manifest), verifies them by reading them back, and leaves the plugin disabled.
 */
export const detach: PluginCommand = async (context, input) => {
  const folder = input.options.to;
  if (folder === undefined) return refused('Give a target folder: ilearn plugin detach <id> --to <folder>.');
  const id = await resolvePluginId(context.home.pool, context.composition, input.id);
  if (id === null) return unknownPlugin(input.id, context.composition);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) return refused(`The folder ${folder} is not empty.`, '→ Give a new one.');
  // Disable it first, so that nothing changes during the export.
  const disabled = await disable(context, { ...input, command: 'disable', id });
  if (disabled.code !== 0) return disabled;
  const { tables, messages } = await exportTables(context, id, folder);
  const copied = await copyFiles(context, id, folder);
  const faulty = [...copied.faulty];
  for (const table of [...tables, messages]) if (!(await isAsWritten(folder, table))) faulty.push(table.file);
  if (faulty.length > 0)
    return refused(`These differ from the database when read back: ${faulty.join(', ')}.`, '→ Check the disk and detach again.');
  const rows = tables.map(({ name, rows: count }) => `  ${name}: ${count} rows`);
  return succeeded(
    `Exported and verified: ${folder}`,
    ...rows,
    ...(copied.count > 0 ? [`  files: ${copied.count}, as files/<kind>/<id>`] : []),
    ...(messages.rows > 0 ? [`  waiting events and jobs: ${messages.rows}`] : []),
    `${id} is disabled. → ilearn plugin purge ${id} removes its data; then ilearn plugin attach ${folder} brings them back.`,
  );
};

/** Copies a plugin's files, decrypted, next to the exported rows, and checks them against the rows. */
async function copyFiles(
  { home, names, storage }: CommandContext,
  id: string,
  folder: string,
): Promise<{ count: number; faulty: string[] }> {
  const { rows: kinds } = await home.pool.query<{ kind: string }>('select kind from kernel.file_kinds where plugin = $1', [id]);
  const faulty: string[] = [];
  let count = 0;
  for (const { kind } of kinds) {
    await mkdir(join(folder, 'files', kind), { recursive: true, mode: 0o700 });
    for await (const row of fileRows(home, names.owner(id), schemaOf(id), kind)) {
      const file = fileIn(kind, row.id);
      const hash = createHash('sha256');
      const bytes = storage.read({ plugin: id, kind, id: row.id, thumbnail: false }, Number(row.bytes), row.sealed);
      await pipeline(
        bytes,
        async function* (parts: AsyncIterable<Uint8Array>) {
          for await (const part of parts) {
            hash.update(part);
            yield part;
          }
        },
        createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true }),
      ).catch((error: Error) => hash.update(error.message));
      if (hash.digest('hex') !== row.sha256) faulty.push(file);
      if (row.thumbnail !== null) await copyThumbnail(storage, { plugin: id, kind, row }, join(folder, `${file}-thumbnail`));
      count++;
    }
  }
  return { count, faulty };
}

/** One that is missing is made anew when it is asked for. */
async function copyThumbnail(
  storage: CommandContext['storage'],
  { plugin, kind, row }: { plugin: string; kind: string; row: FileRow },
  to: string,
): Promise<void> {
  const bytes = storage.read({ plugin, kind, id: row.id, thumbnail: true }, row.thumbnail ?? 0, row.sealed);
  await pipeline(bytes, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true })).catch(() => rm(to, { force: true }));
}

async function* fileRows({ pool }: CommandContext['home'], owner: string, schema: string, kind: string): AsyncGenerator<FileRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await inTransaction(pool, async (client) => {
      await client.query([`set local role ${quote(owner)}`, ...tenantSettings('*')].join('; '));
      const text = `select id, bytes, sha256, sealed, thumbnail from ${quote(schema)}.${quote(kind)} where id > $1 order by id limit ${BATCH}`;
      return (await client.query<FileRow>(text, [after])).rows;
    });
    yield* rows;
    if (rows.length < BATCH) return;
    after = (rows.at(-1) as FileRow).id;
  }
}

async function exportTables({ home, names }: CommandContext, id: string, folder: string): Promise<DetachedManifest> {
  const read = async (client: pg.PoolClient): Promise<DetachedManifest> => {
    const { rows: stored } = await client.query<{ version: string }>('select version from kernel.plugins where id = $1', [id]);
    const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum, applied_at from kernel.migrations where plugin = $1 order by name',
      [id],
    );
    // Secrets are left out: they are encrypted for this portal and useless elsewhere.
    const { rows: settings } = await client.query<{ tenant: string; fields: Record<string, unknown> }>(
      `select tenant, (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(fields)
         where jsonb_typeof(value) <> 'object' or not value ? 'sealed') as fields
       from kernel.settings where plugin = $1 order by tenant`,
      [id],
    );
    const { rows: times } = await client.query<{ now: Date }>('select now()');
    const exportedAt = times[0]?.now.toISOString() ?? '';
    const { rows: found } = await client.query<{ name: string }>(
      `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
      [schemaOf(id)],
    );
    const { rows: sequences } = await client.query<DetachedManifest['sequences'][number]>(
      `select sequencename::text as sequence, last_value::text as last, start_value::text as start
       from pg_sequences where schemaname = $1 order by 1`,
      [schemaOf(id)],
    );
    const { rows: tenants } = await client.query<DetachedManifest['tenants'][number]>(
      'select id, kind from kernel.tenants where plugin = $1 order by id',
      [id],
    );
    const messages = await exportMessages(client, id, folder);
    if (stored.length > 0) await client.query([`set local role ${quote(names.owner(id))}`, ...tenantSettings('*')].join('; '));
    const tables: TableFile[] = [];
    for (const { name } of found) tables.push(await exportTable(client, schemaOf(id), name, folder));
    return {
      plugin: id,
      version: stored[0]?.version ?? null,
      exportedAt,
      migrations,
      settings,
      tenants,
      sequences,
      messages,
      tables,
    };
  };
  const manifest = await inTransaction(home.pool, read, 'begin isolation level repeatable read read only');
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

/** Events and jobs that wait for the plugin. They stay until it is purged, and come back when it is attached. */
async function exportMessages(client: pg.PoolClient, id: string, folder: string): Promise<TableFile> {
  const query = `select id, kind, name, payload, tenants, caller, due_at, created_at, attempts, losses, failed_at, failure, unique_key
    from kernel.messages where plugin = ${literal(id)} order by position`;
  return writeRows(client, query, { name: 'waiting-messages', file: 'waiting-messages.jsonl', columns: {} }, folder);
}

async function exportTable(client: pg.PoolClient, schema: string, name: string, folder: string): Promise<TableFile> {
  const file = `${name}.jsonl`;
  const table = `${quote(schema)}.${quote(name)}`;
  const columns = await client.query<{ name: string; type: string }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const types = Object.fromEntries(columns.rows.map((column) => [column.name, column.type]));
  return writeRows(client, `select * from ${table}`, { name, file, columns: types }, folder);
}

async function writeRows(
  client: pg.PoolClient,
  query: string,
  about: Pick<TableFile, 'name' | 'file' | 'columns'>,
  folder: string,
): Promise<TableFile> {
  const output = await open(join(folder, about.file), 'wx', 0o600);
  const hash = createHash('sha256');
  let count = 0;
  try {
    await client.query(`declare rows no scroll cursor for select row_to_json(t)::text as line from (${query}) t`);
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`fetch ${BATCH} from rows`);
      if (rows.length === 0) break;
      const text = rows.map(({ line }) => `${line}\n`).join('');
      hash.update(text);
      await output.write(text);
      count += rows.length;
    }
    await client.query('close rows');
    await output.sync();
  } finally {
    await output.close();
  }
  return { ...about, rows: count, sha256: hash.digest('hex') };
}

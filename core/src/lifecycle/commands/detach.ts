import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { inTransaction } from '../../database/homes/transaction.js';
import { quote, schemaOf } from '../../database/names.js';
import { tenantSettings } from '../../database/unit/sql-identity.js';
import { resolvePluginId } from '../operator-requests.js';
import { type CommandContext, type PluginCommand, refused, succeeded, unknownPlugin } from './command.js';
import { disable } from './enable-disable.js';

const BATCH = 1_000;
const NEW_LINE = 0x0a;

interface TableFile {
  name: string;
  file: string;
  rows: number;
  sha256: string;
  columns: Record<string, string>;
}

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
  const tables = await exportTables(context, id, folder);
  const copied = await copyFiles(context, id, folder);
  const faulty = [...copied.faulty];
  for (const table of tables) if (!(await isAsWritten(folder, table))) faulty.push(table.file);
  if (faulty.length > 0)
    return refused(`These differ from the database when read back: ${faulty.join(', ')}.`, '→ Check the disk and detach again.');
  const rows = tables.map(({ name, rows: count }) => `  ${name}: ${count} rows`);
  return succeeded(
    `Exported and verified: ${folder}`,
    ...rows,
    ...(copied.count > 0 ? [`  files: ${copied.count}, as files/<kind>/<id>`] : []),
    `${id} is disabled. → ilearn plugin purge ${id} removes its data.`,
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
      const file = join('files', kind, row.id);
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
      count++;
    }
  }
  return { count, faulty };
}

interface FileRow {
  id: string;
  bytes: string;
  sha256: string;
  sealed: boolean;
}

async function* fileRows({ pool }: CommandContext['home'], owner: string, schema: string, kind: string): AsyncGenerator<FileRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await inTransaction(pool, async (client) => {
      await client.query([`set local role ${quote(owner)}`, ...tenantSettings('*')].join('; '));
      const text = `select id, bytes, sha256, sealed from ${quote(schema)}.${quote(kind)} where id > $1 order by id limit ${BATCH}`;
      return (await client.query<FileRow>(text, [after])).rows;
    });
    yield* rows;
    if (rows.length < BATCH) return;
    after = (rows.at(-1) as FileRow).id;
  }
}

async function exportTables({ home, names }: CommandContext, id: string, folder: string): Promise<TableFile[]> {
  const read = async (client: pg.PoolClient) => {
    const { rows: stored } = await client.query<{ version: string }>('select version from kernel.plugins where id = $1', [id]);
    const { rows: migrations } = await client.query<{ name: string }>(
      'select name, checksum, applied_at from kernel.migrations where plugin = $1 order by name',
      [id],
    );
    // Secrets are left out: they are encrypted for this portal and useless elsewhere.
    const { rows: settings } = await client.query<{ tenant: string; fields: object }>(
      `select tenant, (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(fields)
         where jsonb_typeof(value) <> 'object' or not value ? 'sealed') as fields
       from kernel.settings where plugin = $1 order by tenant`,
      [id],
    );
    const { rows: times } = await client.query<{ now: Date }>('select now()');
    const exportedAt = times[0]?.now.toISOString();
    const { rows: found } = await client.query<{ name: string }>(
      `select tablename::text as name from pg_tables where schemaname = $1 order by 1`,
      [schemaOf(id)],
    );
    if (stored.length > 0) await client.query([`set local role ${quote(names.owner(id))}`, ...tenantSettings('*')].join('; '));
    const tables: TableFile[] = [];
    for (const { name } of found) tables.push(await exportTable(client, schemaOf(id), name, folder));
    return { plugin: id, version: stored[0]?.version ?? null, exportedAt, migrations, settings, tables };
  };
  const manifest = await inTransaction(home.pool, read, 'begin isolation level repeatable read read only');
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest.tables;
}

async function exportTable(client: pg.PoolClient, schema: string, name: string, folder: string): Promise<TableFile> {
  const file = `${name}.jsonl`;
  const table = `${quote(schema)}.${quote(name)}`;
  const columns = await client.query<{ name: string; type: string }>(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const output = await open(join(folder, file), 'wx', 0o600);
  const hash = createHash('sha256');
  let count = 0;
  try {
    await client.query(`declare rows no scroll cursor for select row_to_json(t)::text as line from ${table} t`);
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
  const types = Object.fromEntries(columns.rows.map((column) => [column.name, column.type]));
  return { name, file, rows: count, sha256: hash.digest('hex'), columns: types };
}

async function isAsWritten(folder: string, { file, rows, sha256 }: TableFile): Promise<boolean> {
  const hash = createHash('sha256');
  let lines = 0;
  for await (const bytes of createReadStream(join(folder, file)) as AsyncIterable<Buffer>) {
    hash.update(bytes);
    for (const byte of bytes) if (byte === NEW_LINE) lines += 1;
  }
  return lines === rows && hash.digest('hex') === sha256;
}

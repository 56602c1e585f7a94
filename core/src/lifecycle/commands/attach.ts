import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { entryStatement } from '../../audit/entry.js';
import { RowDigest, storedColumns } from '../../backup/content.js';
import { prepareLoading, putBack } from '../../backup/load-tables.js';
import { TableLoader } from '../../backup/table-loader.js';
import { inTransaction } from '../../database/homes/transaction.js';
import { checksumOf } from '../../database/migrations/fingerprint.js';
import { kernelMigrations } from '../../database/migrations/kernel/index.js';
import { recreateTables } from '../../database/migrations/recreate.js';
import { quote, schemaOf } from '../../database/names.js';
import { tenantSettings } from '../../database/unit/sql-identity.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { checkPlugins } from '../../plugins/check.js';
import { resolvePluginId } from '../operator-requests.js';
import { type CommandContext, type CommandResult, type PluginCommand, refused } from './command.js';
import {
  type DetachedManifest,
  fileIn,
  isAsWritten,
  measureFile,
  readLines,
  readManifest,
  type TableFile,
} from './detached-folder.js';
import { enable } from './enable-disable.js';
import { countFiles, jsonNull, loadKernelRows } from './kernel-rows.js';

interface Attached {
  plugin: CheckedPlugin;
  folder: string;
  manifest: DetachedManifest;
}

interface StoredFile {
  kind: string;
  id: string;
  bytes: number;
  sha256: string;
  sealed: boolean;
  thumbnail: number | null;
}

/**
 * Brings back what `detach` exported, after a purge or in another portal: tables as the exported version had them, rows, sequences, settings
 * and waiting work in one transaction, read back and compared; then the files; then the plugin is enabled, and so migrated and given its
 * policies and rights. Until then it is disabled, and nothing of it is served.
 */
export const attach: PluginCommand = async (context, input) => {
  const folder = input.id;
  const manifest = await readManifest(folder);
  if (typeof manifest === 'string') return refused(manifest, '→ Name the folder of an export by this version.');
  const found = await prepare(context, manifest);
  if ('code' in found) return found;
  const attached: Attached = { plugin: found, folder, manifest };
  const damaged: string[] = [];
  for (const table of [...manifest.tables, manifest.messages]) if (!(await isAsWritten(folder, table))) damaged.push(table.file);
  if (damaged.length > 0) return refused(`Damaged or incomplete: ${damaged.join(', ')}. Nothing was changed.`);
  const files = await listFiles(attached);
  if ('code' in files) return files;
  const since = await inTransaction(context.home.pool, (client) => load(client, context, attached), BEGIN);
  try {
    for (const file of files) await storeFile(context, attached, file);
  } catch (error) {
    return refused(
      `The rows of ${manifest.plugin} are back, but not all files: ${(error as Error).message}. It is disabled.`,
      `→ Check the file store, then: ilearn plugin purge ${manifest.plugin} --yes, and attach again.`,
    );
  }
  const outcome = await enable(context, { ...input, command: 'enable', id: manifest.plugin });
  return { code: outcome.code, lines: [...report(attached, files.length, since), ...outcome.lines] };
};

const BEGIN = 'begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0';

/** The installed plugin, if it can take the export. */
async function prepare(context: CommandContext, manifest: DetachedManifest): Promise<CheckedPlugin | CommandResult> {
  const { home, composition } = context;
  const { plugin: id, version } = manifest;
  const entry = composition.find(id);
  if (entry === undefined)
    return refused(
      `There is no plugin ${id} in this portal.`,
      `→ Install it (version ${version} or newer), and name it in ilearn.config.ts.`,
    );
  await resolvePluginId(home.pool, composition, id);
  const plugin = await definitionOf(context, entry.origin, id);
  if (plugin === null) return refused(`${id} cannot be loaded.`, '→ ilearn plugin list says why.');
  const { rows: states } = await home.pool.query<{ enabled: boolean; there: boolean }>(
    `select enabled, exists (select from pg_namespace where nspname = $2) as there from kernel.plugin_states where id = $1`,
    [id, schemaOf(id)],
  );
  if (states[0]?.there === true) {
    const disabled = states[0].enabled ? `ilearn plugin disable ${id}, then ` : '';
    return refused(
      `${id} has tables in this database, which are not overwritten.`,
      `→ To replace them: ${disabled}ilearn plugin purge ${id} --yes, then attach again.`,
    );
  }
  const installed = new Map((plugin.definition.migrations ?? []).map((migration) => [migration.name, checksumOf(migration)]));
  const missing = manifest.migrations.filter(({ name }) => !installed.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    return refused(
      `The installed ${id} is older than the export: it lacks ${missing.join(', ')}.`,
      `→ Install version ${version} or newer.`,
    );
  const changed = manifest.migrations.filter(({ name, checksum }) => installed.get(name) !== checksum).map(({ name }) => name);
  if (changed.length > 0)
    return refused(
      `Migrations of the installed ${id} differ from those of the export: ${changed.join(', ')}.`,
      '→ Install a release in which they are unchanged.',
    );
  return plugin;
}

/** A plugin that was disabled at the start of this process is not loaded yet. */
async function definitionOf({ composition, reload }: CommandContext, origin: string, id: string): Promise<CheckedPlugin | null> {
  const entry = composition.find(id);
  if (entry?.checked != null) return entry.checked;
  const found = entry?.loaded != null ? { plugin: entry.loaded } : await reload?.(origin);
  if (found === undefined || 'fault' in found) return null;
  const others = composition.entries.flatMap(({ loaded }) => (loaded === null ? [] : [loaded]));
  return (
    checkPlugins([...others.filter((each) => each.origin !== origin), found.plugin]).plugins.find((each) => each.id === id) ??
    null
  );
}

/** The files that the exported rows name, compared with those in the folder. */
async function listFiles({ plugin, folder, manifest }: Attached): Promise<StoredFile[] | CommandResult> {
  const files: StoredFile[] = [];
  const faulty: string[] = [];
  for (const kind of Object.keys(plugin.definition.files ?? {})) {
    const table = manifest.tables.find(({ name }) => name === kind);
    if (table === undefined) continue;
    for await (const lines of readLines(folder, table)) {
      for (const line of lines) {
        const file: StoredFile = { kind, ...(JSON.parse(line) as Omit<StoredFile, 'kind'>) };
        const path = fileIn(kind, file.id);
        const found = /^[0-9a-f-]{36}$/.test(file.id) ? await measureFile(join(folder, path)) : null;
        if (found?.sha256 !== file.sha256 || found.bytes !== file.bytes) faulty.push(path);
        files.push(file);
      }
    }
  }
  if (faulty.length === 0) return files;
  const named = faulty.slice(0, 10).join(', ');
  return refused(
    `${faulty.length} files are missing or damaged: ${named}${faulty.length > 10 ? ' …' : ''}. Nothing was changed.`,
  );
}

/** Returns the number of people who were erased since the export. */
async function load(
  client: pg.PoolClient,
  { names, composition }: CommandContext,
  { plugin, folder, manifest }: Attached,
): Promise<number> {
  const { id } = plugin;
  const schema = schemaOf(id);
  const applied = new Map([
    ['kernel', new Set(kernelMigrations.map(({ name }) => name))],
    [id, new Set(manifest.migrations.map(({ name }) => name))],
  ]);
  const known = composition.entries.flatMap(({ checked }) => (checked === null || checked.id === id ? [] : [checked]));
  await recreateTables(client, [...known, plugin], names, applied, [plugin]);
  const loading = await prepareLoading(client, [schema], names);
  await client.query([`set local role ${quote(names.owner(id))}`, ...tenantSettings('*')].join('; '));
  for (const table of manifest.tables) await loadTable(client, schema, table, folder);
  await client.query('set local role none');
  const sequences = manifest.sequences.map((sequence) => ({ schema, ...sequence }));
  await new TableLoader(client, names).setSequences(sequences);
  await putBack(client, loading, names);
  await loadKernelRows(client, plugin, manifest, folder);
  await countFiles(client, plugin, names.owner(id));
  await client.query('update kernel.plugin_states set enabled = false where id = $1', [id]);
  const details = { exportedAt: manifest.exportedAt, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0) };
  const entry = entryStatement(
    {
      actorKind: 'system',
      actor: null,
      plugin: id,
      route: 'ilearn plugin attach',
      params: {},
      status: 200,
      tenants: '*',
      requestId: randomUUID(),
    },
    details,
  );
  await client.query(entry.text, [...(entry.values ?? [])]);
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from kernel.erasures where requested_at > $1::timestamptz',
    [manifest.exportedAt],
  );
  return rows[0]?.count ?? 0;
}

/** Fills a table and compares what it then holds with the file. */
async function loadTable(
  client: pg.PoolClient,
  schema: string,
  { name, file, rows, sha256, columns }: TableFile,
  folder: string,
): Promise<void> {
  const table = `${quote(schema)}.${quote(name)}`;
  const stored = (await storedColumns(client, schema, name))
    .map((column) => column.name)
    .filter((column) => Object.hasOwn(columns, column));
  const list = stored.map(quote).join(', ');
  const { rows: held } = await client.query<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = $1::regclass and attnotnull and atttypid in ('json'::regtype, 'jsonb'::regtype)`,
    [table],
  );
  const values = stored
    .map((column) => (held.some((each) => each.name === column) ? jsonNull(quote(column)) : quote(column)))
    .join(', ');
  const wanted = new RowDigest();
  for await (const lines of readLines(folder, { name, file, rows, sha256, columns })) {
    for (const line of lines) wanted.add(line);
    if (stored.length === 0) continue;
    await client.query(
      `insert into ${table} (${list}) overriding system value select ${values} from json_populate_recordset(null::${table}, $1::json)`,
      [`[${lines.join(',')}]`],
    );
  }
  const found = new RowDigest();
  const all = Object.keys(columns).map(quote).join(', ');
  await client.query(
    `declare attached no scroll cursor for select row_to_json(t)::text as line from (select ${all} from ${table}) t`,
  );
  for (;;) {
    const { rows: some } = await client.query<{ line: string }>('fetch 1000 from attached');
    for (const { line } of some) found.add(line);
    if (some.length < 1_000) break;
  }
  await client.query('close attached');
  if (found.rows !== wanted.rows || found.text() !== wanted.text())
    throw new Error(
      `${name} differs when read back: ${found.rows} rows instead of ${wanted.rows}, or other values. Nothing was changed.`,
    );
}

/** Sealed again if its row says so, under the master key of this portal. */
async function storeFile({ storage }: CommandContext, { plugin, folder }: Attached, file: StoredFile): Promise<void> {
  const { kind, id, sealed } = file;
  const parts = [
    { path: fileIn(kind, id), thumbnail: false },
    { path: `${fileIn(kind, id)}-thumbnail`, thumbnail: true },
  ];
  for (const { path, thumbnail } of parts) {
    if (thumbnail && (file.thumbnail === null || (await measureFile(join(folder, path))) === null)) continue;
    if (!thumbnail && file.bytes === 0) continue;
    const of = { plugin: plugin.id, kind, id, thumbnail };
    await storage.put(of, await storage.spool(createReadStream(join(folder, path)) as AsyncIterable<Buffer>, of, sealed));
  }
}

function report({ plugin, manifest }: Attached, files: number, erased: number): string[] {
  const { tables, messages, exportedAt } = manifest;
  return [
    `Attached, read back and compared: ${plugin.id}, as exported at ${exportedAt}`,
    ...tables.map(({ name, rows }) => `  ${name}: ${rows} rows`),
    ...(files > 0 ? [`  files: ${files}`] : []),
    ...(messages.rows > 0 ? [`  waiting events and jobs: ${messages.rows}`] : []),
    ...(erased > 0
      ? [
          `${erased} people were erased since then, and are back in these rows.`,
          '→ Erase them again: ilearn privacy erase <person id> --yes, for each request since then.',
        ]
      : []),
    ...(plugin.definition.settings === undefined ? [] : ['Secrets among its settings are not in an export: enter them again.']),
  ];
}

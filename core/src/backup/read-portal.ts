import { createHash } from 'node:crypto';
import type pg from 'pg';
import { CommandError } from '../contract/work.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { KERNEL_PATH } from '../database/homes/session-settings.js';
import { quote, schemaOf } from '../database/names.js';
import type { FileStorage } from '../files/storage.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import {
  type FileHead,
  FORMAT,
  type PortalContent,
  type PortalDescription,
  type PortalRecord,
  RowDigest,
  readRows,
  storedColumns,
  type Totals,
} from './content.js';

/** Tables about running processes, which mean nothing elsewhere. Unlogged tables are left out too. */
const passing = ['processes', 'running_messages', 'file_uploads'];

/** The user that reads every row, whichever schools they belong to: the SQL that an administrator runs once. */
export const backupRoleSql = (database: string): string =>
  [
    `create role ilearn_backup login bypassrls connection limit 4 password '…';`,
    'grant pg_read_all_data to ilearn_backup;',
    `grant connect on database ${quote(database)} to ilearn_backup;`,
    'alter role ilearn_backup set default_transaction_read_only = on;',
  ].join('\n');

/**
 * Reads everything that a portal keeps, as of one moment. Row-level security is switched off for the transaction, so that PostgreSQL refuses
 * a table instead of leaving rows out.
 *
 * @param home connected as a user who may read everything
 * @param storage the file store; null leaves files out
 * @throws CommandError if the user is subject to row-level security, or there is no portal
 */
export async function* readPortal(home: DatabaseHome, storage: FileStorage | null): AsyncGenerator<PortalRecord> {
  const totals: Totals = { tables: 0, rows: 0, files: 0, fileBytes: 0 };
  const client = await home.pool.connect();
  let held = true;
  const release = async () => {
    if (!held) return;
    held = false;
    await client.query('rollback').catch(() => {});
    client.release();
  };
  try {
    await mayReadAll(client);
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set local row_security = off; set local search_path = ${KERNEL_PATH}`);
    const about = await describe(client, home.kind);
    yield { kind: 'portal', about };
    const schemas = ['kernel', ...about.plugins.map(({ id }) => schemaOf(id))];
    for (const { schema, table } of await tablesOf(client, schemas)) {
      const columns = await storedColumns(client, schema, table);
      yield { kind: 'table', schema, table, columns };
      const digest = new RowDigest();
      for await (const rows of readRows(client, schema, table, columns)) {
        for (const row of rows) digest.add(row);
        yield { kind: 'rows', rows };
      }
      yield { kind: 'table-end', rows: digest.rows, digest: digest.text() };
      totals.tables++;
      totals.rows += digest.rows;
    }
    const { rows: values } = await client.query<{ schema: string; sequence: string; last: string | null; start: string }>(
      `select schemaname::text as schema, sequencename::text as sequence, last_value::text as last, start_value::text as start
       from pg_sequences where schemaname = any($1) order by 1, 2`,
      [schemas],
    );
    yield { kind: 'sequences', values };
    if (storage !== null) {
      for await (const file of await filesFor(home, client, schemas, release)) {
        yield { kind: 'file', file };
        const fault = yield* contentOf(storage, file);
        yield { kind: 'file-end', fault };
        totals.files += fault === null ? 1 : 0;
        totals.fileBytes += fault === null ? file.bytes : 0;
      }
    }
    yield { kind: 'end', totals };
  } finally {
    await release();
  }
}

async function mayReadAll(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; database: string; all: boolean; portal: boolean }>(
    `select current_user::text as name, current_database()::text as database, rolbypassrls or rolsuper as all,
       to_regclass('kernel.plugins') is not null as portal from pg_roles where rolname = current_user`,
  );
  const [user] = rows;
  if (user?.portal !== true) throw new CommandError('There is no portal in this database: nothing to read.');
  if (user.all) return;
  throw new CommandError(
    `The database user "${user.name}" is subject to row-level security: it would read a portal without its rows.\n` +
      '→ Let an administrator of the database create a user for backups, and set BACKUP_DATABASE_URL (or BACKUP_DATABASE_URL_FILE) to it:\n\n' +
      backupRoleSql(user.database).replace(/^/gm, '  '),
  );
}

async function describe(client: pg.ClientBase, engine: DatabaseHome['kind']): Promise<PortalDescription> {
  const { rows: times } = await client.query<{ now: Date }>('select now()');
  const { rows: plugins } = await client.query<{ id: string; version: string; package: string | null }>(
    `select p.id, p.version, s.origin as package from kernel.plugins p left join kernel.plugin_states s on s.id = p.id
     where to_regnamespace(quote_ident(replace(p.id, '-', '_'))) is not null order by p.id`,
  );
  const { rows: migrations } = await client.query<PortalDescription['migrations'][number]>(
    'select plugin, name, checksum from kernel.migrations order by plugin, name',
  );
  const { rows: partitions } = await client.query<PortalDescription['partitions'][number]>(
    `select n.nspname::text as schema, p.relname::text as table, c.relname::text as partition, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
       join pg_namespace n on n.oid = c.relnamespace
     where c.relispartition and c.relkind = 'r' and n.nspname = any($1) order by 1, 2, 3`,
    [['kernel', ...plugins.map(({ id }) => schemaOf(id))]],
  );
  const takenAt = (times[0]?.now as Date).toISOString();
  return { format: FORMAT, software: KERNEL_VERSION, takenAt, engine, plugins, migrations, partitions };
}

/** The kernel's tables come first: among them are those that decide whether the rest can be used. */
async function tablesOf(client: pg.ClientBase, schemas: readonly string[]): Promise<{ schema: string; table: string }[]> {
  const { rows } = await client.query<{ schema: string; table: string }>(
    `select n.nspname::text as schema, c.relname::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
       and not (n.nspname = 'kernel' and c.relname = any($2))
     order by array_position($1::text[], n.nspname::text), c.relname`,
    [schemas, passing],
  );
  return rows;
}

/** On the embedded database its only connection is given back first: others wait for it, and reading an encrypted file may need it. */
async function filesFor(
  { kind }: DatabaseHome,
  client: pg.ClientBase,
  schemas: readonly string[],
  release: () => Promise<void>,
): Promise<AsyncIterable<FileHead> | FileHead[]> {
  if (kind === 'postgresql') return filesOf(client, schemas);
  const files: FileHead[] = [];
  for await (const file of filesOf(client, schemas)) files.push(file);
  await release();
  return files;
}

interface FileRow {
  id: string;
  bytes: string;
  sha256: string;
  thumbnail: number | null;
  sealed: boolean;
}

async function* filesOf(client: pg.ClientBase, schemas: readonly string[]): AsyncGenerator<FileHead> {
  const { rows: kinds } = await client.query<{ plugin: string; kind: string }>(
    'select plugin, kind from kernel.file_kinds order by 1, 2',
  );
  for (const { plugin, kind } of kinds) {
    const table = `${quote(schemaOf(plugin))}.${quote(kind)}`;
    const { rows: found } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    if (found[0]?.there !== true || !schemas.includes(schemaOf(plugin))) continue;
    await client.query(`declare kept no scroll cursor for select id, bytes, sha256, thumbnail, sealed from ${table} order by id`);
    for (;;) {
      const { rows } = await client.query<FileRow>('fetch 500 from kept');
      if (rows.length === 0) break;
      for (const { id, bytes, sha256, thumbnail, sealed } of rows) {
        const common = { plugin, kind, id, sealed };
        yield { ...common, thumbnail: false, bytes: Number(bytes), sha256 };
        if (thumbnail !== null) yield { ...common, thumbnail: true, bytes: thumbnail, sha256: null };
      }
    }
    await client.query('close kept');
  }
}

/** Returns what is wrong with the stored bytes; null if they are those that the row names. */
async function* contentOf(storage: FileStorage, file: FileHead): AsyncGenerator<PortalRecord, string | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of storage.read(file, file.bytes, file.sealed)) {
      hash.update(part);
      bytes += part.byteLength;
      yield { kind: 'bytes', bytes: part };
    }
  } catch (error) {
    return (error as Error).message;
  }
  if (bytes !== file.bytes) return `it has ${bytes} bytes instead of ${file.bytes}`;
  return file.sha256 === null || file.sha256 === hash.digest('hex') ? null : 'its content is not the one that was stored';
}

/** Files of the content that are damaged or missing, noted while it passes. Files that were deleted in the meantime are not among them. */
export class FaultyFiles {
  readonly #found: { file: FileHead; fault: string }[] = [];

  async *watch(content: PortalContent): AsyncGenerator<PortalRecord> {
    let file: FileHead | null = null;
    for await (const record of content) {
      if (record.kind === 'file') file = record.file;
      if (record.kind === 'file-end' && record.fault !== null && file !== null) this.#found.push({ file, fault: record.fault });
      yield record;
    }
  }

  /** @param home where the rows of deleted files are gone by now */
  async remaining(home: DatabaseHome): Promise<string[]> {
    const lines: string[] = [];
    for (const { file, fault } of this.#found) {
      const { plugin, kind, id, thumbnail } = file;
      const { rows } = await home.pool.query(`select from ${quote(schemaOf(plugin))}.${quote(kind)} where id = $1`, [id]);
      if (rows.length > 0) lines.push(`${plugin}/${kind}/${id}${thumbnail ? ' (thumbnail)' : ''}: ${fault}`);
    }
    return lines;
  }
}

import { createHash } from 'node:crypto';
import type pg from 'pg';
import { quote } from '../database/names.js';

/** The number of the format. Increment it when the records below change in a way that older software cannot read. */
export const FORMAT = 1;

export interface Column {
  name: string;
  type: string;
}

/** What stands ahead of a portal's content. */
export interface PortalDescription {
  format: number;
  /** Version of @ilearn/core that read the portal. */
  software: string;
  /** When it was read, by the database's clock; all rows are of this moment. ISO 8601. */
  takenAt: string;
  engine: 'postgresql' | 'pglite';
  plugins: { id: string; version: string; package: string | null }[];
  migrations: { plugin: string; name: string; checksum: string }[];
  /** Partitions that were made after the migrations, such as the months of the audit log. */
  partitions: { schema: string; table: string; partition: string; bound: string }[];
}

/** A stored file, or its thumbnail. Its content follows in records of bytes. */
export interface FileHead {
  plugin: string;
  kind: string;
  id: string;
  thumbnail: boolean;
  /** Size and SHA-256 of the content in clear; a thumbnail has no hash. */
  bytes: number;
  sha256: string | null;
  /** Whether the store keeps it encrypted. */
  sealed: boolean;
}

export interface Totals {
  tables: number;
  rows: number;
  files: number;
  fileBytes: number;
}

/** A portal's content, record by record. */
export type PortalRecord =
  | { kind: 'portal'; about: PortalDescription }
  | { kind: 'table'; schema: string; table: string; columns: Column[] }
  /** Each row is a JSON array with the text form of each column, or null. */
  | { kind: 'rows'; rows: string[] }
  | { kind: 'table-end'; rows: number; digest: string }
  | { kind: 'sequences'; values: { schema: string; sequence: string; last: string | null; start: string }[] }
  | { kind: 'file'; file: FileHead }
  | { kind: 'bytes'; bytes: Uint8Array }
  /** `fault` says why the content is not what the row names. */
  | { kind: 'file-end'; fault: string | null }
  | { kind: 'end'; totals: Totals };

export type PortalContent = AsyncIterable<PortalRecord>;

/** A hash over rows in any order: their SHA-256 hashes, added modulo 2^128. It finds mistakes; archives have a seal against forgery. */
export class RowDigest {
  rows = 0;
  #sum = 0n;

  add(row: string): void {
    const hash = createHash('sha256').update(row).digest();
    this.#sum = BigInt.asUintN(128, this.#sum + (hash.readBigUInt64BE(0) << 64n) + hash.readBigUInt64BE(8));
    this.rows++;
  }

  text(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}

/** Size of a batch of rows, in characters. */
const BATCH = 1_000_000;
const MOST_ROWS = 2_000;

/** Reads a table in batches of rows, through a cursor of the client's transaction. */
export async function* readRows(
  client: pg.ClientBase,
  schema: string,
  table: string,
  columns: readonly Column[],
): AsyncGenerator<string[]> {
  const values = columns.map(({ name }) => `${quote(name)}::text`).join(', ');
  await client.query(
    `declare content no scroll cursor for
       select array_to_json(array[${values}]::text[])::text as line from ${quote(schema)}.${quote(table)}`,
  );
  for (let count = 100; ; ) {
    const { rows } = await client.query<{ line: string }>(`fetch ${count} from content`);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    if (rows.length < count) break;
    const characters = rows.reduce((sum, { line }) => sum + line.length, 0);
    count = Math.max(1, Math.min(MOST_ROWS, Math.floor((BATCH * rows.length) / Math.max(1, characters))));
  }
  await client.query('close content');
}

/** Columns that are stored, in their order; generated ones are computed from others. */
export async function storedColumns(client: pg.ClientBase, schema: string, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
    [schema, table],
  );
  return rows;
}

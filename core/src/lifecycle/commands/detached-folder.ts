import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const NEW_LINE = 0x0a;

const name = z.string().regex(/^[a-z_][a-z0-9_-]{0,62}$/, 'is not the name of a table or file');
const tableFile = z.object({
  name,
  /** JSON Lines, one object a row. */
  file: z.string().regex(/^[a-z_][a-z0-9_-]{0,62}\.jsonl$/, 'is not a file of this folder'),
  rows: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Column → SQL type. */
  columns: z.record(z.string(), z.string()),
});
export type TableFile = z.output<typeof tableFile>;

/** `manifest.json` of a folder that `ilearn plugin detach` wrote. */
const manifest = z.object({
  plugin: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  version: z.string().nullable(),
  exportedAt: z.string(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  settings: z.array(z.object({ tenant: z.string(), fields: z.record(z.string(), z.unknown()) })),
  tenants: z.array(z.object({ id: z.string(), kind: z.string() })),
  sequences: z.array(z.object({ sequence: z.string(), last: z.string().nullable(), start: z.string() })),
  /** Events and jobs that wait for the plugin. */
  messages: tableFile,
  tables: z.array(tableFile),
});
export type DetachedManifest = z.output<typeof manifest>;

/** A row of a kind of file. */
export interface FileRow {
  id: string;
  bytes: string;
  sha256: string;
  sealed: boolean;
  /** Bytes of its thumbnail. */
  thumbnail: number | null;
}

/** Where a file lies in the folder; its thumbnail beside it, with `-thumbnail`. */
export const fileIn = (kind: string, id: string): string => join('files', kind, id);

/** @returns what is wrong with it, if it is no such folder */
export async function readManifest(folder: string): Promise<DetachedManifest | string> {
  let text: unknown;
  try {
    text = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  } catch (error) {
    return `${join(folder, 'manifest.json')} cannot be read: ${(error as Error).message}`;
  }
  const read = manifest.safeParse(text);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `${join(folder, 'manifest.json')} is not one that ilearn plugin detach wrote: ${issue?.path.map(String).join('.')} ${issue?.message}`;
}

/** Whether a file of rows is whole and unchanged. */
export async function isAsWritten(folder: string, { file, rows, sha256 }: TableFile): Promise<boolean> {
  const hash = createHash('sha256');
  let lines = 0;
  try {
    for await (const bytes of createReadStream(join(folder, file)) as AsyncIterable<Buffer>) {
      hash.update(bytes);
      for (const byte of bytes) if (byte === NEW_LINE) lines += 1;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return lines === rows && hash.digest('hex') === sha256;
}

/** SHA-256 and size of a file; null if there is none. */
export async function measureFile(path: string): Promise<{ bytes: number; sha256: string } | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(part);
      bytes += part.length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The rows of a file as JSON, in batches. */
export async function* readLines(folder: string, { file }: TableFile): AsyncGenerator<string[]> {
  const MOST_CHARACTERS = 1_000_000;
  const MOST_ROWS = 1_000;
  let batch: string[] = [];
  let characters = 0;
  for await (const line of linesOf(createReadStream(join(folder, file)) as AsyncIterable<Buffer>)) {
    batch.push(line);
    characters += line.length;
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/** `readline` would also end a line at U+2028. */
async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of source) {
    let from = 0;
    const whole = rest.length === 0 ? part : Buffer.concat([rest, part]);
    for (let at = whole.indexOf(NEW_LINE); at >= 0; at = whole.indexOf(NEW_LINE, from)) {
      yield whole.toString('utf8', from, at);
      from = at + 1;
    }
    rest = whole.subarray(from);
  }
}

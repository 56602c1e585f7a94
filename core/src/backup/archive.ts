import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CommandError } from '../contract/work.js';
import { plainSize, seal, unseal } from '../files/seal.js';
import { derivedKey } from '../foundation/derived-key.js';
import { FORMAT, type PortalContent, type PortalRecord } from './content.js';

/** Begins every archive, whatever its format: the format's number follows. */
const MAGIC = 'ilearn-backup-';
const MAGIC_BYTES = 16;
const SALT_BYTES = 32;
const CHECK_BYTES = 16;
const HEAD_BYTES = MAGIC_BYTES + SALT_BYTES + CHECK_BYTES;
/** Longest record: the database's limit of a value is 1 GiB. */
const LONGEST = 2 ** 30;
/** One byte for the kind of record, four for its length. */
const FRAME_BYTES = 5;
const COMPRESSION = 4;

const kinds = { json: 0x4a, rows: 0x52, bytes: 0x42 } as const;

/** An archive that cannot be used; nothing was changed. */
export class ArchiveError extends CommandError {
  constructor(file: string, message: string, remedy: string) {
    super(`The archive ${file} cannot be used: ${message}.\n→ ${remedy} Nothing was changed.`);
    this.name = 'ArchiveError';
  }
}

const magicOf = (format: number): Buffer => Buffer.from(`${MAGIC}${format}`.padEnd(MAGIC_BYTES, '\n'));

/** Every archive has a key of its own, derived from the backup key and the archive's salt. */
const keysOf = (backupKey: Uint8Array, salt: Buffer) => ({
  content: derivedKey(backupKey, `backup/content/${salt.toString('hex')}`),
  check: Buffer.from(derivedKey(backupKey, `backup/check/${salt.toString('hex')}`)).subarray(0, CHECK_BYTES),
});

/**
 * Writes a portal's content to a new file that only this user can read. The content is compressed and encrypted (AES-256-GCM in chunks, see
 * `seal`). The file gets its name once it is complete and synced.
 *
 * @returns its size in bytes
 */
export async function writeArchive(file: string, content: PortalContent, backupKey: Uint8Array): Promise<number> {
  const unfinished = `${file}.unfinished`;
  const salt = randomBytes(SALT_BYTES);
  const keys = keysOf(backupKey, salt);
  const output = await open(unfinished, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'another backup writes it, or was killed. Delete it if none is running' : error.message;
    throw new CommandError(`${unfinished} cannot be written: ${why}.`);
  });
  let bytes = HEAD_BYTES;
  try {
    await output.writeFile(Buffer.concat([magicOf(FORMAT), salt, keys.check]));
    const zip = createGzip({ level: COMPRESSION });
    const feeding = pipeline(Readable.from(encode(content), { objectMode: true }), zip);
    // The error also ends the loop below.
    feeding.catch(() => {});
    for await (const part of seal(zip as AsyncIterable<Buffer>, keys.content)) {
      await output.writeFile(part);
      bytes += part.length;
    }
    await feeding;
    await output.sync();
    await output.close();
    await giveName(unfinished, file);
    return bytes;
  } finally {
    await output.close().catch(() => {});
    await rm(unfinished, { force: true });
  }
}

/** What file systems without hard links answer, such as shares by SMB. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Gives a complete file its name, and never replaces another. A hard link fails if there is one; where there are no hard links, the file is
 * renamed after a look, and other backups to that name are kept out by the unfinished file.
 *
 * @throws Error `EEXIST` if there is a file of that name
 */
export async function giveName(unfinished: string, file: string, hardLink: typeof link = link): Promise<void> {
  try {
    await hardLink(unfinished, file);
  } catch (error) {
    if (!noLinks.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const isThere = await lstat(file).then(
      () => true,
      () => false,
    );
    if (isThere) throw Object.assign(new Error(`${file} already exists`), { code: 'EEXIST' });
    await rename(unfinished, file);
  }
}

/**
 * Reads an archive. Every chunk is authenticated before anything of it is used; the last record is `end`.
 *
 * @throws ArchiveError if it is not an archive, is of another format, is incomplete or was changed, or the key is another
 */
export async function* readArchive(file: string, backupKey: Uint8Array): AsyncGenerator<PortalRecord> {
  const size = await stat(file).then(
    (found) => found.size,
    () => {
      throw new ArchiveError(file, 'there is no such file, or it may not be read', 'Check its name and its rights.');
    },
  );
  const head = await readHead(file);
  const format = /^ilearn-backup-(\d+)\n*$/.exec(head.subarray(0, MAGIC_BYTES).toString('latin1'))?.[1];
  if (head.length < HEAD_BYTES || format === undefined)
    throw new ArchiveError(file, 'it is not an archive of ilearn backup', 'Give the file that ilearn backup wrote.');
  if (Number(format) !== FORMAT)
    throw new ArchiveError(file, `it has format ${format}; this software reads ${FORMAT}`, 'Install a newer version of i-Learn.');
  const keys = keysOf(backupKey, head.subarray(MAGIC_BYTES, MAGIC_BYTES + SALT_BYTES));
  if (!timingSafeEqual(keys.check, head.subarray(MAGIC_BYTES + SALT_BYTES, HEAD_BYTES)))
    throw new ArchiveError(file, 'it was made with another backup key', 'Set BACKUP_KEY_FILE to the key of that time.');
  const damaged = () =>
    new ArchiveError(file, 'it is incomplete, or was changed after it was written', 'Use another copy, or an older archive.');
  const plain = plainSize(size - HEAD_BYTES);
  if (plain === null) throw damaged();
  const read = (from: number, to: number) =>
    createReadStream(file, { start: HEAD_BYTES + from, end: HEAD_BYTES + to - 1 }) as AsyncIterable<Buffer>;
  const zip = createGunzip();
  const feeding = pipeline(Readable.from(unseal(read, keys.content, plain, 0, plain)), zip);
  feeding.catch(() => {});
  let last = '';
  const records = decode(zip as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    for (;;) {
      // What the consumer throws does not pass through here, so that every error is one of reading.
      const next = await records.next().catch(() => {
        throw damaged();
      });
      if (next.done === true) break;
      last = next.value.kind;
      yield next.value;
    }
    if (last !== 'end') throw damaged();
  } finally {
    zip.destroy();
  }
}

async function readHead(file: string): Promise<Buffer> {
  const input = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await input.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await input.close();
  }
}

async function* encode(content: PortalContent): AsyncGenerator<Buffer> {
  for await (const record of content) {
    if (record.kind === 'rows') yield frame(kinds.rows, Buffer.from(record.rows.join('\n')));
    else if (record.kind === 'bytes') yield frame(kinds.bytes, record.bytes);
    else yield frame(kinds.json, Buffer.from(JSON.stringify(record)));
  }
}

function frame(kind: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(FRAME_BYTES);
  head[0] = kind;
  head.writeUInt32BE(content.byteLength, 1);
  return Buffer.concat([head, content]);
}

async function* decode(parts: AsyncIterable<Buffer>): AsyncGenerator<PortalRecord> {
  let held: Buffer[] = [];
  let bytes = 0;
  let wanted = FRAME_BYTES;
  for await (const part of parts) {
    held.push(part);
    bytes += part.length;
    while (bytes >= wanted) {
      const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
      wanted = FRAME_BYTES + all.readUInt32BE(1);
      if (wanted > LONGEST) throw new Error('too long a record');
      if (all.length >= wanted) {
        yield recordOf(all[0] as number, all.subarray(FRAME_BYTES, wanted));
        held = [all.subarray(wanted)];
        bytes = all.length - wanted;
        wanted = FRAME_BYTES;
      } else held = [all];
    }
  }
  if (bytes > 0) throw new Error('the last record is incomplete');
}

function recordOf(kind: number, content: Buffer): PortalRecord {
  if (kind === kinds.rows) return { kind: 'rows', rows: content.toString().split('\n') };
  if (kind === kinds.bytes) return { kind: 'bytes', bytes: content };
  if (kind === kinds.json) return JSON.parse(content.toString()) as PortalRecord;
  throw new Error('an unknown kind of record');
}

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSettings } from '../config/settings.js';
import { derivedKey } from '../foundation/derived-key.js';
import type { FileStore, LocalFile } from './file-store.js';
import { FolderStore } from './folder-store.js';
import type { ByteRange } from './ranges.js';
import { S3Store } from './s3-store.js';
import { seal, unseal } from './seal.js';

/** Identifies stored bytes: those of a file or of its thumbnail. */
export interface FileBytes {
  plugin: string;
  kind: string;
  id: string;
  thumbnail: boolean;
}

/** A file on the local disk in the form in which it will be stored: sealed if its kind requires it. */
export interface Spooled extends LocalFile {
  /** Size and hash of the plain bytes. */
  plain: { bytes: number; sha256: string };
  sealed: boolean;
}

/** Age after which files in the upload folder count as left behind by a killed process. */
const STALE_MS = 24 * 3_600_000;

const keyOf = ({ plugin, kind, id, thumbnail }: FileBytes): string => `${plugin}/${kind}/${id}${thumbnail ? '-thumbnail' : ''}`;

/** Files in the configured store, and on the local disk while they are received. */
export class FileStorage {
  readonly #store: FileStore;
  readonly #spool: string;

  constructor(
    settings: FileSettings,
    /** The portal's master key. */
    private readonly master: () => Promise<Uint8Array>,
  ) {
    this.#spool = join(settings.folder, '.uploads');
    this.#store = settings.s3 === undefined ? new FolderStore(settings.folder) : new S3Store(settings.s3);
  }

  /** Writes and syncs bytes to the local disk. A failed write leaves no file. */
  async spool(source: AsyncIterable<Uint8Array>, of: FileBytes, sealed: boolean): Promise<Spooled> {
    await mkdir(this.#spool, { recursive: true, mode: 0o700 });
    const path = join(this.#spool, randomUUID());
    const plain = new Meter();
    const stored = new Meter();
    const metered = plain.of(source);
    const written = sealed ? seal(metered, await this.#key(of)) : metered;
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        // Each call continues where the previous one ended.
        for await (const part of stored.of(written)) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, ...stored.found(), plain: plain.found(), sealed };
  }

  /** The plain bytes of a spooled file. */
  spooled({ path, plain, sealed }: Spooled, of: FileBytes): string | AsyncIterable<Uint8Array> {
    if (!sealed) return path;
    const read = (from: number, to: number) => createReadStream(path, { start: from, end: to - 1 }) as AsyncIterable<Buffer>;
    return this.#unsealed(read, of, plain.bytes, { from: 0, to: plain.bytes });
  }

  async discard({ path }: Spooled): Promise<void> {
    await rm(path, { force: true });
  }

  /** Moves a spooled file from the local disk to the store. */
  async put(of: FileBytes, file: Spooled): Promise<void> {
    await this.#store.put(keyOf(of), file);
    await this.discard(file);
  }

  /** The plain bytes of a file of `bytes` bytes, or of a range of it, read while they are consumed. */
  read(of: FileBytes, bytes: number, sealed: boolean, range: ByteRange = { from: 0, to: bytes }): AsyncIterable<Uint8Array> {
    if (range.to <= range.from) return (async function* () {})();
    const read = (from: number, to: number) => this.#store.read(keyOf(of), from, to);
    return sealed ? this.#unsealed(read, of, bytes, range) : read(range.from, range.to);
  }

  async remove(of: Omit<FileBytes, 'thumbnail'>): Promise<void> {
    await this.#store.remove(keyOf({ ...of, thumbnail: false }));
    await this.#store.remove(keyOf({ ...of, thumbnail: true }));
  }

  /** Removes all files of a kind. */
  removeKind(plugin: string, kind: string): Promise<void> {
    return this.#store.removeBelow(`${plugin}/${kind}`);
  }

  /** Removes uploads that killed processes left on this disk more than a day before `now`. */
  async removeStale(now: Date): Promise<void> {
    const names = await readdir(this.#spool).catch(() => []);
    for (const name of names) {
      const path = join(this.#spool, name);
      const found = await stat(path).catch(() => null);
      if (found !== null && now.getTime() - found.mtimeMs > STALE_MS) await rm(path, { force: true });
    }
  }

  async *#unsealed(
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
    of: FileBytes,
    bytes: number,
    { from, to }: ByteRange,
  ): AsyncGenerator<Uint8Array> {
    yield* unseal(read, await this.#key(of), bytes, from, to);
  }

  /** A key for this file only: ids are random and never reused. */
  async #key(of: FileBytes): Promise<Uint8Array> {
    return derivedKey(await this.master(), `kernel/files/${keyOf(of)}`);
  }
}

class Meter {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  async *of(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.#hash.update(chunk);
      this.#bytes += chunk.byteLength;
      yield chunk;
    }
  }

  found(): { bytes: number; sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

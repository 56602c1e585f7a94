import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FileStore, type LocalFile, MissingBytes } from './file-store.js';

/** Stores files in a folder of this machine, or in one that all processes of the portal mount. */
export class FolderStore implements FileStore {
  constructor(private readonly folder: string) {}

  async put(key: string, { path }: LocalFile): Promise<void> {
    const target = this.#at(key);
    const folder = dirname(target);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await rename(path, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      // On another file system: copy the file next to the target first, so that no reader sees a partial file.
      const beside = `${target}.${randomUUID()}`;
      await copyFile(path, beside);
      await sync(beside);
      await rename(beside, target);
    }
    // The name of a new file is durable only after its folder was synced.
    await sync(folder);
  }

  async *read(key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    if (to <= from) return;
    try {
      // `end` is inclusive.
      yield* createReadStream(this.#at(key), { start: from, end: to - 1 }) as AsyncIterable<Buffer>;
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new MissingBytes(key) : error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#at(key), { force: true });
  }

  async removeBelow(prefix: string): Promise<void> {
    await rm(this.#at(prefix), { recursive: true, force: true });
  }

  #at(key: string): string {
    if (!/^[a-z0-9_-]+(\/[a-z0-9_-]+)*$/.test(key)) throw new Error('not a key of the file store');
    return join(this.folder, key);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file on the local disk that is to be stored. */
export interface LocalFile {
  path: string;
  bytes: number;
  /** SHA-256 of what lies on the disk, in hexadecimal digits. */
  sha256: string;
}

/**
 * Keeps bytes under keys such as `agenda/photos/<uuid>`. Keys are written once and never changed; whoever fails half-way has written nothing
 * that can be read.
 */
export interface FileStore {
  /** Returns when the bytes are durable. May move the file away. */
  put(key: string, file: LocalFile): Promise<void>;
  /** The bytes from `from` up to, not including, `to`. @throws MissingBytes */
  read(key: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** No error where there is nothing. */
  remove(key: string): Promise<void>;
  /** Removes everything below `<prefix>/`. */
  removeBelow(prefix: string): Promise<void>;
}

/** The store has no bytes under a key that a row names: a backup of one without the other was restored, say. */
export class MissingBytes extends Error {
  readonly remedy = 'Restore the store of files from a backup that is as old as the database, or newer.';

  constructor(key: string) {
    super(`the store of files has nothing under ${key}`);
    this.name = 'MissingBytes';
  }
}

/** A file on the local disk that will be stored. */
export interface LocalFile {
  path: string;
  bytes: number;
  /** SHA-256 of the bytes on the disk, in hexadecimal. */
  sha256: string;
}

/**
 * Stores files under keys such as `agenda/photos/<uuid>`. A key is written once and never changed; a failed write leaves nothing readable.
 */
export interface FileStore {
  /** Returns when the file is stored durably. May move the local file. */
  put(key: string, file: LocalFile): Promise<void>;
  /** The bytes from `from` to `to` (exclusive). @throws MissingBytes */
  read(key: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Does nothing if the key does not exist. */
  remove(key: string): Promise<void>;
  /** Removes everything below `<prefix>/`. */
  removeBelow(prefix: string): Promise<void>;
}

/** The store has no file under a key that a row names, for example because only one of the two was restored from a backup. */
export class MissingBytes extends Error {
  readonly remedy = 'Restore the file store from a backup that is at least as recent as the database.';

  constructor(key: string) {
    super(`the file store has no file ${key}`);
    this.name = 'MissingBytes';
  }
}

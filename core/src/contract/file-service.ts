import type { NameIn } from './declared.js';
import type { FileDeclaration, FileOwners, StoredFile, Upload } from './files.js';
import type { Reply } from './reply.js';

/** A file, a part of it, or the notice that the client already has it: the answers that `responses: fileAnswers` allows. */
export type FileReply = Reply<200, AsyncIterable<Uint8Array>> | Reply<206, AsyncIterable<Uint8Array>> | Reply<304, undefined>;

type KindName<Declared> = NameIn<Declared, 'declare it: KernelCradle<Config, { files: typeof files }>'>;

/**
 * Stores bytes that came by another way than a request, such as by e-mail, for {@link Files.keep} in the next unit of work: in the handler of
 * the same job, or in the command. Checked, scanned and encoded like the upload of a person. What is not kept is removed.
 *
 * @param file its `name` and media `type` as its sender gave them; neither is trusted
 * @throws Problem 413, 415 or 422 for bytes that the kind does not accept, 503 if the scanner or the store cannot be reached
 */
export type Store<Declared = Readonly<Record<string, FileDeclaration>>> = (
  kind: KindName<Declared>,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: { name: string; type?: string },
) => Promise<Upload>;

/** The type of `store` for a plugin with this cradle. */
export type StoreOf<Cradle> = 0 extends 1 & Cradle
  ? // biome-ignore lint/suspicious/noExplicitAny: of a job whose types are not known
    any
  : Cradle extends { files: Files<infer Declared> }
    ? Store<Declared>
    : undefined;

/** Files of this plugin's own kinds. */
export interface Files<Declared = Readonly<Record<string, FileDeclaration>>> {
  /**
   * Stores the row of an upload in the current unit of work. The file exists once that commits.
   *
   * @throws Problem 403 if the principal does not act for the tenant, 413 if the tenant's quota would be exceeded
   * @throws Error if the upload is of another kind, or was already kept
   */
  keep(kind: KindName<Declared>, upload: Upload, owners: FileOwners): Promise<StoredFile>;
  /** The row of a file; null if there is none that the principal's tenants may see. */
  find(kind: KindName<Declared>, id: string): Promise<StoredFile | null>;
  /**
   * The answer that sends a file, or its thumbnail, to the client of the current request: as an attachment, with ETag and ranges, and with
   * headers that prevent browsers from running it.
   *
   * @throws Problem 404 if the principal's tenants have no such file, 416 for a range outside the file
   */
  open(kind: KindName<Declared>, id: string, options?: { thumbnail?: boolean }): Promise<FileReply>;
  /**
   * The bytes of a file, read from the store while they are consumed: after the unit of work, in a route's or job's `outside.call`.
   *
   * @throws Problem 404 if the principal's tenants have no such file
   */
  bytes(kind: KindName<Declared>, id: string): Promise<AsyncIterable<Uint8Array>>;
  /** Deletes the row of a file; its bytes are removed within a minute after the commit. False if there is no such file. */
  remove(kind: KindName<Declared>, id: string): Promise<boolean>;
}

import type { EraseRule, KeepRule, PersonRelation } from './table.js';

/** Which tenant may see a file: as for tables, except that a file belongs to one tenant at most. */
export type FileTenantRule = string | { column: string; nullMeansShared: true } | { none: string };

/**
 * Declares one kind of file. The kernel makes and owns the table `<schema>.<kind>`, with a row for each file: `id`, `name`, `type`, `bytes`,
 * `sha256`, `thumbnail`, `sealed`, `created_at`, `updated_at`, and the columns that this declaration names. The plugin's SQL may select, join
 * and refer to it, and delete its rows; rows are made by {@link Files.keep} alone.
 */
export interface FileDeclaration {
  tenant: FileTenantRule;
  /** Columns that hold a person's id; the kernel makes them, as `uuid`. */
  people?: Record<string, PersonRelation>;
  /** How long a file is kept; as for tables. Required where `people` names a column. */
  keep?: Exclude<KeepRule, { with: string }>;
  /**
   * What erasing a person does. With `anonymise` the file stays and its name and the person's id go; what its bytes tell of the person stays
   * too. Required where `people` names a column.
   */
  erase?: EraseRule | Record<string, EraseRule>;
  /** Why the data is processed (GDPR art. 30). Required where `people` names a column. */
  purpose?: string;
  /** Who outside the portal gets these files. Shown in the register. */
  recipients?: string[];
  /**
   * Media types that are taken, by what a file holds: `image/png`, `application/pdf`, `text/csv`. Types that a browser runs (HTML, SVG, XML,
   * JavaScript) cannot be declared.
   */
  types: readonly string[];
  /** Greatest file in bytes. */
  maxBytes: number;
  /** Encrypt the bytes in the store under a key derived from the portal's master key. */
  encrypt?: boolean;
}

/** A file that was received and lies in the store, without a row yet. What is not kept when the handler ends is removed. */
export interface Upload {
  readonly id: string;
  /** The sender's name for it, made safe: no folders, no control characters, an extension of its type. */
  readonly name: string;
  /** Media type by content. */
  readonly type: string;
  readonly bytes: number;
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** A file as its row has it. */
export interface StoredFile extends Upload {
  /** Bytes of the thumbnail; null where there is none. */
  readonly thumbnail: number | null;
}

/** Whose a file is. */
export interface FileOwners {
  /** Value of the tenant column; left out where the kind has none, or the file is shared. */
  tenant?: string | null;
  /** Value of each column of `people`. */
  people?: Readonly<Record<string, string | null>>;
}

/** What a field of a multipart body may hold: a kind of file, once; or a number of files of it. */
export type UploadField = string | { kind: string; min?: number; max: number };

/** The fields of a multipart body that hold files, by name. */
export type UploadFields = Readonly<Record<string, UploadField>>;

/** By field: one upload, or a list where the field says how many. */
export type UploadsOf<U> = unknown extends U
  ? // biome-ignore lint/suspicious/noExplicitAny: of a route whose types are not known
    any
  : U extends UploadFields
    ? { readonly [Field in keyof U]: U[Field] extends string ? Upload : readonly Upload[] }
    : undefined;

/** The answers of a route that returns {@link Files.open}: `responses: fileAnswers`. */
export const fileAnswers: {
  200: { description: string; contentType: '*/*' };
  206: { description: string; contentType: '*/*' };
  304: { description: string };
} = {
  200: { description: 'The file', contentType: '*/*' },
  206: { description: 'The part of the file that was asked for', contentType: '*/*' },
  304: { description: 'The file has not changed' },
};

/** Kinds of file by name. */
export type FileKinds = Readonly<Record<string, FileDeclaration>>;

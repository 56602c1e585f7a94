import type { EraseRule, KeepRule, PersonRelation } from './table.js';

/** Which tenant may see a file: as for tables, except that a file belongs to at most one tenant. */
export type FileTenantRule = string | { column: string; nullMeansShared: true } | { none: string };

/**
 * Declares one kind of file. The kernel creates and owns the table `<schema>.<kind>`, with a row for each file: `id`, `name`, `type`,
 * `bytes`, `sha256`, `thumbnail`, `sealed`, `created_at`, `updated_at`, and the columns named in this declaration. The plugin's SQL may
 * select, join and reference it, and delete its rows; only {@link Files.keep} creates rows.
 */
export interface FileDeclaration {
  tenant: FileTenantRule;
  /** Columns with a person's id; the kernel creates them as `uuid`. */
  people?: Record<string, PersonRelation>;
  /** How long a file is kept; as for tables. Required if `people` names a column. */
  keep?: Exclude<KeepRule, { with: string }>;
  /**
   * What erasing a person does. With `anonymise` the file is kept without its name and the person's id; its content is not changed.
   * Required if `people` names a column.
   */
  erase?: EraseRule | Record<string, EraseRule>;
  /** Id of the purpose for which the data are processed; as for tables. Required if `people` names a column. */
  purpose?: string;
  /** What these files are for within that purpose, in a few words. Required if `people` names a column. */
  use?: string;
  /** Recipients of these files outside the portal. Shown in the register. */
  recipients?: string[];
  /**
   * Accepted media types, checked against a file's content: `image/png`, `application/pdf`, `text/csv`. Types that browsers run (HTML, SVG,
   * XML, JavaScript) cannot be declared.
   */
  types: readonly string[];
  /** Maximum size of a file in bytes. */
  maxBytes: number;
  /** Encrypt the bytes in the store under a key derived from the portal's master key. */
  encrypt?: boolean;
}

/** A received file that is in the store but has no row yet. Uploads that are not kept by the end of the handler are removed. */
export interface Upload {
  readonly id: string;
  /** The sender's file name, made safe: no folders, no control characters, and an extension of its type. */
  readonly name: string;
  /** Media type, determined from the content. */
  readonly type: string;
  readonly bytes: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** A file with its row. */
export interface StoredFile extends Upload {
  /** Size of the thumbnail in bytes; null if there is none. */
  readonly thumbnail: number | null;
}

/** The tenant and people to whom a file belongs. */
export interface FileOwners {
  /** Value of the tenant column; omitted if the kind has none, or the file is shared. */
  tenant?: string | null;
  /** Value of each column of `people`. */
  people?: Readonly<Record<string, string | null>>;
}

/** What a field of a multipart body may contain: one file of a kind, or several. */
export type UploadField = string | { kind: string; min?: number; max: number };

/** The fields of a multipart body that hold files, by name. */
export type UploadFields = Readonly<Record<string, UploadField>>;

/** By field: one upload, or a list if the field allows several. */
export type UploadsOf<U> = unknown extends U
  ? // biome-ignore lint/suspicious/noExplicitAny: of a route whose types are not known
    any
  : U extends UploadFields
    ? { readonly [Field in keyof U]: U[Field] extends string ? Upload : readonly Upload[] }
    : undefined;

/** The responses of a route that returns {@link Files.open}: `responses: fileAnswers`. */
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

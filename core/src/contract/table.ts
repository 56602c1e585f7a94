import type { Knex } from 'knex';

/**
 * Which tenants may see and change a row. The database enforces it (row-level security).
 *
 * - a column name: rows of the principal's tenants. The column holds one tenant id, or an array of them (a row of several tenants can be
 *   read from each of them, and written by a principal who acts for all of them);
 * - `{ column, nullMeansShared: true }`: rows without a tenant can be read by every tenant and are written only by the system;
 * - `{ sees, writes }`: rows of tenants with different parts, such as a school and a provider. Each column holds a tenant id or an array of
 *   them. A principal who acts for a tenant in one of the columns `sees` can read the row; one who acts for a tenant in one of the columns
 *   `writes` (a subset of `sees`) may add, change and delete it. A tenant in `writes` can be removed from a row only by a principal who
 *   acts for it;
 * - `{ none: why }`: the rows do not belong to any tenant. `why` is shown in the register.
 */
export type TenantRule =
  | string
  | { column: string; nullMeansShared: true }
  | { sees: string[]; writes: string[] }
  | { none: string };

/** How a person relates to a row: `subject` (it is about them), `author` (they wrote it) or `contact` (they can be asked about it). */
export type PersonRelation = 'subject' | 'author' | 'contact';

/** What erasing a person does to a row: `delete` removes it, `anonymise` keeps it without the person's id. */
export type EraseRule = 'delete' | 'anonymise';

/**
 * How long a row is kept. Durations are in ISO 8601: `P1Y`, `P6M`, `P30D`.
 *
 * - a duration: counted from `updated_at`, a column that the table must have and the plugin sets with each change;
 * - `{ for, since }`: a duration, counted from the column `since` (timestamptz, timestamp or date). A row where it is null is kept;
 * - `{ with }`: as long as the row that it references in that table of the same plugin, by a foreign key with `on delete cascade`.
 */
export type KeepRule = string | { for: string; since: string } | { with: string };

/**
 * Declares whose data the rows of a table are. The kernel derives row-level security, exports, erasure, retention and the register from it.
 */
export interface TableDeclaration {
  /** Which tenant a row belongs to. */
  tenant: TenantRule;
  /**
   * Columns that hold the id of a person, of type `uuid`, `text` or an array of these. Each column that looks like one, or references one
   * by a foreign key, must be listed here or under `notPeople`.
   */
  people?: Record<string, PersonRelation>;
  /** Columns that look as if they contained data about people, by their name or because they are JSON, but do not: column → reason. */
  notPeople?: Record<string, string>;
  /** How long a row is kept; then `erase` applies, or the row is deleted. Required if `people` names a column. */
  keep?: KeepRule;
  /**
   * What erasing a person does to the row: one rule for the table, or one for each column of `people`. Required if `people` names a column.
   * Anonymising sets the column to null, or to a new random id if it is `not null`. From an array the person's id is removed; with
   * `delete`, the row is deleted if the array is then empty.
   */
  erase?: EraseRule | Record<string, EraseRule>;
  /** Columns with other data about the person, such as a comment, that are emptied when the row is anonymised. */
  clear?: string[];
  /** Columns that a person's export leaves out, such as a password hash: column → reason. */
  withheld?: Record<string, string>;
  /**
   * `whole`: the table is left out of an export that is limited to what some tenants hold, because its rows tell of the others. Only for a
   * table of no tenant.
   */
  export?: 'whole';
  /**
   * Id of the purpose for which the data are processed (GDPR art. 30(1)(b)): one of the kernel (`safe-environment`, `rights-of-people`), of
   * this plugin's `purposes`, or of a plugin that it requires. Required if `people` names a column.
   */
  purpose?: string;
  /** What this table is for within that purpose, in a few words. Required if `people` names a column. */
  use?: string;
  /**
   * Rows whose subjects are restricted (GDPR art. 18) do not change, and only they themselves and officers see them. With
   * `{ shown: 'why' }` other people still see them, because the portal cannot work without them: sign-in, for instance. Machines do not.
   * With `{ decided: 'why' }` they change, because they hold what the person decides about their data.
   */
  restriction?: { shown: string } | { decided: string };
  /** Recipients of data of this table outside the portal (GDPR art. 30(1)(d)): `external tools, under a pseudonym`. */
  recipients?: string[];
}

/** One migration of a plugin's schema. Never change a released migration; add a later one that corrects it. */
export interface Migration {
  /** Migrations are applied in the order of their names: `0001_paths`, `0002_goals`. */
  name: string;
  /** SQL text, or a function that gets knex in the migration's transaction. Names without a schema are in the plugin's own. */
  up: string | ((knex: Knex) => Promise<unknown>);
  /** Undoes `up`. */
  down: string | ((knex: Knex) => Promise<unknown>);
}

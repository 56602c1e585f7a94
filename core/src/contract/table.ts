import type { Knex } from 'knex';

/**
 * Which rows a school may see.
 *
 * - a column name: rows of the principal's schools. The column holds one school id, or an array of them (a row of several
 *   schools is seen from each and written by whoever acts for all of them);
 * - `{ column, nullMeansShared: true }`: rows without a school are seen by every school and written by the system only;
 * - `{ none: why }`: the table holds nothing of any school. `why` is shown in the plan and the register.
 */
export type SchoolRule = string | { column: string; nullMeansShared: true } | { none: string };

/** What a person is to a row: whom it is about, who made it, or whom to ask. */
export type PersonRelation = 'subject' | 'author' | 'contact';

/** What erasing a person does: the row goes, or it stays and the person's id in it goes. */
export type EraseRule = 'delete' | 'anonymise';

/**
 * How long a row is kept; durations are ISO 8601 (`P1Y`).
 *
 * - a duration: so long after `updated_at`, which the table then has and the plugin sets with each change;
 * - `{ for, since }`: so long after another moment, a column of type timestamptz, timestamp or date. A row where it is null is kept;
 * - `{ with }`: as long as the row of another table of the plugin's own that it refers to, by a foreign key with `on delete cascade`.
 */
export type KeepRule = string | { for: string; since: string } | { with: string };

/** Declares a table to the kernel: row-level security and everything privacy needs follows from it. */
export interface TableDeclaration {
  school: SchoolRule;
  /**
   * Columns that hold a person's id: `uuid`, `text`, or an array of them. A column that looks like one and is not named here
   * (or in `notPeople`) is refused, and so is one that refers to one by a foreign key.
   */
  people?: Record<string, PersonRelation>;
  /** Columns that look as if they held people's data (by name, or as JSON may) but hold none, each with the reason. */
  notPeople?: Record<string, string>;
  /** How long a row is kept. Required where `people` names a column; what happens then is what `erase` says, or the row goes. */
  keep?: KeepRule;
  /**
   * What erasing a person does to the row, for the whole table or for each column of `people`. Required where there are any.
   * Anonymised, a column of `people` becomes null, or a fresh random id where it may not be null. From an array the person's id is
   * taken out; with `delete`, a row goes when the array is empty then.
   */
  erase?: EraseRule | Record<string, EraseRule>;
  /** Columns that are emptied where a row is anonymised: what else tells of the person (a comment, a snapshot in JSON). */
  clear?: string[];
  /** Columns that a person's export leaves out, each with the reason: a password's hash. */
  withheld?: Record<string, string>;
  /** Why the data is processed (GDPR art. 30). Required where `people` names a column. */
  purpose?: string;
  /** Who outside the portal gets data of this table: `external tools, under a pseudonym`. Shown in the register. */
  recipients?: string[];
}

/** One step of a plugin's history. Names sort in order of application: `0001_paths`, `0002_goals`. */
export interface Migration {
  name: string;
  /** SQL text, or code that gets a knex bound to the migration's transaction; unqualified names mean the plugin's schema. */
  up: string | ((knex: Knex) => Promise<unknown>);
  down: string | ((knex: Knex) => Promise<unknown>);
}

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

/** Declares a table to the kernel: row-level security and everything privacy needs follows from it. */
export interface TableDeclaration {
  school: SchoolRule;
  /** Columns that hold a person's id. A column that looks like one and is not named here (or in `notPeople`) is refused. */
  people?: Record<string, PersonRelation>;
  /** Columns whose name looks like a person's id but that hold none, each with the reason. */
  notPeople?: Record<string, string>;
  /** How long a row is kept (ISO 8601 duration) after its last change. Required where `people` names a column. */
  keep?: string;
  /** What erasing a person does to the row. Required where `people` names a column. */
  erase?: 'delete' | 'anonymise';
  /** Why the data is processed (GDPR art. 30). Required where `people` names a column. */
  purpose?: string;
}

/** One step of a plugin's history. Names sort in order of application: `0001_paths`, `0002_goals`. */
export interface Migration {
  name: string;
  /** SQL text, or code that gets a knex bound to the migration's transaction; unqualified names mean the plugin's schema. */
  up: string | ((knex: Knex) => Promise<unknown>);
  down: string | ((knex: Knex) => Promise<unknown>);
}

/**
 * Where the kernel's own statements find what has no schema before its name: never in a schema that a plugin can make anything in, and
 * never first among temporary objects.
 */
export const KERNEL_PATH = 'pg_catalog, kernel, pg_temp';

/** How long work may wait for the database, in milliseconds; 0: as long as it takes. */
export interface Limits {
  /** For one lock. */
  lockMs: number;
  /** For one statement. */
  statementMs: number;
  /** Between two statements of a transaction, in which it holds what it locked. */
  idleMs: number;
}

/** Of requests: whoever waits longer has gone, and others wait behind. */
export const requestLimits: Limits = { lockMs: 2_000, statementMs: 30_000, idleMs: 60_000 };
/** Of jobs, events, starts and retention. */
export const jobLimits: Limits = { lockMs: 10_000, statementMs: 600_000, idleMs: 300_000 };
/** Of commands, which somebody watches. */
export const commandLimits: Limits = { lockMs: 30_000, statementMs: 0, idleMs: 0 };

/**
 * Settings on which the kernel, the driver or what plugins may expect depends. A database, a role or a service file may have others
 * for everybody else: each connection is given these.
 */
export const settings: Readonly<Record<string, string>> = {
  // The driver reads and writes these forms.
  client_encoding: 'UTF8',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  array_nulls: 'on',
  xmlbinary: 'base64',
  xmloption: 'content',
  // What a statement means must not depend on where it runs.
  timezone: 'UTC',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  default_text_search_config: 'pg_catalog.simple',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
  check_function_bodies: 'on',
  // Who sees what.
  row_security: 'on',
  search_path: KERNEL_PATH,
  restrict_nonsystem_relation_kind: '',
  createrole_self_grant: '',
  // What a transaction is.
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  transaction_timeout: '0',
  idle_session_timeout: '0',
  client_min_messages: 'warning',
};

/** The same for those that PostgreSQL does not list: who acts, and what row-level security policies read. */
export const own: Readonly<Record<string, string>> = { role: 'none', 'ilearn.all_schools': 'off', 'ilearn.schools': '' };

export const sessionSettings: Readonly<Record<string, string>> = { ...settings, ...own };

export const limitSettings = ({ lockMs, statementMs, idleMs }: Limits): Record<string, string> => ({
  lock_timeout: `${lockMs}`,
  statement_timeout: `${statementMs}`,
  idle_in_transaction_session_timeout: `${idleMs}`,
});

/** Search path of the kernel's own statements: no schema in which a plugin can create objects, and temporary objects last. */
export const KERNEL_PATH = 'pg_catalog, kernel, pg_temp';

/** Time limits in milliseconds; 0 means none. */
export interface Limits {
  /** Waiting for one lock. */
  lockMs: number;
  /** Running one statement. */
  statementMs: number;
  /** Idle between two statements of a transaction, while it holds its locks. */
  idleMs: number;
}

/** Time limits of database work, by kind of work. */
export interface WorkLimits {
  /** The settings of each connection; used by requests. */
  usual: Limits;
  /** For jobs, events and the kernel's own units of work; null: same as `usual`. */
  jobs: Limits | null;
}

/** For requests: a client that waits longer has usually gone, and others wait behind it. */
export const requestLimits: Limits = { lockMs: 2_000, statementMs: 30_000, idleMs: 60_000 };
/** For jobs, events, starts and retention. */
export const jobLimits: Limits = { lockMs: 10_000, statementMs: 600_000, idleMs: 300_000 };
/** For commands, whose user can interrupt them. */
export const commandLimits: Limits = { lockMs: 30_000, statementMs: 0, idleMs: 0 };

/**
 * Settings on which the kernel, the driver and plugins rely. A database, role or service file may set others, so they are set on each
 * connection.
 */
export const settings: Readonly<Record<string, string>> = {
  // The formats that the driver reads and writes.
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
  // The meaning of a statement must not depend on where it runs.
  timezone: 'UTC',
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  default_text_search_config: 'pg_catalog.simple',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
  check_function_bodies: 'on',
  // Row-level security.
  row_security: 'on',
  search_path: KERNEL_PATH,
  restrict_nonsystem_relation_kind: '',
  createrole_self_grant: '',
  // Transactions.
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  transaction_timeout: '0',
  idle_session_timeout: '0',
  client_min_messages: 'warning',
};

/** Settings that pg_settings does not list: the role, and those that row-level security policies read. */
export const own: Readonly<Record<string, string>> = {
  role: 'none',
  'ilearn.all_tenants': 'off',
  'ilearn.tenants': '',
  'ilearn.viewer': '',
  'ilearn.restricted': '',
};

export const sessionSettings: Readonly<Record<string, string>> = { ...settings, ...own };

export const limitSettings = ({ lockMs, statementMs, idleMs }: Limits): Record<string, string> => ({
  lock_timeout: `${lockMs}`,
  statement_timeout: `${statementMs}`,
  idle_in_transaction_session_timeout: `${idleMs}`,
});

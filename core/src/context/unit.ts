import type pg from 'pg';
import type { TenantScope } from '../contract/principal.js';

/** One SQL statement, as the driver takes it. */
export interface Statement {
  text: string;
  values?: unknown[];
  [option: string]: unknown;
}

/** On whose behalf a statement runs: its role, its schema (search path), and the tenants whose rows row-level security lets through. */
export interface SqlIdentity {
  /** null: the kernel itself, as the user that connected. */
  role: string | null;
  schema: string | null;
  tenants: TenantScope;
}

/**
 * Why the database failed work that was not at fault.
 *
 * - `unreachable`: nobody answers, takes connections in or keeps them
 * - `crowded`: its connections or its memory are used up
 * - `full`: its disk is full or fails
 * - `read-only`: a standby answers in place of the server that takes writes
 * - `locked`: others held what was needed for too long
 * - `slow`: a statement took longer than it may
 */
export type Outage = 'unreachable' | 'crowded' | 'full' | 'read-only' | 'locked' | 'slow';

/** The unit of work that running code is in: what it changes is stored as a whole or not at all. `DatabaseUnit` implements it. */
export interface Unit {
  /** PostgreSQL refuses every change. */
  readonly readOnly: boolean;
  /** What runs in it, for messages: a route, a job, a plugin. */
  place: string;
  /** Committed, rolled back or given up: no more statements are accepted. */
  readonly ended: boolean;
  /** Set once the database itself failed one of its statements; later errors are consequences of that. */
  readonly outage: Outage | null;
  query<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>>;
  /** Like `query`, but inside a transaction that lasts until the unit ends, so that locks are kept until then. */
  queryHeld<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>>;
  /** A statement of the kernel's own, under no plugin's role. */
  kernel<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>>;
  /** Runs `fn` in a savepoint: if it throws, only what it did is undone. */
  savepoint<T>(identity: SqlIdentity, fn: () => Promise<T>): Promise<T>;
  /** Calls `fn` once the unit has committed. */
  afterCommit(fn: () => void): void;
  /** Stores an audit entry: at once, or when the unit ends if the unit is read-only. */
  record(entry: Statement): Promise<void>;
  /** Stores an audit entry with the commit; if that fails, nothing of the unit is stored. */
  withCommit(entry: Statement): void;
  /** Makes every later statement, and the commit, fail with this error. */
  refuse(error: Error): void;
}

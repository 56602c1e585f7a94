import type pg from 'pg';
import type { TenantScope } from '../contract/principal.js';

/** One SQL statement in the form that the driver takes. */
export interface Statement {
  text: string;
  values?: unknown[];
  [option: string]: unknown;
}

/**
 * For whom a statement runs, which decides whether it reaches rows of people who objected, did not consent or are restricted.
 *
 * - the id of the person who acts: reaches the own rows while restricted
 * - `''`: nobody in particular, as in jobs
 * - `'machine'`: an app of a partner; does not reach rows of restricted people that others see
 * - `'privacy'`: exports, erasures, migrations and officers; reaches all rows
 * - `'retention'`: reaches rows of people who objected, but not those of restricted people
 */
export type Viewer = string;

/**
 * The identity under which a statement runs: its role, its schema (search path), and the tenants and the viewer whose rows row-level
 * security makes visible.
 */
export interface SqlIdentity {
  /** null: the kernel itself, as the connecting user. */
  role: string | null;
  schema: string | null;
  tenants: TenantScope;
  viewer: Viewer;
}

/**
 * The database condition because of which work failed that was not at fault.
 *
 * - `unreachable`: the server does not answer, accept connections or keep them open
 * - `crowded`: its connections or its memory are used up
 * - `full`: its disk is full or fails
 * - `read-only`: a standby answers instead of the primary server
 * - `locked`: other work held a needed lock or connection for too long
 * - `slow`: a statement exceeded its time limit
 */
export type Outage = 'unreachable' | 'crowded' | 'full' | 'read-only' | 'locked' | 'slow';

/** The current unit of work: its changes are stored as a whole or not at all. `DatabaseUnit` implements it. */
export interface Unit {
  /** PostgreSQL refuses every change. */
  readonly readOnly: boolean;
  /** What runs in it (a route, job or plugin), for messages. */
  place: string;
  /** Committed, rolled back or given up: it accepts no more statements. */
  readonly ended: boolean;
  /** Set once one of its statements failed because of the database; later errors are consequences of it. */
  readonly outage: Outage | null;
  query<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>>;
  /** Like `query`, but in a transaction that lasts until the unit ends, so that locks are kept until then. */
  queryHeld<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>>;
  /** Runs a kernel statement, under no plugin's role. */
  kernel<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>>;
  /** Runs `fn` in a savepoint: if it throws, only its own changes are undone. */
  savepoint<T>(identity: SqlIdentity, fn: () => Promise<T>): Promise<T>;
  /** Calls `fn` once the unit has committed. */
  afterCommit(fn: () => void): void;
  /** Stores an audit entry at once, or with the commit if the unit is read-only. */
  record(entry: Statement): Promise<void>;
  /** Stores an audit entry with the commit; if that fails, nothing of the unit is stored. */
  withCommit(entry: Statement): void;
  /** Makes every later statement, and the commit, fail with this error. */
  refuse(error: Error): void;
}

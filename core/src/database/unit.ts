import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { DatabaseHome } from './home.js';
import { isConnectionLoss } from './outage.js';
import { isOutdatedPlan } from './prepared.js';
import { kernelIdentity, type SqlIdentity, switchIdentity } from './settings.js';

export interface Statement {
  text: string;
  values?: unknown[];
  [option: string]: unknown;
}

interface Turn {
  identity: SqlIdentity;
  statement: Statement;
  resolve(result: pg.QueryResult): void;
  reject(error: unknown): void;
}

/**
 * One unit of work: one transaction on one connection, taken when the first statement comes. Statements of several plugins
 * may interleave; each runs under its own role and school scope, one at a time. It lies on the way of every request, so the
 * driver is called by callbacks: a promise costs more than it looks where async contexts are followed.
 */
export class Unit {
  #client: pg.PoolClient | null = null;
  /** Statements that wait for the one under way. */
  readonly #waiting: Turn[] = [];
  #busy = false;
  #onIdle: (() => void) | null = null;
  /** What the connection was last told; null when unknown. */
  #identity: SqlIdentity | null = null;
  #ended = false;
  #outdated = false;
  #lost = false;
  #last: Statement | null = null;
  readonly #afterCommit: (() => void)[] = [];

  constructor(private readonly home: Pick<DatabaseHome, 'pool' | 'prepared'>) {}

  query<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>> {
    return new Promise((resolve, reject) => {
      const turn: Turn = { identity, statement, resolve: resolve as Turn['resolve'], reject };
      if (this.#busy) this.#waiting.push(turn);
      else this.#take(turn);
    });
  }

  /** A statement of the kernel's own, under no plugin's role. */
  kernel<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<pg.QueryResult<R>> {
    return this.query(kernelIdentity, { text, values });
  }

  async savepoint<T>(identity: SqlIdentity, fn: () => Promise<T>): Promise<T> {
    const name = `unit_${++savepoints}`;
    const before = this.#afterCommit.length;
    await this.query(identity, { text: `savepoint ${name}` });
    try {
      const value = await fn();
      await this.query(identity, { text: `release savepoint ${name}` });
      return value;
    } catch (error) {
      this.#afterCommit.length = before;
      await this.query(identity, { text: `rollback to savepoint ${name}` });
      throw error;
    }
  }

  afterCommit(fn: () => void): void {
    this.#afterCommit.push(fn);
  }

  /** A statement of the kernel's own that travels with the commit, where the driver can in one packet; if it fails, nothing is stored. */
  withCommit(statement: Statement): void {
    this.#last = statement;
  }

  /** The database could not be reached, or went away: what failed in this unit failed because of that. */
  get lost(): boolean {
    return this.#lost;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Returns what was left to do after the commit. */
  async commit(): Promise<readonly (() => void)[]> {
    if (this.#busy) await this.#idle();
    if (this.#last !== null) return this.#commitWith(this.#last);
    this.#ended = true;
    if (this.#client !== null) {
      const result = await this.#finish('commit');
      // PostgreSQL answers COMMIT with ROLLBACK when an earlier statement failed and its error was swallowed.
      if (result.command !== 'COMMIT') throw swallowed();
    }
    return this.#afterCommit;
  }

  /** Unlike other statements it is not waited for before the next is sent: after a failure PostgreSQL takes the commit for a rollback. */
  async #commitWith(last: Statement): Promise<readonly (() => void)[]> {
    this.#last = null;
    const client = this.#client;
    if (client === null || this.home.prepared === null) {
      await this.query(kernelIdentity, last).catch(async (error) => {
        await this.rollback();
        throw error.code === IN_FAILED_TRANSACTION ? swallowed() : error;
      });
      return this.commit();
    }
    this.#ended = true;
    const change = switchIdentity(this.#identity, kernelIdentity);
    const { stream } = streamOf(client);
    stream.cork();
    const before = client.query(change === '' ? unhurried : `${change}; ${unhurried}`);
    const added = client.query(this.#named(kernelIdentity, last));
    const commit = this.#finish('commit');
    stream.uncork();
    const [changed, entered, committed] = await Promise.allSettled([before, added, commit]);
    if (committed.status === 'rejected') throw committed.reason;
    for (const result of [changed, entered]) {
      if (result.status === 'rejected' && result.reason.code !== IN_FAILED_TRANSACTION) throw result.reason;
    }
    if (committed.value.command !== 'COMMIT') throw swallowed();
    return this.#afterCommit;
  }

  async rollback(): Promise<void> {
    if (this.#busy) await this.#idle();
    if (this.#ended) return;
    this.#ended = true;
    if (this.#client !== null) await this.#finish('rollback');
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #take(turn: Turn): void {
    if (this.#ended) {
      turn.reject(new Error('this unit of work has ended; await every statement before the handler returns'));
      return;
    }
    this.#busy = true;
    const client = this.#client;
    if (client !== null) {
      this.#send(client, turn, false);
      return;
    }
    this.home.pool.connect((error, connected) => {
      if (connected === undefined) {
        this.#done(turn, error);
        return;
      }
      this.#client = connected;
      this.#send(connected, turn, true);
    });
  }

  #send(client: pg.PoolClient, turn: Turn, begin: boolean): void {
    const { identity, statement } = turn;
    try {
      // The only statement that a failed transaction still takes; it restores the settings of the savepoint, which are not tracked.
      const rollsBack = /^\s*rollback/i.test(statement.text);
      const change = rollsBack ? '' : switchIdentity(begin ? kernelIdentity : this.#identity, identity);
      const preamble = begin ? (change === '' ? 'begin' : `begin; ${change}`) : change;
      this.#identity = null;
      this.#submit(client, preamble, this.#named(identity, statement), (error, result) => {
        if (error === null) this.#identity = rollsBack ? null : identity;
        this.#done(turn, error, result);
      });
    } catch (error) {
      this.#done(turn, error);
    }
  }

  #named(identity: SqlIdentity, statement: Statement): Statement {
    const name = statement.values === undefined ? undefined : this.home.prepared?.nameFor(identity.role, statement.text);
    return name === undefined ? statement : { ...statement, name };
  }

  /**
   * Preamble and statement in one packet where the driver can: a preamble that fails leaves the transaction aborted, so the
   * statement fails with it.
   */
  #submit(
    client: pg.PoolClient,
    preamble: string,
    statement: Statement,
    done: (error: unknown, result?: pg.QueryResult) => void,
  ): void {
    if (preamble === '') {
      client.query(statement, done);
    } else if (this.home.prepared === null) {
      client.query(preamble, (error) => (error === null ? client.query(statement, done) : done(error)));
    } else {
      const { stream } = streamOf(client);
      let cause: unknown = null;
      stream.cork();
      client.query(preamble, (error) => {
        cause = error;
      });
      client.query(statement, (error: unknown, result) => done(cause ?? error, result));
      stream.uncork();
    }
  }

  #done({ resolve, reject }: Turn, error: unknown, result?: pg.QueryResult): void {
    this.#busy = false;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#take(next);
    if (result !== undefined) {
      resolve(result);
    } else {
      this.#lost ||= isConnectionLoss(error);
      if (isOutdatedPlan(error)) {
        this.home.prepared?.forget();
        this.#outdated = true;
      }
      reject(error);
    }
    if (!this.#busy) this.#onIdle?.();
  }

  async #finish(text: 'commit' | 'rollback'): Promise<pg.QueryResult> {
    const client = this.#client as pg.PoolClient;
    try {
      const result = await client.query(text);
      client.release(this.#outdated);
      return result;
    } catch (error) {
      this.#lost ||= isConnectionLoss(error);
      client.release(true);
      throw error;
    }
  }
}

const streamOf = (client: pg.PoolClient) => (client as unknown as { connection: { stream: Duplex } }).connection;

/** Where nothing was written before, the reader need not wait until the disk has what is added: it is on its way there, in well under a second. */
const unhurried = `select set_config('synchronous_commit', 'off', true) where pg_current_xact_id_if_assigned() is null`;

/** SQLSTATE in_failed_sql_transaction */
const IN_FAILED_TRANSACTION = '25P02';

const swallowed = (): Error =>
  new Error('nothing was stored: a statement of this unit of work failed, and its error was not passed on');

let savepoints = 0;

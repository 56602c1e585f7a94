import type pg from 'pg';
import { type Done, type Lead, type Statement, sendBatch, sendInTurn, together } from './batch.js';
import type { DatabaseHome } from './home.js';
import { isConnectionLoss } from './outage.js';
import { isOutdatedPlan } from './prepared.js';
import { adopt, kernelIdentity, type SqlIdentity, sameIdentity } from './settings.js';
import { begin, beginReadOnly, commit, unhurried } from './transaction-leads.js';

export interface UnitOptions {
  /** PostgreSQL refuses every change. */
  readOnly?: boolean;
  /** Goes ahead of the first statement; a unit without one asks it before it ends. What it refuses fails the whole unit. */
  opening?: Lead | undefined;
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
  /** null once it was judged. */
  #opening: Lead | null;
  #refusal: Error | null = null;
  readonly #readOnly: boolean;
  /** What the connection was last told; null when unknown. */
  #identity: SqlIdentity | null = null;
  #ended = false;
  /** The connection is not for use after this unit. */
  #spent = false;
  #lost = false;
  readonly #entries: Statement[] = [];
  readonly #afterCommit: (() => void)[] = [];

  constructor(
    private readonly home: Pick<DatabaseHome, 'pool' | 'prepared'>,
    { readOnly = false, opening }: UnitOptions = {},
  ) {
    this.#readOnly = readOnly;
    this.#opening = opening === undefined ? null : { ...opening, judge: (row) => this.#judge(opening, row) };
  }

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

  /** Writes down what is done in this unit: at once, or as it ends where it may change nothing. */
  async record(entry: Statement): Promise<void> {
    if (this.#readOnly) this.withCommit(entry);
    else await this.query(kernelIdentity, entry);
  }

  /** The last that the kernel writes down of this unit; if that fails, nothing is stored. */
  withCommit(entry: Statement): void {
    this.#entries.push(entry);
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
    try {
      if (this.#opening !== null || (this.#entries.length > 0 && this.#client === null)) await this.kernel('select');
      if (this.#refusal !== null) throw this.#refusal;
    } catch (error) {
      await this.rollback();
      throw error;
    }
    this.#ended = true;
    if (this.#client === null) return this.#afterCommit;
    const last = this.#entries.pop();
    if (last !== undefined) await this.#commitWith(this.#client, last);
    else if (this.#readOnly && this.home.prepared !== null) this.#leave(this.#client);
    else await this.#finish(this.#client, 'commit');
    return this.#afterCommit;
  }

  async rollback(): Promise<void> {
    if (this.#busy) await this.#idle();
    if (this.#ended) return;
    this.#ended = true;
    if (this.#client !== null) await this.#finish(this.#client, 'rollback');
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #judge(opening: Lead, row: readonly (string | null)[] | null): Error | null {
    this.#opening = null;
    this.#refusal = opening.judge?.(row) ?? null;
    return this.#refusal;
  }

  #take(turn: Turn): void {
    if (this.#ended || this.#refusal !== null) {
      turn.reject(this.#refusal ?? new Error('this unit of work has ended; await every statement before the handler returns'));
      return;
    }
    this.#busy = true;
    if (this.#client !== null) {
      this.#send(this.#client, turn, []);
      return;
    }
    this.home.pool.connect((error, connected) => {
      if (connected === undefined) {
        this.#done(turn, error);
        return;
      }
      this.#client = connected;
      this.#identity = kernelIdentity;
      this.#send(connected, turn, [this.#readOnly ? beginReadOnly : begin]);
    });
  }

  #send(client: pg.PoolClient, turn: Turn, leads: Lead[]): void {
    const { identity, statement } = turn;
    try {
      if (this.#opening !== null) leads.push(this.#opening);
      // The only statement that a failed transaction still takes; it restores the settings of the savepoint, which are not tracked.
      const rollsBack = /^\s*rollback/i.test(statement.text);
      if (!rollsBack && !sameIdentity(this.#identity, identity)) leads.push(adopt(identity));
      this.#identity = null;
      this.#run(client, leads, this.#named(identity, statement), (error, result) => {
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

  #run(client: pg.PoolClient, leads: readonly Lead[], statement: Statement, done: Done): void {
    if (leads.length === 0) {
      client.query(statement, done);
    } else if (this.home.prepared === null) {
      sendInTurn(client, leads, statement).then((result) => done(null, result), done);
    } else {
      sendBatch(client, leads, statement, (error, result, unsure) => {
        this.#spent ||= unsure;
        done(error, result);
      });
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
        this.#spent = true;
      }
      reject(error);
    }
    if (!this.#busy) this.#onIdle?.();
  }

  /** Nothing was changed, so nothing can fail that anybody waits for: whoever takes the connection next sends the end of this unit along. */
  #leave(client: pg.PoolClient): void {
    together(client, () => {
      client.query(commit.text, () => {});
      client.release(this.#spent);
    });
  }

  /**
   * What a unit that may change nothing has to tell the kernel is stored by itself once the unit is over. For any other it travels with the
   * commit, which is not waited for before it is sent: after a failure PostgreSQL takes the commit for a rollback.
   */
  async #commitWith(client: pg.PoolClient, last: Statement): Promise<void> {
    const add = (leads: readonly Lead[], entry = last) =>
      new Promise<unknown>((resolve) =>
        this.#run(client, leads, this.#named(kernelIdentity, entry), (error) => resolve(error ?? null)),
      );
    if (this.#readOnly) {
      let error = await add([commit, unhurried]);
      for (const entry of this.#entries) error ??= await add([unhurried], entry);
      this.#lost ||= isConnectionLoss(error);
      client.release(this.#spent || error !== null);
      if (error !== null) throw error;
      return;
    }
    const leads = sameIdentity(this.#identity, kernelIdentity) ? [unhurried] : [adopt(kernelIdentity), unhurried];
    if (this.home.prepared === null) {
      const error = await add(leads);
      await this.#finish(client, error === null ? 'commit' : 'rollback');
      if (error !== null) throw told(error);
      return;
    }
    let both: Promise<[unknown, unknown]> | null = null;
    together(client, () => {
      both = Promise.all([
        add(leads),
        this.#finish(client, 'commit').then(
          () => null,
          (error) => error,
        ),
      ]);
    });
    const [failed, notCommitted] = await (both as unknown as Promise<[unknown, unknown]>);
    if (failed !== null) throw told(failed);
    if (notCommitted !== null) throw notCommitted;
  }

  async #finish(client: pg.PoolClient, text: 'commit' | 'rollback'): Promise<void> {
    let result: pg.QueryResult;
    try {
      result = await client.query(text);
    } catch (error) {
      this.#lost ||= isConnectionLoss(error);
      client.release(true);
      throw error;
    }
    client.release(this.#spent);
    // PostgreSQL answers COMMIT with ROLLBACK when an earlier statement failed and its error was swallowed.
    if (text === 'commit' && result.command !== 'COMMIT') throw swallowed();
  }
}

/** SQLSTATE in_failed_sql_transaction */
const IN_FAILED_TRANSACTION = '25P02';

const told = (error: unknown): unknown => ((error as { code?: string }).code === IN_FAILED_TRANSACTION ? swallowed() : error);

const swallowed = (): Error =>
  new Error('nothing was stored: a statement of this unit of work failed, and its error was not passed on');

let savepoints = 0;

import type pg from 'pg';
import type { DatabaseHome } from './home.js';
import { isConnectionLoss } from './outage.js';
import { kernelIdentity, type SqlIdentity, switchIdentity } from './settings.js';

export interface Statement {
  text: string;
  values?: unknown[];
  [option: string]: unknown;
}

/**
 * One unit of work: one transaction on one connection, taken when the first statement comes. Statements of several plugins
 * may interleave; each runs under its own role and school scope, one at a time.
 */
export class Unit {
  #client: pg.PoolClient | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** What the connection was last told; null when unknown. */
  #identity: SqlIdentity | null = null;
  #ended = false;
  #lost = false;
  readonly #afterCommit: (() => void)[] = [];

  constructor(private readonly home: Pick<DatabaseHome, 'pool' | 'pipelines'>) {}

  query<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>> {
    const result = this.#queue.then(() => this.#send<R>(identity, statement));
    this.#queue = result.catch((error: unknown) => {
      this.#lost ||= isConnectionLoss(error);
    });
    return result;
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

  /** The database could not be reached, or went away: what failed in this unit failed because of that. */
  get lost(): boolean {
    return this.#lost;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Returns what was left to do after the commit. */
  async commit(): Promise<readonly (() => void)[]> {
    await this.#queue;
    this.#ended = true;
    if (this.#client !== null) {
      const result = await this.#finish('commit');
      // PostgreSQL answers COMMIT with ROLLBACK when an earlier statement failed and its error was swallowed.
      if (result.command !== 'COMMIT') {
        throw new Error('nothing was stored: a statement of this unit of work failed, and its error was not passed on');
      }
    }
    return this.#afterCommit;
  }

  async rollback(): Promise<void> {
    await this.#queue;
    if (this.#ended) return;
    this.#ended = true;
    if (this.#client !== null) await this.#finish('rollback');
  }

  async #send<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>> {
    if (this.#ended) throw new Error('this unit of work has ended; await every statement before the handler returns');
    const begin = this.#client === null;
    this.#client ??= await this.home.pool.connect();
    // The only statement that a failed transaction still takes; it restores the settings of the savepoint, which are not tracked.
    const rollsBack = /^\s*rollback/i.test(statement.text);
    const change = rollsBack ? '' : switchIdentity(begin ? kernelIdentity : this.#identity, identity);
    const preamble = [begin ? 'begin' : '', change].filter(Boolean).join('; ');
    this.#identity = null;
    const result =
      preamble === '' ? await this.#client.query<R>(statement) : await this.#together<R>(this.#client, preamble, statement);
    this.#identity = rollsBack ? null : identity;
    return result;
  }

  /** In one round trip where the driver can: a preamble that fails leaves the transaction aborted, so the statement fails with it. */
  async #together<R extends pg.QueryResultRow>(
    client: pg.PoolClient,
    preamble: string,
    statement: Statement,
  ): Promise<pg.QueryResult<R>> {
    const prepared = client.query(preamble);
    if (!this.home.pipelines) await prepared;
    const [, result] = await Promise.all([prepared, client.query<R>(statement)]);
    return result;
  }

  async #finish(text: 'commit' | 'rollback'): Promise<pg.QueryResult> {
    const client = this.#client as pg.PoolClient;
    try {
      const result = await client.query(text);
      client.release();
      return result;
    } catch (error) {
      this.#lost ||= isConnectionLoss(error);
      client.release(true);
      throw error;
    }
  }
}

let savepoints = 0;

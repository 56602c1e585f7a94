import type pg from 'pg';
import type { Outage, SqlIdentity, Statement, Unit } from '../../context/unit.js';
import type { Replica } from '../homes/replica.js';
import type { Limits } from '../homes/session-settings.js';
import { pluginOf } from '../names.js';
import { outageOfDatabase } from '../outages/outage.js';
import type { Channel, IdentifiedStatement } from './channel.js';
import { noteValues } from './data-error.js';
import { LoggedChannel, type LogStatement } from './logged-channel.js';
import type { Precondition } from './precondition.js';
import { ReadChannel } from './read-channel.js';
import { ReplicaChannel } from './replica-channel.js';
import type { UnitHome } from './send.js';
import { kernelIdentity } from './sql-identity.js';
import { TransactionChannel } from './transaction-channel.js';

export interface UnitOptions {
  /** PostgreSQL refuses every change. */
  readOnly?: boolean | undefined;
  /** Read in place of the primary server while it is fresh, if the unit is read-only; null: the primary server alone. */
  replica?: Replica | null;
  /** Checked ahead of the first statement, or before the commit if there is none. If it fails, the whole unit fails. */
  precondition?: Precondition | undefined;
  /** The route, used to share connections fairly; absent for the kernel's own work. */
  lane?: string | undefined;
  /** Time limits; null: the limits of the connection. */
  limits?: Limits | null;
  /** Called with each statement after it is answered; null: statements are not logged. */
  logStatement?: LogStatement | null;
  /** Called with each statement that took `limitMs` or longer; null: time is not measured. */
  slow?: SlowObserver | null;
}

export interface SlowObserver {
  limitMs: number;
  /** @param plugin `kernel` for the kernel's own statements */
  note(plugin: string, text: string, ms: number): void;
}

interface QueuedStatement extends IdentifiedStatement {
  resolve(result: pg.QueryResult): void;
  reject(error: unknown): void;
  startedAt: number;
}

/**
 * One unit of work: its changes are stored as a whole or not at all. Statements of several plugins may alternate; each runs under its own
 * role and tenants, one at a time. Every request uses this class, so it calls the driver with callbacks: promises are expensive where async
 * contexts are tracked.
 */
export class DatabaseUnit implements Unit {
  #channel: Channel;
  /** Statements that wait for the current one. */
  readonly #waiting: QueuedStatement[] = [];
  #busy = false;
  #onIdle: (() => void) | null = null;
  /** null after it was checked. */
  #precondition: Precondition | null;
  #refusal: Error | null = null;
  /** What runs in it (a route, job or plugin), for messages. */
  place = 'the kernel';
  #ended = false;
  #outage: Outage | null = null;
  readonly #entries: Statement[] = [];
  readonly #afterCommit: (() => void)[] = [];

  readonly readOnly: boolean;
  readonly #slow: SlowObserver | null;

  constructor(
    home: UnitHome,
    { readOnly = false, replica = null, precondition, lane, limits = null, logStatement = null, slow = null }: UnitOptions = {},
  ) {
    this.readOnly = readOnly;
    this.#slow = slow;
    this.#precondition =
      precondition === undefined ? null : { ...precondition, judge: (answer) => this.#judge(precondition, answer) };
    // PGlite runs one statement at a time and cannot take a transaction as one packet.
    if (!readOnly || home.prepared === null) this.#channel = new TransactionChannel(home, readOnly, lane ?? null, limits);
    else if (replica?.isFresh === true) this.#channel = new ReplicaChannel(home, replica, lane ?? null);
    else this.#channel = new ReadChannel(home, lane ?? null);
    if (logStatement !== null) this.#channel = new LoggedChannel(this.#channel, logStatement);
  }

  query<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>> {
    return new Promise((resolve, reject) => {
      const turn: QueuedStatement = { identity, statement, resolve: resolve as QueuedStatement['resolve'], reject, startedAt: 0 };
      if (this.#busy) this.#waiting.push(turn);
      else this.#take(turn);
    });
  }

  /** Like `query`, but in a transaction that lasts until the unit ends, so that locks are kept until then. */
  queryHeld<R extends pg.QueryResultRow>(identity: SqlIdentity, statement: Statement): Promise<pg.QueryResult<R>> {
    this.#channel = this.#channel.forSavepoints();
    return this.query(identity, statement);
  }

  /** Runs a kernel statement, under no plugin's role. */
  kernel<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<pg.QueryResult<R>> {
    return this.query(kernelIdentity, { text, values });
  }

  async savepoint<T>(identity: SqlIdentity, fn: () => Promise<T>): Promise<T> {
    const name = `unit_${++savepoints}`;
    const before = this.#afterCommit.length;
    const outage = this.#outage;
    this.#channel = this.#channel.forSavepoints();
    await this.query(identity, { text: `savepoint ${name}` });
    try {
      const value = await fn();
      await this.query(identity, { text: `release savepoint ${name}` });
      return value;
    } catch (error) {
      this.#afterCommit.length = before;
      await this.query(identity, { text: `rollback to savepoint ${name}` });
      // The failed part is undone; later errors are unrelated to its outage.
      this.#outage = outage;
      throw error;
    }
  }

  afterCommit(fn: () => void): void {
    this.#afterCommit.push(fn);
  }

  /** Stores an audit entry at once, or with the commit if the unit is read-only. */
  async record(entry: Statement): Promise<void> {
    if (this.readOnly) this.withCommit(entry);
    else await this.query(kernelIdentity, entry);
  }

  /** Stores an audit entry with the commit; if that fails, nothing is stored. */
  withCommit(entry: Statement): void {
    this.#entries.push(entry);
  }

  /** Makes every later statement, and the commit, fail with this error. */
  refuse(error: Error): void {
    this.#refusal ??= error;
  }

  /** The outage because of which one of its statements failed; later errors are consequences of it. */
  get outage(): Outage | null {
    return this.#outage;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Returns the functions passed to `afterCommit`. */
  async commit(): Promise<readonly (() => void)[]> {
    if (this.#busy) await this.#idle();
    try {
      if (this.#precondition !== null) await this.kernel('select');
      if (this.#refusal !== null) throw this.#refusal;
      this.#ended = true;
      await this.#channel.commit(this.#entries);
    } catch (error) {
      this.#noteOutage(error);
      await this.rollback();
      throw error;
    }
    return this.#afterCommit;
  }

  async rollback(): Promise<void> {
    if (this.#busy) await this.#idle();
    this.#ended = true;
    await this.#channel.rollback();
  }

  /** Ends it at once: cancels the current statement, if the database can, and refuses those that wait. */
  async giveUp(): Promise<void> {
    this.#ended = true;
    if (this.#busy) this.#channel.cancel();
    await this.rollback();
  }

  #noteOutage(error: unknown): void {
    this.#outage ??= outageOfDatabase(error, { readOnly: this.readOnly });
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #judge(precondition: Precondition, answer: string | null): Error | null {
    this.#precondition = null;
    this.#refusal = precondition.judge(answer);
    return this.#refusal;
  }

  #take(turn: QueuedStatement): void {
    if (this.#ended || this.#refusal !== null) {
      turn.reject(this.#refusal ?? new Error('this unit of work has ended; await every statement before the handler returns'));
      return;
    }
    this.#busy = true;
    if (this.#slow !== null) turn.startedAt = performance.now();
    this.#channel.send(turn, this.#precondition, (error, result) => this.#done(turn, error, result));
  }

  #done({ identity, statement, resolve, reject, startedAt }: QueuedStatement, error: unknown, result?: pg.QueryResult): void {
    this.#busy = false;
    if (this.#slow !== null) {
      const ms = performance.now() - startedAt;
      if (ms >= this.#slow.limitMs)
        this.#slow.note(identity.schema === null ? 'kernel' : pluginOf(identity.schema), statement.text, ms);
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.#take(next);
    if (result !== undefined) {
      resolve(result);
    } else {
      this.#noteOutage(error);
      noteValues(error, statement.values);
      reject(error);
    }
    if (!this.#busy) this.#onIdle?.();
  }
}

let savepoints = 0;

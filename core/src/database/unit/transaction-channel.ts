import type pg from 'pg';
import type { SqlIdentity, Statement } from '../../context/unit.js';
import { release, resetSession } from '../homes/session.js';
import type { Limits } from '../homes/session-settings.js';
import { begin, beginReadOnly, commitAsynchronously, setLimits } from './begin-statements.js';
import { Cancellation } from './cancel-statement.js';
import { type Channel, type IdentifiedStatement, statementFailedError } from './channel.js';
import { connectFor } from './connect.js';
import { type Done, type Lead, together } from './pipeline.js';
import { leadOf, type Precondition } from './precondition.js';
import { send, type UnitHome } from './send.js';
import { kernelIdentity, sameIdentity, setIdentity } from './sql-identity.js';
import { storeEntries } from './store-entries.js';

/** The channel of a unit that is one transaction on one connection, which is taken with the first statement. */
export class TransactionChannel implements Channel {
  #client: pg.PoolClient | null = null;
  /** The identity last set on the connection; null if unknown. */
  #identity: SqlIdentity | null = null;
  #unusable = false;
  #cancelled = false;
  #cancellation: Cancellation | null = null;
  /** A plugin's statement ran on the connection, so the session must be reset. */
  #touched = false;

  constructor(
    private readonly home: UnitHome,
    private readonly readOnly: boolean,
    private readonly lane: string | null,
    /** null: the limits of the connection. */
    private readonly limits: Limits | null,
  ) {}

  send(order: IdentifiedStatement, precondition: Precondition | null, done: Done): void {
    if (this.#client !== null) {
      this.#run(this.#client, order, precondition === null ? [] : [leadOf(precondition)], done);
      return;
    }
    const isAbandoned = () => this.#cancelled;
    connectFor(this.home, this.lane, isAbandoned, done, (client) => {
      this.#client = client;
      const leads = [this.readOnly ? beginReadOnly : begin];
      if (this.limits !== null) leads.push(setLimits(this.limits));
      if (precondition !== null) leads.push(leadOf(precondition));
      this.#run(client, order, leads, done);
    });
  }

  forSavepoints(): Channel {
    return this;
  }

  async commit(entries: readonly Statement[]): Promise<void> {
    const client = this.#client;
    const last = this.readOnly ? undefined : entries.at(-1);
    if (client === null || last === undefined) {
      if (client !== null) await this.#finish(client, 'commit');
      await storeEntries(this.home, entries);
      return;
    }
    for (const entry of entries.slice(0, -1)) await this.#add(client, entry);
    await this.#commitWith(client, last);
  }

  async rollback(): Promise<void> {
    if (this.#client !== null) await this.#finish(this.#client, 'rollback');
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#client === null || this.home.prepared === null) return;
    this.#cancellation ??= new Cancellation(this.#client);
  }

  #run(client: pg.PoolClient, { identity, statement }: IdentifiedStatement, leads: Lead[], done: Done): void {
    // A rollback is the only statement that a failed transaction accepts. It restores the savepoint's settings, which are not tracked.
    const rollsBack = /^\s*rollback/i.test(statement.text);
    try {
      if (!rollsBack && !sameIdentity(this.#identity, identity)) leads.push(setIdentity(identity));
    } catch (error) {
      done(error);
      return;
    }
    this.#identity = null;
    this.#touched ||= identity.role !== null;
    send(this.home, client, identity.role, leads, statement, (error, result, unusable) => {
      this.#unusable ||= unusable;
      if (result !== undefined) this.#identity = rollsBack ? null : identity;
      done(error, result);
    });
  }

  /** Resolves with the error, or null. */
  #add(client: pg.PoolClient, entry: Statement): Promise<unknown> {
    const leads = sameIdentity(this.#identity, kernelIdentity)
      ? [commitAsynchronously]
      : [setIdentity(kernelIdentity), commitAsynchronously];
    this.#identity = kernelIdentity;
    return new Promise((resolve) => {
      send(this.home, client, null, leads, entry, (error, result, unusable) => {
        this.#unusable ||= unusable;
        resolve(result === undefined ? error : null);
      });
    });
  }

  /** Sends the commit without waiting for the entry: if storing it fails, PostgreSQL turns the commit into a rollback. */
  async #commitWith(client: pg.PoolClient, last: Statement): Promise<void> {
    if (this.home.prepared === null) {
      const error = await this.#add(client, last);
      await this.#finish(client, error === null ? 'commit' : 'rollback');
      if (error !== null) throw told(error);
      return;
    }
    let both: Promise<[unknown, unknown]> | null = null;
    together(client, () => {
      both = Promise.all([
        this.#add(client, last),
        this.#finish(client, 'commit').then(
          () => null,
          (error: unknown) => error,
        ),
      ]);
    });
    const [failed, notCommitted] = await (both as unknown as Promise<[unknown, unknown]>);
    if (failed !== null) throw told(failed);
    if (notCommitted !== null) throw notCommitted;
  }

  async #finish(client: pg.PoolClient, text: 'commit' | 'rollback'): Promise<void> {
    this.#client = null;
    const ending = client.query(text);
    const toSettle = this.#touched && !this.readOnly && !this.#unusable;
    // Sent together with the commit where the driver can; only the release of the connection waits for it.
    let settled = toSettle && this.home.prepared !== null ? resetSession(client) : null;
    let result: pg.QueryResult;
    try {
      result = await ending;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      if (this.#cancellation?.end() === true) this.#unusable = true;
    }
    if (toSettle) settled ??= resetSession(client);
    if (settled !== null) settled.then((asEverySession) => client.release(!asEverySession || this.#unusable));
    else if (this.#touched) release(client, this.#unusable);
    else client.release(this.#unusable);
    // PostgreSQL answers COMMIT with ROLLBACK if an earlier statement failed and its error was swallowed.
    if (text === 'commit' && result.command !== 'COMMIT') throw statementFailedError();
  }
}

/** SQLSTATE in_failed_sql_transaction */
const IN_FAILED_TRANSACTION = '25P02';

const told = (error: unknown): unknown =>
  (error as { code?: string }).code === IN_FAILED_TRANSACTION ? statementFailedError() : error;

import type pg from 'pg';
import type { Statement } from '../../context/unit.js';
import { release } from '../homes/session.js';
import { Cancellation } from './cancel-statement.js';
import { type Channel, type IdentifiedStatement, statementFailedError } from './channel.js';
import { connectFor } from './connect.js';
import type { Done, Lead } from './pipeline.js';
import type { Precondition } from './precondition.js';
import { send, type UnitHome } from './send.js';
import { setReadIdentity } from './sql-identity.js';
import { storeEntries } from './store-entries.js';
import { TransactionChannel } from './transaction-channel.js';

const nothing = Promise.resolve();

/**
 * The channel of a read-only unit: each statement is its own transaction, in one packet. With READ COMMITTED, each statement has its own
 * snapshot anyway. No BEGIN and COMMIT are needed, and others can use the connection between two statements.
 */
export class ReadChannel implements Channel {
  #failed = false;
  #cancelled = false;
  #cancellation: Cancellation | null = null;
  #client: pg.PoolClient | null = null;

  constructor(
    private readonly home: UnitHome,
    private readonly lane: string | null,
  ) {}

  send({ identity, statement }: IdentifiedStatement, precondition: Precondition | null, done: Done): void {
    if (this.#failed) {
      done(statementFailedError());
      return;
    }
    let leads: Lead[];
    try {
      leads = [setReadIdentity(identity, precondition)];
    } catch (error) {
      done(error);
      return;
    }
    const isAbandoned = () => this.#cancelled;
    connectFor(this.home, this.lane, isAbandoned, done, (client) => {
      this.#client = client;
      send(this.home, client, identity.role, leads, statement, (failure, result, unusable) => {
        this.#client = null;
        const cancelled = this.#cancellation?.end() ?? false;
        release(client, unusable || cancelled);
        this.#failed = result === undefined;
        done(failure, result);
      });
    });
  }

  forSavepoints(): Channel {
    return this.#failed ? this : new TransactionChannel(this.home, true, this.lane, null);
  }

  commit(entries: readonly Statement[]): Promise<void> {
    if (this.#failed) return Promise.reject(statementFailedError());
    return entries.length === 0 ? nothing : storeEntries(this.home, entries);
  }

  async rollback(): Promise<void> {}

  cancel(): void {
    this.#cancelled = true;
    if (this.#client !== null) this.#cancellation ??= new Cancellation(this.#client);
  }
}

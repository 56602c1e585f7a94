import type { SqlIdentity, Statement } from '../../context/unit.js';
import type { Done } from './pipeline.js';
import type { Precondition } from './precondition.js';

/** A statement and on whose behalf it runs. */
export interface Order {
  identity: SqlIdentity;
  statement: Statement;
}

/** How the statements of one unit of work reach the database: one at a time, each answered before the next is sent. */
export interface Channel {
  send(order: Order, precondition: Precondition | null, done: Done): void;
  /** The channel to go on with where parts of the unit are to be taken back. */
  forSavepoints(): Channel;
  /** @param entries what the kernel writes down of this unit; if that fails, nothing is stored */
  commit(entries: readonly Statement[]): Promise<void>;
  rollback(): Promise<void>;
  /** Gives the statement under way up, where the database can: it then fails. Nothing but a rollback follows. */
  cancel(): void;
}

/** PostgreSQL takes nothing more in a transaction of which a statement failed, and answers its COMMIT with ROLLBACK. */
export const statementFailedError = (): Error =>
  new Error('nothing was stored: a statement of this unit of work failed, and its error was not passed on');

export const abandonedError = (): Error => new Error('this unit of work was given up before the statement began');

import type { SqlIdentity, Statement } from '../../context/unit.js';
import type { Done } from './pipeline.js';
import type { Precondition } from './precondition.js';

/** A statement with the identity under which it runs. */
export interface IdentifiedStatement {
  identity: SqlIdentity;
  statement: Statement;
}

/** How a unit of work sends its statements: one at a time, each answered before the next is sent. */
export interface Channel {
  send(order: IdentifiedStatement, precondition: Precondition | null, done: Done): void;
  /** The channel to use from now on when savepoints, or locks until the end of the unit, are needed. */
  forSavepoints(): Channel;
  /** @param entries audit entries; if storing one fails, nothing is stored */
  commit(entries: readonly Statement[]): Promise<void>;
  rollback(): Promise<void>;
  /** Cancels the current statement where the database can; only a rollback may follow. */
  cancel(): void;
}

/** A failed transaction accepts no further statements, and PostgreSQL answers its COMMIT with ROLLBACK. */
export const statementFailedError = (): Error =>
  new Error('nothing was stored: a statement of this unit of work failed, and its error was caught');

export const abandonedError = (): Error => new Error('this unit of work was abandoned before the statement began');

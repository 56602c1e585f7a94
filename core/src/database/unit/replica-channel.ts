import type { Statement } from '../../context/unit.js';
import type { Replica } from '../homes/replica.js';
import type { Channel, IdentifiedStatement } from './channel.js';
import type { Done } from './pipeline.js';
import type { Precondition } from './precondition.js';
import { ReadChannel } from './read-channel.js';
import type { UnitHome } from './send.js';
import { kernelIdentity } from './sql-identity.js';

/**
 * The channel of a read-only unit that may read a replica. Plugins' statements go there while it is fresh; sessions, rights and all else that
 * the kernel reads come from the primary server. A statement that fails on the replica for whatever reason is sent to the primary server, as
 * are those after it.
 */
export class ReplicaChannel implements Channel {
  readonly #primary: ReadChannel;
  readonly #copy: ReadChannel;
  #left = false;
  #cancelled = false;

  constructor(
    home: UnitHome,
    private readonly replica: Replica,
    lane: string | null,
  ) {
    this.#primary = new ReadChannel(home, lane);
    this.#copy = new ReadChannel(replica.home, lane);
  }

  send(order: IdentifiedStatement, precondition: Precondition | null, done: Done): void {
    if (!this.replica.isFresh) this.#left = true;
    if (this.#left || order.identity.role === null) {
      this.#primary.send(order, precondition, done);
    } else if (precondition === null) {
      this.#read(order, done);
    } else {
      this.#primary.send(onlyThePrecondition, precondition, (error, result) => {
        if (result === undefined) done(error);
        else this.#read(order, done);
      });
    }
  }

  forSavepoints(): Channel {
    return this.#primary.forSavepoints();
  }

  commit(entries: readonly Statement[]): Promise<void> {
    return this.#primary.commit(entries);
  }

  rollback(): Promise<void> {
    return this.#primary.rollback();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#primary.cancel();
    this.#copy.cancel();
  }

  #read(order: IdentifiedStatement, done: Done): void {
    this.#copy.send(order, null, (error, result) => {
      // A statement that was held up there may show what is older by now.
      if (this.#cancelled || (result !== undefined && this.replica.isFresh)) {
        done(error, result);
        return;
      }
      this.#left = true;
      this.#primary.send(order, null, done);
    });
  }
}

const onlyThePrecondition: IdentifiedStatement = { identity: kernelIdentity, statement: { text: 'select' } };

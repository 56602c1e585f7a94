import type pg from 'pg';
import { type Connected, ConnectionLanes } from './connection-lanes.js';

/** Maximum wait for a connection of the replica: the primary server answers sooner. */
const WAIT_MS = 200;

/** Connections of a replica, given only while it is fresh, and without a long wait; a slow lane does not wait at all. */
export class ReplicaConnections {
  readonly #lanes: ConnectionLanes;

  constructor(
    pool: pg.Pool,
    private readonly isFresh: () => boolean,
  ) {
    this.#lanes = new ConnectionLanes(pool, 0);
  }

  connect(lane: string | null, done: Connected): void {
    let waits = true;
    const timer = setTimeout(() => {
      waits = false;
      done(new Error(`no connection of the replica within ${WAIT_MS} ms`), undefined);
    }, WAIT_MS);
    this.#lanes.connect(lane, (error, client) => {
      clearTimeout(timer);
      if (!waits) {
        client?.release();
      } else if (client !== undefined && !this.isFresh()) {
        client.release();
        done(new Error('the replica is no longer fresh'), undefined);
      } else {
        done(error, client);
      }
    });
  }
}

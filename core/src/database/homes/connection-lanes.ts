import type pg from 'pg';
import { markConnecting, markOutage } from '../outages/outage.js';

/** A statement or unit that holds a connection for longer than this is slow. */
const SLOW_MS = 1_000;
/** A lane counts as slow for this long after its slow work was last noticed. */
const SLOW_FOR_MS = 10_000;
/** Maximum wait for a connection in a slow lane, by default. */
const WAIT_MS = 5_000;

export type Connected = (error: unknown, client: pg.PoolClient | undefined) => void;

interface Hold {
  lane: string;
  at: number;
}

interface Waiter {
  lane: string;
  done: Connected;
  timer: NodeJS.Timeout;
}

/**
 * Shares the connection pool fairly between lanes (routes). A request that waits in the database, behind a lock or in a slow query, keeps
 * its connection meanwhile, so the requests of one route could take all of them. While few connections are left, a lane with slow work gets
 * at most its share.
 */
export class ConnectionLanes {
  readonly #reserve: number;
  readonly #max: number;
  readonly #holds = new Map<pg.PoolClient, Hold>();
  readonly #slowUntil = new Map<string, number>();
  readonly #waiting: Waiter[] = [];

  /** @param waitMs maximum wait of a slow lane */
  constructor(
    private readonly pool: pg.Pool,
    private readonly waitMs = WAIT_MS,
  ) {
    this.#max = pool.options.max ?? 10;
    this.#reserve = this.#max < 3 ? 0 : Math.ceil(this.#max * 0.3);
    if (this.#reserve > 0) pool.on('release', (_error, client) => this.#released(client as pg.PoolClient));
  }

  /** @param lane null for the kernel's own work, which waits only for the pool */
  connect(lane: string | null, done: Connected): void {
    if (lane === null || this.#reserve === 0 || this.#mayTake(lane)) this.#take(lane, done);
    else this.#wait(lane, done);
  }

  #mayTake(lane: string): boolean {
    if (this.#free() > this.#reserve) return true;
    this.#noteSlow();
    return !this.#isSlow(lane) || this.#holdsLess(lane);
  }

  /** Whether the lane holds less than an equal share, where the connections are divided among the slow lanes and one more. */
  #holdsLess(lane: string): boolean {
    let held = 0;
    const lanes = new Set<string>();
    for (const hold of this.#holds.values()) {
      if (this.#isSlow(hold.lane)) lanes.add(hold.lane);
      if (hold.lane === lane) held++;
    }
    return held < Math.max(1, Math.floor(this.#max / (lanes.size + 1)));
  }

  #free(): number {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return this.#max - totalCount + idleCount - waitingCount;
  }

  #take(lane: string | null, done: Connected): void {
    this.pool.connect((error, client) => {
      if (client === undefined) {
        done(markConnecting(error), undefined);
        return;
      }
      if (lane !== null && this.#reserve > 0) this.#holds.set(client, { lane, at: performance.now() });
      done(null, client);
    });
  }

  #isSlow(lane: string): boolean {
    return (this.#slowUntil.get(lane) ?? 0) > performance.now();
  }

  #noteSlow(): void {
    const now = performance.now();
    for (const hold of this.#holds.values()) {
      if (now - hold.at > SLOW_MS) this.#slowUntil.set(hold.lane, now + SLOW_FOR_MS);
    }
  }

  #wait(lane: string, done: Connected): void {
    const waiter: Waiter = {
      lane,
      done,
      timer: setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        const error = new Error(
          `no connection within ${this.waitMs} ms: all those of "${lane}" are in use and wait in the database`,
        );
        markOutage(error, 'locked');
        done(error, undefined);
      }, this.waitMs),
    };
    this.#waiting.push(waiter);
  }

  #released(client: pg.PoolClient): void {
    this.#holds.delete(client);
    // On the next tick, because the pool takes the connection back only after this callback.
    if (this.#waiting.length > 0) process.nextTick(() => this.#admit());
  }

  #admit(): void {
    for (const waiter of [...this.#waiting]) {
      if (this.#free() <= 0) return;
      if (!this.#mayTake(waiter.lane)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      clearTimeout(waiter.timer);
      this.#take(waiter.lane, waiter.done);
    }
  }
}

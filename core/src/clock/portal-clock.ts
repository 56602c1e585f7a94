import type { Clock } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';

/** A measurement that took longer says little: it replaces an earlier one only where it contradicts it. */
const SLOW_MS = 1_000;

/**
 * The database's clock, told without asking it each time: what it said when it was last measured, plus what has passed since on this
 * process's monotonic clock. So a wrong clock of this machine, or one that jumps, changes nothing.
 *
 * The embedded database runs in this process and has the same clock: there is nothing to measure.
 */
export class PortalClock implements Clock {
  /** Add it to `performance.now()` to have the database's time in milliseconds; null where that is the process's own. */
  #base: number | null = null;

  constructor(private readonly home: Pick<DatabaseHome, 'kind' | 'pool'>) {}

  now(): Date {
    return new Date(this.#base === null ? Date.now() : this.#base + performance.now());
  }

  /** How far this process's clock is ahead of the database's, in milliseconds; negative: behind. */
  offsetMs(): number {
    return this.#base === null ? 0 : Math.round(Date.now() - (this.#base + performance.now()));
  }

  async measure(): Promise<void> {
    if (this.home.kind === 'pglite') return;
    const client = await this.home.pool.connect();
    try {
      const asked = performance.now();
      const { rows } = await client.query<{ ms: number }>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms');
      const answered = performance.now();
      const base = (rows[0] as { ms: number }).ms - (asked + answered) / 2;
      const took = answered - asked;
      const contradicts = this.#base === null || Math.abs(base - this.#base) > took;
      if (took <= SLOW_MS || contradicts) this.#base = base;
    } finally {
      client.release();
    }
  }
}

import type { Clock } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';

/** A measurement that took longer is inaccurate: it replaces an earlier one only if it contradicts it. */
const SLOW_MS = 1_000;

/**
 * The database's time without a query for each reading: its time at the last measurement, plus the time passed since then on the monotonic
 * clock of this process. A wrong or jumping system clock has no effect.
 *
 * The embedded database runs in this process and shares its clock, so nothing is measured.
 */
export class PortalClock implements Clock {
  /** Offset to `performance.now()` that gives the database's time in milliseconds; null for the embedded database. */
  #base: number | null = null;

  constructor(private readonly home: Pick<DatabaseHome, 'kind' | 'pool'>) {}

  now(): Date {
    return new Date(this.#base === null ? Date.now() : this.#base + performance.now());
  }

  /** How far this process's clock is ahead of the database's, in milliseconds; negative if behind. */
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

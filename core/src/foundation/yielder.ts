import { setImmediate as turn } from 'node:timers/promises';

/** Longest time that work in memory may hold the event loop. */
const longestMs = 10;
/** Rows between two readings of the clock. */
const rowsBetweenReadings = 32;

/**
 * Yields to other requests during long work in memory, such as an import: a process has one thread for all its requests.
 *
 * ```ts
 * const yielder = new Yielder();
 * for (const row of rows) {
 *   if (yielder.due()) await yielder.yield();
 *   …
 * }
 * ```
 */
export class Yielder {
  #rows = 0;
  #began = performance.now();

  /** To be called for each row. True after about 10 ms: then yield. */
  due(): boolean {
    this.#rows += 1;
    return this.#rows % rowsBetweenReadings === 0 && performance.now() - this.#began >= longestMs;
  }

  /** Yields to the event loop. */
  async yield(): Promise<void> {
    await turn();
    this.#began = performance.now();
  }
}

import { setImmediate as turn } from 'node:timers/promises';

/** Longest time that work in memory may hold the event loop. */
const longestMs = 10;
/** Rows between two looks at the clock. */
const rowsBetweenLooks = 32;

/**
 * Yields to other requests during long work in memory, such as an import: a process has one thread for all its requests.
 *
 * ```ts
 * const breath = new Breath();
 * for (const row of rows) {
 *   if (breath.due()) await breath.take();
 *   …
 * }
 * ```
 */
export class Breath {
  #rows = 0;
  #began = performance.now();

  /** Call it for each row; true when it is time to yield, after about 10 ms. */
  due(): boolean {
    this.#rows += 1;
    return this.#rows % rowsBetweenLooks === 0 && performance.now() - this.#began >= longestMs;
  }

  /** Yields to the event loop. */
  async take(): Promise<void> {
    await turn();
    this.#began = performance.now();
  }
}

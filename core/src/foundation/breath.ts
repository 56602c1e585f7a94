import { setImmediate as turn } from 'node:timers/promises';

/** How long work in memory may keep all others waiting. */
const longestMs = 10;
/** Rows after which the clock is looked at. */
const rowsBetweenLooks = 32;

/**
 * Lets others have their turn during long work in memory, such as an import: a process has one thread for all its requests.
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

  /** To be asked for each row. */
  due(): boolean {
    this.#rows += 1;
    return this.#rows % rowsBetweenLooks === 0 && performance.now() - this.#began >= longestMs;
  }

  /** Comes back when whatever waited has had its turn. */
  async take(): Promise<void> {
    await turn();
    this.#began = performance.now();
  }
}

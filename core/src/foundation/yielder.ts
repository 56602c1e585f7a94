import { setImmediate as turn } from 'node:timers/promises';

/** Maximum time that in-memory work may block the event loop. */
const longestMs = 10;
/** Number of rows between two readings of the clock. */
const rowsBetweenReadings = 32;

/**
 * Lets other requests run during long in-memory work, such as an import: a process has one thread for all its requests.
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

  /** Call this for each row. Returns true after about 10 ms: then yield. */
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

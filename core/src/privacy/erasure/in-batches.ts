import { setTimeout as pause } from 'node:timers/promises';
import { BATCH } from './erasure-statements.js';

/**
 * Repeats `batch` until it finds less than a full one, pausing after each for as long as it took: requests share the database with it, and
 * on the embedded one the process too.
 *
 * @param batch one unit of work; returns the number of its rows
 * @returns the number of all rows
 */
export async function inBatches(batch: () => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const started = performance.now();
    const rows = await batch();
    all += rows;
    if (rows < BATCH) return all;
    await pause(performance.now() - started);
  }
}

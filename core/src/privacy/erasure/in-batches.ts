import { setTimeout as pause } from 'node:timers/promises';
import { BATCH } from './erasure-statements.js';

/**
 * Repeats `batch` until it finds less than a full batch, and pauses after each for as long as it took, because requests share the database
 * with it, and on the embedded database also the process.
 *
 * @param batch runs one unit of work; returns the number of its rows
 * @returns the total number of rows
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

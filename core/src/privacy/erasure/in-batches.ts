import { setTimeout as pause } from 'node:timers/promises';
import { BATCH } from './erasure-statements.js';

/**
 * Runs `batch` until it finds less than a full one, and rests as long as each took: requests share the database with it, and on the embedded
 * one the process as well.
 *
 * @param batch one unit of work; returns the rows that it took
 * @returns all rows
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

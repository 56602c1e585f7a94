import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Maximum wait of one attempt for a lock. Others that need the table queue behind it, so this is shorter than a request's limit. */
const LOCK_MS = 1_000;
/** About two minutes, including the pauses between attempts. */
const ATTEMPTS = 30;
const LONGEST_PAUSE_MS = 5_000;

/** Serialization failure, deadlock, lock timeout. */
const contended = ['40001', '40P01', '55P03'];

/** Whether the error was caused by concurrent work, so that a retry may succeed. */
export function isContended(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return contended.includes(String(code));
}

/** Runs `fn` in a transaction with a short lock timeout, and retries it; commits if `fn` returns true. */
export async function inRetriedTransaction(client: pg.PoolClient, fn: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await client.query(`begin; set local lock_timeout = ${LOCK_MS}`);
    try {
      await client.query((await fn()) ? 'commit' : 'rollback');
      return;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      if (attempt === ATTEMPTS || !isContended(error)) throw error;
    }
    await sleep(Math.min(200 * attempt, LONGEST_PAUSE_MS));
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/**
 * How long one attempt waits for a lock. Whoever needs the same table waits behind it meanwhile: less than a request may wait, so
 * that none fails because of it.
 */
const LOCK_MS = 1_000;
/** With the pauses between them about two minutes. */
const ATTEMPTS = 30;
const LONGEST_PAUSE_MS = 5_000;

/** Serialization failure, deadlock, lock timeout. */
const contended = ['40001', '40P01', '55P03'];

/** Did it fail because others were at work on the same, so that it may succeed another time? */
export function isContended(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return contended.includes(String(code));
}

/** Runs `fn` in a transaction that gives way to the work of others, and tries again; it commits where `fn` returns true. */
export async function inPatientTransaction(client: pg.PoolClient, fn: () => Promise<boolean>): Promise<void> {
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

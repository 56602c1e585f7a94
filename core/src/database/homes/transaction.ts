import type pg from 'pg';
import { jobLimits, KERNEL_PATH, limitSettings } from './session-settings.js';

/** For the kernel's own work, which does not delay a request. */
const usual = ['begin', ...Object.entries(limitSettings(jobLimits)).map(([name, value]) => `set local ${name} = ${value}`)].join(
  '; ',
);

/**
 * Runs `fn` in a transaction on its own connection: commits when it returns, rolls back when it throws.
 *
 * @param begin the statement that opens the transaction, if not an ordinary one
 */
export async function inTransaction<T>(pool: pg.Pool, fn: (client: pg.PoolClient) => Promise<T>, begin = usual): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(`${begin}; set local search_path = ${KERNEL_PATH}`);
    const value = await fn(client);
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

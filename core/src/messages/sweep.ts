import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { inTransaction } from '../database/homes/transaction.js';
import type { JobEngine } from './engines/engine.js';

const BATCH = 500;
/** A hand-over younger than this is not checked. */
const GRACE_SECONDS = 5;
/** A message that was lost this often is probably the cause of the losses. */
const MOST_LOSSES = 20;

/**
 * Finds messages that were handed over but are held by no worker: the engine lost them (Redis was flushed), or their worker was killed.
 * They are freed, so that the relay hands them over again. A running handler holds a lock on its row, and a call to another service holds a
 * lease: a row with neither is not being handled.
 */
export class Sweep {
  constructor(
    private readonly home: DatabaseHome,
    private readonly log: Logger,
  ) {}

  async run(engine: JobEngine): Promise<void> {
    while ((await this.#batch(engine)) === BATCH);
    await this.home.pool.query(
      'delete from kernel.running_messages r where not exists (select from kernel.messages m where m.id = r.message)',
    );
  }

  /** Returns the number of lost messages in a batch. */
  async #batch(engine: JobEngine): Promise<number> {
    const { lost, freed } = await inTransaction(this.home.pool, async (client) => {
      const { rows } = await client.query<{ id: string; task: string | null }>(
        `select id, task from kernel.messages
         where taken_at < now() - make_interval(secs => ${GRACE_SECONDS}) and failed_at is null
           and (leased_until is null or leased_until < now())
         order by taken_at limit ${BATCH} for update skip locked`,
      );
      const tasks = rows.flatMap(({ task }) => (task === null ? [] : [task]));
      const known = tasks.length === 0 ? new Set() : await engine.known(client, tasks);
      const lost = rows.filter(({ task }) => !known.has(task)).map(({ id }) => id);
      await client.query('update kernel.messages set taken_at = now() where id = any($1)', [
        rows.filter(({ task }) => known.has(task)).map(({ id }) => id),
      ]);
      const { rowCount } = await client.query(
        `update kernel.messages set task = null, taken_at = null, lease = null, leased_until = null, losses = losses + 1,
           failed_at = case when losses >= ${MOST_LOSSES} then now() end,
           failure = case when losses >= ${MOST_LOSSES} then 'lost' else failure end
         where id = any($1)`,
        [lost],
      );
      return { lost: lost.length, freed: rowCount };
    });
    if (lost > 0) this.log.warn({ messages: freed }, 'undelivered messages are handed to the job engine again');
    return lost;
  }
}

import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/home.js';
import type { Deliver, JobEngine, Task } from './engine.js';

const QUEUE = 'messages';
/** Handlers at work at once in this process. The embedded database has one connection, so one is enough there. */
const WORKERS = { postgresql: 4, pglite: 1 };

/** The engine without Redis: pg-boss over the portal's own database. */
export class PgBossEngine implements JobEngine {
  readonly #boss: PgBoss;
  readonly #workers: string[] = [];
  readonly #stopping = new AbortController();

  constructor(
    private readonly home: DatabaseHome,
    log: Logger,
  ) {
    this.#boss = new PgBoss({ db: executor(home.pool), schema: 'pgboss', schedule: false });
    this.#boss.on('error', (error) => log.warn({ err: error.message }, 'job engine'));
  }

  async start(): Promise<void> {
    await this.#boss.start();
    if ((await this.#boss.getQueue(QUEUE)) === null) await this.#boss.createQueue(QUEUE);
  }

  async take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void> {
    const jobs = tasks.map(({ id, dueAt, retry }) => ({
      id,
      name: QUEUE,
      retryLimit: retry.retries,
      retryDelay: retry.backoff,
      retryBackoff: true,
      startAfter: dueAt.toISOString(),
    }));
    // What was given back is taken again under the same id.
    await client.query('delete from pgboss.job where name = $1 and id = any($2)', [QUEUE, tasks.map(({ id }) => id)]);
    await this.#boss.insert(jobs, { db: executor(client) });
  }

  async work(deliver: Deliver): Promise<void> {
    for (let worker = 0; worker < WORKERS[this.home.kind]; worker++) {
      const id = await this.#boss.work(QUEUE, { pollingIntervalSeconds: 2, includeMetadata: true }, async (jobs) => {
        for (const job of jobs)
          await deliver(job.id, job.retryCount + 1, job.retryCount >= job.retryLimit, this.#stopping.signal);
      });
      this.#workers.push(id);
    }
  }

  nudge(): void {
    for (const worker of this.#workers) this.#boss.notifyWorker(worker);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#boss.stop({ graceful: true, wait: true, timeout: 15_000, close: false });
  }
}

const executor = (on: pg.Pool | pg.ClientBase): PgBoss.Db => ({
  executeSql: (text: string, values?: unknown[]) => on.query(text, values),
});

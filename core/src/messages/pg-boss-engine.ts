import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/home.js';
import type { Deliver, JobEngine, ScheduledJob } from './engine.js';
import type { Message, QueuedMessage } from './message.js';

/** The engine without Redis: pg-boss over the portal's own database, one queue a plugin and one a schedule. */
export class PgBossEngine implements JobEngine {
  readonly #boss: PgBoss;
  readonly #queues: string[] = [];
  readonly #workers: string[] = [];
  readonly #stopping = new AbortController();

  constructor(
    private readonly home: DatabaseHome,
    log: Logger,
  ) {
    this.#boss = new PgBoss({ db: executor(home.pool), schema: 'pgboss', supervise: true, schedule: true });
    this.#boss.on('error', (error) => log.warn({ err: error.message }, 'job engine'));
  }

  async start(plugins: readonly string[], schedules: readonly ScheduledJob[]): Promise<void> {
    await this.#boss.start();
    const known = new Set((await this.#boss.getQueues()).map(({ name }) => name));
    const ensure = async (queue: string) => {
      if (!known.has(queue)) await this.#boss.createQueue(queue);
      this.#queues.push(queue);
    };
    for (const plugin of plugins) await ensure(plugin);

    const before = await this.#boss.getSchedules();
    for (const { plugin, name, cron, payload, retry } of schedules) {
      const queue = `${plugin}/${name}`;
      await ensure(queue);
      const data = { plugin, kind: 'job', name, payload, schools: '*' };
      const same = before.some((schedule) => schedule.name === queue && schedule.cron === cron);
      if (!same) await this.#boss.schedule(queue, cron, data, { tz: 'UTC', ...retryOptions(retry) });
    }
    for (const { name } of before) {
      if (!schedules.some((schedule) => `${schedule.plugin}/${schedule.name}` === name)) await this.#boss.unschedule(name);
    }
  }

  async take(client: pg.ClientBase, messages: readonly QueuedMessage[]): Promise<void> {
    const jobs = messages.map(({ delaySeconds, retry, ...message }) => ({
      id: message.id,
      name: message.plugin,
      data: message,
      ...retryOptions(retry),
      ...(delaySeconds > 0 ? { startAfter: new Date(Date.now() + delaySeconds * 1000).toISOString() } : {}),
    }));
    await this.#boss.insert(jobs, { db: executor(client) });
  }

  async work(deliver: Deliver): Promise<void> {
    for (const queue of this.#queues) {
      const worker = await this.#boss.work<Message>(queue, { pollingIntervalSeconds: 2, includeMetadata: true }, async (jobs) => {
        for (const job of jobs) {
          // A scheduled message is made by the engine: its job is its identity.
          const message = { ...job.data, id: job.data.id ?? job.id, at: job.data.at ?? job.createdOn.toISOString() };
          await deliver(message, job.retryCount + 1, this.#stopping.signal);
        }
      });
      this.#workers.push(worker);
    }
  }

  nudge(): void {
    for (const worker of this.#workers) this.#boss.notifyWorker(worker);
  }

  async pending(): Promise<number> {
    const { rows } = await this.home.pool.query<{ count: number }>(
      `select count(*)::int as count from pgboss.job where name = any($1) and state in ('created', 'retry', 'active')`,
      [this.#queues],
    );
    return rows[0]?.count ?? 0;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#boss.stop({ graceful: true, wait: true, timeout: 15_000, close: false });
  }
}

const executor = (on: pg.Pool | pg.ClientBase): PgBoss.Db => ({
  executeSql: (text: string, values?: unknown[]) => on.query(text, values),
});

const retryOptions = ({ retries, backoff }: { retries: number; backoff: number }) => ({
  retryLimit: retries,
  retryDelay: backoff,
  retryBackoff: true,
});

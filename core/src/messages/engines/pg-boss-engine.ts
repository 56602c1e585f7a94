import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from '../../contract/services.js';
import { databaseState } from '../../database/homes/database-health.js';
import type { DatabaseHome } from '../../database/homes/home.js';
import type { OutageLog } from '../../database/outages/outage-log.js';
import { type Deliver, type JobEngine, STOP_MS, type Task } from './engine.js';
import { TaskPump, type TaskSource } from './task-pump.js';

const QUEUE = 'messages';
/** Key of an advisory lock; the value is arbitrary, but every portal must use the same one, and nothing else may use it. */
const START_LOCK = 7_205_614_333;
/** pg-boss abandons a handler after this time. The message's row determines the outcome, so the limit is as high as possible. */
const LONGEST_HOURS = 23;
/** A worker begins to handle a task within this time after fetching it. */
const BEGUN_SECONDS = 5;

/** The engine without Redis: pg-boss on the portal's own database. */
export class PgBossEngine implements JobEngine {
  readonly name = 'pg-boss';
  readonly #boss: PgBoss;
  #pump: TaskPump | null = null;

  constructor(
    private readonly home: DatabaseHome,
    log: Logger,
    outages: Pick<OutageLog, 'takesOwn'>,
  ) {
    this.#boss = new PgBoss({ db: executor(home.pool), schema: 'pgboss', schedule: false });
    this.#boss.on('error', (error) => {
      if (!outages.takesOwn(error)) log.warn({ err: error.message }, 'job engine');
    });
  }

  /** Starts one process at a time: processes that start together on an empty database would each create pg-boss's tables, and deadlock. */
  async start(): Promise<void> {
    const { kind, pool } = this.home;
    const client = kind === 'postgresql' ? await pool.connect() : null;
    try {
      // Another process may need longer than the usual lock timeout to create the tables.
      await client?.query(
        `begin; set local lock_timeout = 0; set local statement_timeout = 0; select pg_advisory_lock(${START_LOCK}); commit`,
      );
      await this.#boss.start();
      if ((await this.#boss.getQueue(QUEUE)) === null) await this.#boss.createQueue(QUEUE);
    } finally {
      await client?.query(`select pg_advisory_unlock(${START_LOCK})`).catch(() => {});
      client?.release();
    }
  }

  async take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void> {
    const jobs = tasks.map(({ id, message }) => ({
      id,
      name: QUEUE,
      data: { message },
      retryLimit: 0,
      expireInSeconds: LONGEST_HOURS * 3600,
    }));
    // A task that was given back is inserted again under the same id.
    await client.query('delete from pgboss.job where name = $1 and id = any($2)', [QUEUE, tasks.map(({ id }) => id)]);
    await this.#boss.insert(jobs, { db: executor(client) });
  }

  async known(client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>> {
    // A killed worker leaves its task active for hours; the sweep asks only about messages that no handler holds.
    const { rows } = await client.query<{ id: string }>(
      `select id from pgboss.job where name = '${QUEUE}' and id = any($1)
       and (state = 'created' or state = 'active' and started_on > now() - make_interval(secs => ${BEGUN_SECONDS}))`,
      [taskIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Does not use pg-boss's workers: they fetch one task at a time, and each fetch sorts everything that waits. */
  async work(deliver: Deliver, concurrency: number): Promise<void> {
    const { pool } = this.home;
    const idsOf = (tasks: readonly Task[]) => tasks.map(({ id }) => id);
    const source: TaskSource = {
      fetch: async (batchSize) => {
        const jobs = await this.#boss.fetch<{ message: string } | null>(QUEUE, { batchSize });
        return jobs.flatMap(({ id, data }) => (data === null ? [] : { id, message: data.message }));
      },
      giveBack: async (tasks) => {
        const text = `update pgboss.job set state = 'created', started_on = null where name = $1 and id = any($2)`;
        await pool.query(text, [QUEUE, idsOf(tasks)]);
      },
      forget: async (tasks) => {
        await pool.query('delete from pgboss.job where name = $1 and id = any($2)', [QUEUE, idsOf(tasks)]);
      },
    };
    this.#pump = new TaskPump(source, deliver, concurrency);
    this.#pump.start();
  }

  nudge(): void {
    this.#pump?.look();
  }

  /** Reachable whenever the database is. */
  async reachable(): Promise<boolean> {
    // The embedded database is part of this process, and the caller may hold its only connection.
    if (this.home.kind === 'pglite') return true;
    return (await databaseState(this.home)) === 'reachable';
  }

  async stop(): Promise<void> {
    await this.#pump?.stop(STOP_MS);
    await this.#boss.stop({ graceful: true, wait: true, timeout: STOP_MS, close: false });
  }
}

const executor = (on: pg.Pool | pg.ClientBase): PgBoss.Db => ({
  executeSql: (text: string, values?: unknown[]) => on.query(text, values),
});

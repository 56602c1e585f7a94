import type pg from 'pg';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/home.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { JobEngine } from './engine.js';
import { type Message, retryPolicyOf } from './message.js';
import { Schedules } from './schedules.js';

const BATCH = 100;
const POLL_MS = 5_000;

/** Hands messages to the job engine, transaction by transaction, and makes those that the schedules call for. */
export class Relay {
  readonly #schedules: Schedules;
  #engine: JobEngine | null = null;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #kicked = false;

  constructor(
    private readonly home: DatabaseHome,
    private readonly composition: Composition,
    private readonly gate: Gate,
    private readonly log: Logger,
  ) {
    this.#schedules = new Schedules(home, composition);
  }

  /** After a change of the plugins in service. */
  async reconcile(): Promise<void> {
    await this.#schedules.reconcile();
    this.kick();
  }

  async start(engine: JobEngine): Promise<void> {
    await this.#schedules.reconcile();
    this.#engine = engine;
    this.#timer = setInterval(this.kick, POLL_MS);
    this.kick();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#engine = null;
    await this.#running;
  }

  /** Looks now. Kicks that come while it looks are one. */
  readonly kick = (): void => {
    if (this.#kicked) return;
    this.#kicked = true;
    this.#running = this.#running.then(async () => {
      this.#kicked = false;
      try {
        await this.#relay();
      } catch (error) {
        this.log.warn({ err: (error as Error).message }, 'messages wait in the database and are tried again');
      }
    });
  };

  /** Messages not yet done, without those that wait for their time or their plugin, or failed for good. */
  async pending(): Promise<number> {
    return (await this.counts()).pending;
  }

  /** `held`: due, but their plugin is out of service. */
  async counts(): Promise<{ pending: number; held: number; failed: number }> {
    const { rows } = await this.home.pool.query<{ pending: number; held: number; failed: number }>(
      `select (count(*) filter (where failed_at is null and due_at <= now() and plugin = any($1)))::int as pending,
         (count(*) filter (where failed_at is null and due_at <= now() and plugin <> all($1)))::int as held,
         (count(*) filter (where failed_at is not null))::int as failed from kernel.messages`,
      [this.#serving()],
    );
    return rows[0] ?? { pending: 0, held: 0, failed: 0 };
  }

  #serving(): string[] {
    return this.composition.active.map(({ id }) => id).filter((id) => this.gate.serves(id));
  }

  async #relay(): Promise<void> {
    await this.#schedules.tick();
    for (let moved = BATCH; moved === BATCH && this.#engine !== null; ) {
      moved = await this.#moveBatch(this.#engine);
      if (moved > 0) this.#engine?.nudge();
    }
  }

  async #moveBatch(engine: JobEngine): Promise<number> {
    const client = await this.home.pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<TakenRow>(
        `update kernel.messages set taken_at = now() where id in (
           select id from kernel.messages where taken_at is null and plugin = any($1) order by position limit ${BATCH}
           for update skip locked)
         returning id, position, plugin, kind, name, due_at`,
        [this.#serving()],
      );
      rows.sort((a, b) => Number(a.position) - Number(b.position));
      const tasks = rows.map(({ id, plugin, kind, name, due_at }) => ({
        id,
        dueAt: due_at,
        retry: retryPolicyOf(kind, this.composition.find(plugin)?.checked?.definition.jobs?.[name]),
      }));
      if (tasks.length > 0) await engine.take(client, tasks);
      await client.query('commit');
      return rows.length;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }
}

interface TakenRow extends pg.QueryResultRow, Pick<Message, 'id' | 'plugin' | 'kind' | 'name'> {
  position: string;
  due_at: Date;
}

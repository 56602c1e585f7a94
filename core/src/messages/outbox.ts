import type pg from 'pg';
import type { z } from 'zod';
import type { SchoolScope } from '../contract/principal.js';
import type { Events, Jobs, Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/home.js';
import { currentFrame, type Frame } from '../frame.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import type { JobEngine } from './engine.js';
import type { QueuedMessage, RetryPolicy } from './message.js';

const EVENT_RETRIES: RetryPolicy = { retries: 8, backoff: 2 };
const BATCH = 100;
const POLL_MS = 5_000;

export const retryPolicyOf = (job: { retries?: number; backoff?: number }): RetryPolicy => ({
  retries: job.retries ?? 5,
  backoff: job.backoff ?? 5,
});

/**
 * Events and jobs wait in `kernel.outbox`, written in the transaction that caused them; the relay moves them to the engine.
 * So a message exists if and only if its cause was committed.
 */
export class Outbox {
  #engine: JobEngine | null = null;
  #timer: NodeJS.Timeout | null = null;
  #relaying: Promise<void> = Promise.resolve();

  constructor(
    private readonly home: DatabaseHome,
    private readonly plugins: readonly CheckedPlugin[],
    private readonly log: Logger,
  ) {}

  eventsOf(plugin: CheckedPlugin): Events {
    return {
      publish: async (name, payload) => {
        const schema = plugin.definition.events?.[name];
        if (schema === undefined) throw new Error(`${plugin.id} declares no event "${name}"; add it to events in its manifest.`);
        const full = `${plugin.id}.${name}`;
        const value = checked(schema, payload, `the event ${full}`);
        const frame = currentFrame(plugin.id);
        for (const subscriber of this.plugins) {
          if (subscriber.definition.on?.[full] !== undefined) await this.#put(frame, subscriber.id, 'event', full, value, 0);
        }
      },
    };
  }

  jobsOf(plugin: CheckedPlugin): Jobs {
    return {
      enqueue: async (name, payload, options = {}) => {
        const job = plugin.definition.jobs?.[name];
        if (job === undefined) throw new Error(`${plugin.id} declares no job "${name}"; add it to jobs in its manifest.`);
        const value = checked(job.payload, payload, `the job ${plugin.id}.${name}`);
        await this.#put(currentFrame(plugin.id), plugin.id, 'job', name, value, options.delaySeconds ?? 0);
      },
    };
  }

  start(engine: JobEngine): void {
    this.#engine = engine;
    this.#timer = setInterval(() => this.kick(), POLL_MS);
    this.kick();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#relaying;
    this.#engine = null;
  }

  /** Moves what waits, now. */
  kick(): void {
    this.#relaying = this.#relaying
      .then(() => this.#relay())
      .catch((error: Error) => {
        this.log.warn({ err: error.message }, 'outbox: messages wait in the database and are tried again');
      });
  }

  async pending(): Promise<number> {
    const { rows } = await this.home.pool.query<{ count: number }>('select count(*)::int as count from kernel.outbox');
    return rows[0]?.count ?? 0;
  }

  async #put(frame: Frame, plugin: string, kind: string, name: string, payload: unknown, delaySeconds: number): Promise<void> {
    await frame.unit.kernel(
      'insert into kernel.outbox (plugin, kind, name, payload, schools, delay_seconds) values ($1, $2, $3, $4, $5, $6)',
      [plugin, kind, name, JSON.stringify(payload), JSON.stringify(frame.principal.schools), delaySeconds],
    );
    frame.unit.afterCommit(() => this.kick());
  }

  async #relay(): Promise<void> {
    const engine = this.#engine;
    if (engine === null) return;
    for (;;) {
      const moved = await this.#moveBatch(engine);
      if (moved > 0) engine.nudge();
      if (moved < BATCH) return;
    }
  }

  async #moveBatch(engine: JobEngine): Promise<number> {
    const client = await this.home.pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<OutboxRow>(
        `delete from kernel.outbox where id in (select id from kernel.outbox order by position limit ${BATCH} for update skip locked)
         returning id, position, plugin, kind, name, payload, schools, delay_seconds, created_at`,
      );
      rows.sort((a, b) => Number(a.position) - Number(b.position));
      if (rows.length > 0)
        await engine.take(
          client,
          rows.map((row) => this.#toMessage(row)),
        );
      await client.query('commit');
      return rows.length;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  #toMessage(row: OutboxRow): QueuedMessage {
    const job = this.plugins.find(({ id }) => id === row.plugin)?.definition.jobs?.[row.name];
    return {
      id: row.id,
      plugin: row.plugin,
      kind: row.kind,
      name: row.name,
      payload: row.payload,
      schools: row.schools,
      at: row.created_at.toISOString(),
      delaySeconds: row.delay_seconds,
      retry: row.kind === 'job' && job !== undefined ? retryPolicyOf(job) : EVENT_RETRIES,
    };
  }
}

interface OutboxRow extends pg.QueryResultRow {
  id: string;
  position: string;
  plugin: string;
  kind: 'event' | 'job';
  name: string;
  payload: unknown;
  schools: SchoolScope;
  delay_seconds: number;
  created_at: Date;
}

function checked(schema: z.ZodType, payload: unknown, what: string): unknown {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`);
  throw new Error(`the payload of ${what} does not fit its schema: ${issues.join('; ')}`);
}

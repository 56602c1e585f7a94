import { randomBytes } from 'node:crypto';
import { parseRedisAddress } from '../config/redis-address.js';
import type { Settings } from '../config/settings.js';
import type { Tracer } from '../context/span.js';
import type { Queues } from '../contract/operations.js';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { deliverWith } from './delivery.js';
import { type JobEngine, STOP_MS } from './engines/engine.js';
import { HandlerMetrics } from './handler-metrics.js';
import { countMessages, type StateCounts } from './message-states.js';
import { OutsideJobs, type OutsideParts } from './outside-jobs.js';
import { Publishing } from './publishing.js';
import { QueueService } from './queue-service.js';
import { Relay } from './relay.js';
import { RunningMessages } from './running-messages.js';

export interface MessagingParts {
  home: DatabaseHome;
  composition: Composition;
  gate: Gate;
  settings: Settings;
  log: Logger;
  outages: OutageLog;
  /** The portal's time zone, in which schedules run. */
  timeZone(): Promise<string>;
  /** What stores the files of a plugin's job. */
  storing: OutsideParts['storing'];
  /** Drops cached settings, so that a handler of their event sees the new values. */
  forgetSettings(): void;
  /** Null if traces are off. */
  tracer: Tracer | null;
}

/** Everything between a published message and its handler. */
export class Messaging {
  readonly publishing: Publishing;
  readonly metrics = new HandlerMetrics();
  readonly #relay: Relay;
  readonly #running: RunningMessages;
  #engine: JobEngine | null = null;
  #outside: OutsideJobs | null = null;

  constructor(private readonly parts: MessagingParts) {
    this.#relay = new Relay(parts);
    this.#running = new RunningMessages(parts.home);
    this.publishing = new Publishing(parts.composition, this.#running, this.#relay.kick);
  }

  queuesOf(plugin: string): Queues {
    return new QueueService(plugin, () => this.#engine, this.#relay.kick);
  }

  /** Loads only the engine in use, because loading either takes a noticeable part of the start. */
  async #createEngine(): Promise<JobEngine> {
    const { home, settings, log } = this.parts;
    if (settings.redisUrl === undefined) {
      const { DatabaseEngine } = await import('./engines/database-engine.js');
      return new DatabaseEngine(home, this.#relay.refill);
    }
    const { BullMqEngine } = await import('./engines/bullmq-engine.js');
    return new BullMqEngine(parseRedisAddress(settings.redisUrl), await queueName(home), log);
  }

  /** @param works whether this process also runs handlers, in addition to handing messages over */
  async start(runner: WorkRunner, works: boolean): Promise<void> {
    const { home, settings } = this.parts;
    this.#engine = await this.#createEngine();
    await this.#engine.start();
    if (works) {
      const parts = { ...this.parts, runner, running: this.#running, kick: this.#relay.kick, metrics: this.metrics };
      this.#outside = new OutsideJobs(parts);
      const deliver = deliverWith({ ...parts, outside: this.#outside });
      await this.#engine.work(deliver, home.kind === 'pglite' ? 1 : settings.workerConcurrency);
    }
    await this.#relay.start(this.#engine);
  }

  async stop(): Promise<void> {
    this.#running.stop();
    await this.#relay.stop();
    await Promise.all([this.#engine?.stop(), this.#outside?.settled(STOP_MS)]);
  }

  /** Call this when the set of plugins in service has changed. */
  async reconcile(): Promise<void> {
    if (this.#engine !== null) await this.#relay.reconcile();
  }

  /** Counts messages that are due or to be retried and not done, and triggers their delivery at once. */
  async pending(): Promise<number> {
    this.#relay.kick();
    this.#engine?.nudge();
    return this.#relay.pending();
  }

  counts(): Promise<StateCounts> {
    return countMessages(this.parts.home, this.#relay.serving());
  }

  async engine(): Promise<{ name: string; reachable: boolean }> {
    return { name: this.#engine?.name ?? 'none', reachable: (await this.#engine?.reachable()) ?? false };
  }
}

/** Several portals may share one Redis: each has its own queue, whose name is stored in its database. */
async function queueName({ pool }: DatabaseHome): Promise<string> {
  await pool.query(`insert into kernel.secrets (name, value) values ('queue', $1) on conflict do nothing`, [randomBytes(8)]);
  const { rows } = await pool.query<{ value: Buffer }>(`select value from kernel.secrets where name = 'queue'`);
  return `messages-${rows[0]?.value.toString('hex')}`;
}

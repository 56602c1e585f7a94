import type pg from 'pg';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { inTransaction } from '../database/homes/transaction.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { JobEngine, Task } from './engines/engine.js';
import { mayBeHandled, type Serving } from './message-states.js';
import { columnsOf, isAmong, type LimitedJob, outsideJobs } from './outside-jobs.js';
import { Schedules } from './schedules.js';
import { Sweep } from './sweep.js';

const BATCH = 100;
const POLL_MS = 5_000;

export interface RelayParts {
  home: DatabaseHome;
  composition: Composition;
  gate: Gate;
  log: Logger;
  outages: Pick<OutageLog, 'takesOwn'>;
  /** The portal's time zone, in which schedules run. */
  timeZone(): Promise<string>;
}

/**
 * Hands due messages to the job engine in batches, each in a transaction, creates the messages of schedules, and runs the sweep. However
 * many processes run, each message is handed over by one of them.
 */
export class Relay {
  readonly #schedules: Schedules;
  readonly #sweep: Sweep;
  #engine: JobEngine | null = null;
  #timer: NodeJS.Timeout | null = null;
  #alarm: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #kicked = false;
  #sweepDue = false;
  /** Schedules and delayed messages are looked at, too. */
  #lookDue = false;
  #failing = false;

  readonly #home: DatabaseHome;

  constructor(private readonly parts: RelayParts) {
    const { home, composition, log } = parts;
    this.#home = home;
    this.#schedules = new Schedules(home, composition, () => parts.timeZone());
    this.#sweep = new Sweep(home, log);
  }

  /** Call this when the set of plugins in service has changed. */
  async reconcile(): Promise<void> {
    await this.#schedules.reconcile();
    this.kick();
  }

  async start(engine: JobEngine): Promise<void> {
    await this.#schedules.reconcile();
    this.#engine = engine;
    this.#timer = setInterval(() => {
      this.#sweepDue = true;
      this.kick();
    }, POLL_MS);
    this.kick();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#engine = null;
    await this.#running;
    if (this.#alarm !== null) clearTimeout(this.#alarm);
  }

  /** Looks for due messages now. Calls during a look are merged into one further look. */
  readonly kick = (): void => {
    this.#lookDue = true;
    this.refill();
  };

  /** Hands over messages that are due now: the engine has room for more. */
  readonly refill = (): void => {
    if (this.#kicked) return;
    this.#kicked = true;
    this.#running = this.#running.then(async () => {
      this.#kicked = false;
      try {
        await this.#relay();
        this.#failing = false;
      } catch (error) {
        // Logged once per failure period, not with every poll.
        if (!this.parts.outages.takesOwn(error) && !this.#failing) {
          this.parts.log.warn({ err: (error as Error).message }, 'messages wait in the database and are tried again');
        }
        this.#failing = true;
      }
    });
  };

  /** Number of messages that are not done, except those that are delayed, held or failed. */
  async pending(): Promise<number> {
    const { rows } = await this.#home.pool.query<{ pending: number }>(
      `select count(*)::int as pending from kernel.messages
       where failed_at is null and (due_at <= now() or attempts > 0) and ${mayBeHandled}`,
      this.serving(),
    );
    return rows[0]?.pending ?? 0;
  }

  /** The plugins whose messages may be handled now, and the handlers that rest. Messages of other plugins are held. */
  serving(): Serving {
    const { composition, gate } = this.parts;
    return [composition.active.map(({ id }) => id).filter((id) => gate.serves(id)), gate.restingParts()];
  }

  async #relay(): Promise<void> {
    if (this.#engine === null) return;
    const lookDue = this.#lookDue;
    this.#lookDue = false;
    if (lookDue) await this.#schedules.tick();
    if (this.#sweepDue) {
      this.#sweepDue = false;
      await this.#sweep.run(this.#engine);
    }
    for (let size = this.#room(), moved = size; size > 0 && moved === size; size = this.#room()) {
      moved = await this.#moveBatch(this.#engine, size);
      this.#engine?.nudge();
    }
    if (lookDue) await this.#setAlarm();
  }

  /** How many messages the engine takes now, at most a batch. */
  #room(): number {
    return Math.min(BATCH, this.#engine?.room() ?? 0);
  }

  /** Returns the number of messages handed over, without those that call other services. */
  async #moveBatch(engine: JobEngine, size: number): Promise<number> {
    const serving = this.serving();
    const [plugins, resting] = serving;
    const limited = outsideJobs(this.parts.composition).filter(
      ({ plugin, name }) => plugins.includes(plugin) && !resting.includes(`${plugin} job ${name}`),
    );
    return inTransaction(this.#home.pool, async (client) => {
      const { rows } = await client.query<HandedOver>(
        `update kernel.messages set taken_at = now(), task = gen_random_uuid() where id in (
           select id from kernel.messages m where taken_at is null and failed_at is null and due_at <= now() and ${mayBeHandled}
             and not ${isAmong('$3', '$4')}
           order by due_at, position limit ${size} for update skip locked)
         returning task as id, id as message, position`,
        [...serving, ...columnsOf(limited)],
      );
      const ofLimited = limited.length === 0 ? [] : await this.#moveLimited(client, limited);
      const all = [...rows, ...ofLimited].sort((a, b) => Number(a.position) - Number(b.position));
      if (all.length > 0) await engine.take(client, all);
      return rows.length;
    });
  }

  /** For jobs that call other services: hands over as many as may run at the same time, minus those already handed over. */
  async #moveLimited(client: pg.ClientBase, jobs: readonly LimitedJob[]): Promise<HandedOver[]> {
    const { rows } = await client.query<HandedOver>(
      `with job as (
         select plugin, name, at_once - (select count(*) from kernel.messages t
           where t.plugin = j.plugin and t.kind = 'job' and t.name = j.name and t.taken_at is not null and t.failed_at is null) as room
         from unnest($1::text[], $2::text[], $3::int[]) as j (plugin, name, at_once)),
       chosen as (
         select due.id from job cross join lateral (
           select id from kernel.messages m where m.plugin = job.plugin and m.kind = 'job' and m.name = job.name
             and taken_at is null and failed_at is null and due_at <= now()
           order by due_at, position limit greatest(job.room, 0)) due)
       update kernel.messages set taken_at = now(), task = gen_random_uuid() where id in (
         select id from kernel.messages where id in (select id from chosen) and taken_at is null for update skip locked)
       returning task as id, id as message, position`,
      [...columnsOf(jobs), jobs.map(({ atOnce }) => atOnce)],
    );
    return rows;
  }

  /**
   * Sets a timer for the next due message if that is before the next poll. Messages for which the engine has no room, and those that wait
   * for a free slot, are handed over when a handler or a call ends.
   */
  async #setAlarm(): Promise<void> {
    const { rows } = await this.#home.pool.query<{ ms: number | null }>(
      `select extract(epoch from min(due_at) - now())::float8 * 1000 as ms from kernel.messages m
       where taken_at is null and failed_at is null and ${mayBeHandled} and (due_at > now() or $5)
         and (due_at > now() - interval '200 ms' or not ${isAmong('$3', '$4')})`,
      [...this.serving(), ...columnsOf(outsideJobs(this.parts.composition)), this.#room() > 0],
    );
    const ms = rows[0]?.ms ?? null;
    if (this.#alarm !== null) clearTimeout(this.#alarm);
    this.#alarm = ms === null || ms > POLL_MS ? null : setTimeout(this.kick, Math.max(10, Math.ceil(ms)));
  }
}

interface HandedOver extends pg.QueryResultRow, Task {
  position: string;
}

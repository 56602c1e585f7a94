import type { Knex } from 'knex';
import type {
  Declarations,
  EventsIn,
  FilesIn,
  Given,
  GivenPart,
  JobsIn,
  LiveIn,
  NameIn,
  Nothing,
  Parsed,
  PointsIn,
  Schemas,
  SettingsIn,
  Topics,
} from './declared.js';
import type { Files } from './file-service.js';
import type { Principal } from './principal.js';
import type { Objections } from './privacy.js';
import type { Calendar, Settings } from './settings.js';

/** Writes structured log lines, with the ids of the plugin and the request. Do not log names, addresses or payloads of people. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The portal's clock. */
export interface Clock {
  /** The time by the database's clock, which all processes share. Use it instead of `Date.now()` and `new Date()`; in SQL, use `now()`. */
  now(): Date;
}

/** The portal in which the plugin runs. */
export interface Portal {
  /** Address at which browsers and tools reach the portal, without a trailing slash. */
  readonly url: string;
  /** Codes of the languages of its interface: `nl`, `en`, `fr`. */
  readonly languages: readonly string[];
}

/** One contribution to a point. */
export interface Contribution<T> {
  /** Id of the contributing plugin. */
  plugin: string;
  /** The output of the point's schema. */
  value: T;
}

/** Reads what other plugins contribute to this plugin's own points. */
export interface Contributions<Points = Schemas> {
  /**
   * The contributions of the plugins in service to one of this plugin's own points, in the plugins' load order. Read it each time, because
   * plugins come and go while the portal runs.
   */
  of<Name extends NameIn<Points, 'declare it: KernelCradle<Config, { points: typeof points }>'>>(
    point: Name,
  ): Contribution<Parsed<Points, Name>>[];
}

/** Publishes this plugin's events. */
export interface Events<Declared = Schemas> {
  /**
   * Publishes `<this plugin>.<name>`. Each handler gets it after the current unit of work has committed; its effects are stored exactly
   * once.
   *
   * @throws Error if the payload does not match the event's schema
   */
  publish<Name extends NameIn<Declared, 'declare it: KernelCradle<Config, { events: typeof events }>'>>(
    name: Name,
    payload: Given<Declared, Name>,
  ): Promise<void>;
}

/** Options of `jobs.enqueue`. */
export interface EnqueueOptions {
  /** Seconds from the commit to the first try; default 0. */
  delaySeconds?: number;
  /**
   * At most one message of the job waits under this key. Enqueueing another returns the id of the waiting one, whose payload and time do
   * not change. A message whose handler has begun is no longer waiting.
   */
  uniqueKey?: string;
}

/** State of a job that is not done yet. */
export interface JobStatus {
  state: 'waiting' | 'running' | 'failed';
  /** Number of failed tries. */
  failures: number;
  /** Progress last reported by its handler, 0 to 1; null if none was reported. */
  progress: number | null;
}

/** Enqueues, cancels and monitors this plugin's own jobs. */
export interface Jobs<Declared = Schemas> {
  /**
   * Enqueues a job, which runs after the current unit of work has committed. Returns the id of its message.
   *
   * @throws Error if the payload does not match the job's schema
   */
  enqueue<Name extends NameIn<Declared, 'declare it: KernelCradle<Config, { jobs: typeof jobs }>'>>(
    name: Name,
    payload: Given<Declared, Name>,
    options?: EnqueueOptions,
  ): Promise<string>;
  /**
   * Cancels a job. If it is waiting, it is removed with the current unit of work; if it is running, its `signal` is aborted within seconds
   * and it is not retried. Returns false if there is no such job, or it is done.
   */
  cancel(id: string): Promise<boolean>;
  /** Null if the job is done, was cancelled, or does not exist. */
  status(id: string): Promise<JobStatus | null>;
}

/** The unit of work in which the code runs: one transaction. */
export interface UnitOfWork {
  /** Runs `fn` in a savepoint: if it throws, only its own changes are undone, and the error is passed on. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
  /** Runs `fn` after the commit, and not after a rollback. It is not retried; use a job for an effect that must happen. */
  afterCommit(fn: () => void): void;
}

/** Named locks of this plugin, across all processes, held until the unit of work ends. */
export interface Locks {
  /** Takes the lock, waiting while another unit of work of this plugin holds it. The unit that holds it may take it again. */
  take(name: string): Promise<void>;
  /** Takes the lock and returns true, or returns false at once if another unit of work holds it. */
  tryTake(name: string): Promise<boolean>;
}

/** This plugin's own live topics, which pages follow instead of polling. */
export interface Live<Declared = Topics> {
  /**
   * Sends a message to the pages that follow `<this plugin>.<topic>` with these params, after the current unit of work has committed;
   * nothing is sent if it rolls back. A page that lost its connection for less than ten minutes gets the messages that it missed.
   *
   * @throws Error if params or payload do not match the topic's schemas, or the unit of work is read-only
   */
  publish<Name extends NameIn<Declared, 'declare it: KernelCradle<Config, { live: typeof live }>'>>(
    topic: Name,
    params: GivenPart<Declared, Name, 'params'>,
    payload: GivenPart<Declared, Name, 'payload'>,
  ): Promise<void>;
}

/**
 * The services that every plugin gets from the kernel. The constructor of a service takes them by name from the cradle, which also holds the
 * plugin's own services and the exports of the plugins that it uses.
 *
 * `Config` is the type of the plugin's configuration; `Own` holds the schemas of its events, jobs, points, live topics and
 * settings, as in its manifest.
 */
export interface KernelCradle<Config = unknown, Own extends Declarations = Nothing> {
  /**
   * SQL in the current unit of work, under this plugin's database role and with the principal's tenants. `knex.transaction` creates a
   * savepoint.
   */
  knex: Knex;
  /** The plugin's configuration, as its schema parsed it; frozen. */
  config: Config;
  /** On whose behalf the current unit of work runs. */
  principal: Principal;
  log: Logger;
  portal: Portal;
  clock: Clock;
  contributions: Contributions<PointsIn<Own>>;
  events: Events<EventsIn<Own>>;
  jobs: Jobs<JobsIn<Own>>;
  live: Live<LiveIn<Own>>;
  unitOfWork: UnitOfWork;
  locks: Locks;
  files: Files<FilesIn<Own>>;
  settings: Settings<SettingsIn<Own>>;
  calendar: Calendar;
  objections: Objections;
}

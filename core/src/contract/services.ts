import type { Knex } from 'knex';
import type { Declarations, EventsIn, Given, JobsIn, NameIn, Nothing, Parsed, PointsIn, Schemas } from './declared.js';
import type { Principal } from './principal.js';

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Clock {
  /**
   * The portal's time: the database's clock, whatever the clock of this process says. For code that needs a moment outside SQL, in place
   * of `Date.now()` and `new Date()`.
   */
  now(): Date;
}

export interface Portal {
  /** Where browsers and tools reach the portal, without a trailing slash. */
  readonly url: string;
  readonly languages: readonly string[];
}

/** One thing that a plugin put into another's point. */
export interface Contribution<T> {
  plugin: string;
  value: T;
}

export interface Contributions<Points = Schemas> {
  /** All contributions to a point of this plugin's own, parsed by its schema, in load order. */
  of<Name extends NameIn<Points, 'declare it: KernelCradle<Config, { points: typeof points }>'>>(
    point: Name,
  ): Contribution<Parsed<Points, Name>>[];
}

export interface Events<Declared = Schemas> {
  /**
   * Publishes `<this plugin>.<name>` with the current unit of work; delivered after it commits, effects once.
   *
   * @throws Error where the payload does not fit the event's schema; the unit of work is rolled back unless it is caught
   */
  publish<Name extends NameIn<Declared, 'declare it: KernelCradle<Config, { events: typeof events }>'>>(
    name: Name,
    payload: Given<Declared, Name>,
  ): Promise<void>;
}

export interface EnqueueOptions {
  /** Seconds before its first try. */
  delaySeconds?: number;
  /**
   * At most one message of this job waits under this key: enqueueing a second gives the id of the first, with its payload
   * and its time. A message whose handler has begun no longer waits.
   */
  uniqueKey?: string;
}

/** A job that is not done yet. */
export interface JobStatus {
  state: 'waiting' | 'running' | 'failed';
  /** Tries that ended in a failure. */
  failures: number;
  /** What its handler last told, 0 to 1; null before. */
  progress: number | null;
}

/** Jobs of this plugin's own. */
export interface Jobs<Declared = Schemas> {
  /**
   * Hands a job to the workers, with the current unit of work. Returns its message's id.
   *
   * @throws Error where the payload does not fit the job's schema
   */
  enqueue<Name extends NameIn<Declared, 'declare it: KernelCradle<Config, { jobs: typeof jobs }>'>>(
    name: Name,
    payload: Given<Declared, Name>,
    options?: EnqueueOptions,
  ): Promise<string>;
  /**
   * Takes a job back: one that waits is gone with the current unit of work; one that runs gets its `signal` aborted within
   * seconds and is not tried again. False when there is none: it is done, or never was.
   */
  cancel(id: string): Promise<boolean>;
  /** Null when it is done, cancelled, or never was. */
  status(id: string): Promise<JobStatus | null>;
}

export interface UnitOfWork {
  /** Runs `fn` so that its failure undoes only what it did. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>;
  /** Runs `fn` after the commit; not at all after a rollback. For effects outside the database. */
  afterCommit(fn: () => void): void;
}

/** Locks by name, of this plugin alone: over all processes, to the end of the unit of work that took them. */
export interface Locks {
  /** Waits until no other unit of work of this plugin holds the name. Taken twice by one unit, it does not wait. */
  take(name: string): Promise<void>;
  /** False at once where another holds it. */
  tryTake(name: string): Promise<boolean>;
}

/**
 * What every plugin's services may ask for by name, beside the plugin's own and those of the plugins it requires.
 *
 * `Own` holds the schemas of the plugin's own events, jobs and points, as its manifest has them.
 */
export interface KernelCradle<Config = unknown, Own extends Declarations = Nothing> {
  /** SQL as this plugin's role, in the current unit of work. `knex.transaction` becomes a savepoint. */
  knex: Knex;
  config: Config;
  principal: Principal;
  log: Logger;
  portal: Portal;
  clock: Clock;
  contributions: Contributions<PointsIn<Own>>;
  events: Events<EventsIn<Own>>;
  jobs: Jobs<JobsIn<Own>>;
  unitOfWork: UnitOfWork;
  locks: Locks;
}

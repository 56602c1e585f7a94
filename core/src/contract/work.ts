import type { z } from 'zod';
import { brand } from './brand.js';
import type { HttpOf } from './http.js';
import type { EventPayload } from './registry.js';
import type { Read } from './route.js';

/**
 * What the handler of an event or job gets. Its effects commit together with the deletion of the message, so they are stored exactly once even
 * if the handler runs more than once.
 */
export interface MessageInput<Cradle, Payload> {
  /** What the schema made of the payload. */
  payload: Payload;
  /** The services of the plugin: instances of this try. */
  services: Cradle;
  message: {
    /** The same for every try: give it to another service as the idempotency key. */
    id: string;
    /** Try number, from 1. */
    attempt: number;
    /** When it was published or enqueued. */
    at: Date;
    /** Aborted when the worker stops, the job is cancelled, or the time limit has passed (events: five minutes). */
    signal: AbortSignal;
    /** Reports progress, 0 to 1, for `jobs.status`. Visible before the handler commits. Never throws, never waits. */
    progress(fraction: number): void;
  };
}

/** Work of a job that must not hold a database connection, such as sending a mail. Runs before the handler. */
export interface JobOutside<Cradle, Payload, Result> {
  /** Time limit in seconds, up to 3600, after which the try has failed; default 30. */
  seconds?: number;
  /** Number of calls of this job that run at once, over all processes, approximately; default 4. */
  atOnce?: number;
  /**
   * Its return value is the handler's `result`. It is called at least once, and again if a process ended before the handler committed: send
   * `message.id` along, so that the other service can recognise the repetition.
   */
  call(
    input: Omit<MessageInput<Cradle, Payload>, 'services'> & {
      read: Read<Cradle>;
      /** Calls other services. */
      http: HttpOf<Cradle>;
    },
  ): Promise<Result> | Result;
}

/** A job as its author writes it, for `jobFor`. */
export interface JobOptions<Cradle, S extends z.ZodType, Result = undefined> {
  /** Schema of the payload. */
  payload: S;
  /** Number of tries after the first; default 5. */
  retries?: number;
  /** Seconds before the first retry; each further one waits twice as long. Default 5. */
  backoff?: number;
  /** Time limit of a try in seconds, up to 86 400; default 900. After it the unit of work is rolled back, and the try has failed. */
  timeoutSeconds?: number;
  /** Cron expression at which the job is enqueued with the payload `{}`, which the schema must accept. */
  schedule?: string;
  /**
   * The time zone of `schedule`: that of the portal (default), or UTC. Where clocks change, a time of day comes exactly once: one that is skipped
   * comes an hour later, and of one that is repeated the first counts. A schedule of every hour goes on every hour.
   */
  timeZone?: 'portal' | 'UTC';
  /** Work outside any unit of work. */
  outside?: JobOutside<Cradle, z.output<S>, Result>;
  /** Runs in a unit of work of its own: returning commits, throwing rolls back and has the job tried again. The return value is ignored. */
  handler(input: MessageInput<Cradle, z.output<S>> & { result: Result }): unknown;
}

/** Any job: what `jobs` of a manifest holds. */
// biome-ignore lint/suspicious/noExplicitAny: a map of jobs mixes payload types
export type Job = JobOptions<any, any, any>;

/** A job with the type of its payload: what `jobFor` returns. */
export interface TypedJob<S extends z.ZodType> extends Job {
  payload: S;
}

/** Handles an event, in a unit of work of its own: returning commits, throwing rolls back and has the event tried again. */
// biome-ignore lint/suspicious/noExplicitAny: a map of handlers mixes payload types
export type EventHandler<Payload = any> = (input: MessageInput<any, Payload>) => unknown;

/** Types the jobs of a plugin: `const job = jobFor<Cradle>()`, then `job({ … })` for each. */
export function jobFor<Cradle>() {
  return <S extends z.ZodType, Result = undefined>(options: JobOptions<Cradle, S, Result>): TypedJob<S> =>
    options as unknown as TypedJob<S>;
}

type PayloadOf<Event> = Event extends z.ZodType ? z.output<Event> : Event extends string ? EventPayload<Event> : never;

/**
 * Types the handler of an event: `handlerFor<Cradle>()('notices.added', ({ payload }) => …)`. Give the name `<plugin>.<event>` if that plugin has an
 * entry in the {@link PluginRegistry}; give the schema for an event of the plugin itself.
 */
export function handlerFor<Cradle>() {
  return <const Event extends z.ZodType | `${string}.${string}`>(
    _event: Event,
    handler: (input: MessageInput<Cradle, PayloadOf<Event>>) => unknown,
  ): EventHandler<PayloadOf<Event>> => handler as EventHandler<PayloadOf<Event>>;
}

/** Shows the progress of a command: a bar on a terminal, elsewhere a line for each tenth. */
export interface Progress {
  /** @param total number of steps, as `advance` counts them */
  start(label: string, total: number): void;
  /** @param by steps that are done; default 1 */
  advance(by?: number): void;
  stop(): void;
}

/** What `run` of a command gets. */
export interface CommandInput<Cradle> {
  /** The arguments after the name of the command. */
  args: string[];
  /** The options that were given, by name without dashes. */
  options: Record<string, string | boolean | undefined>;
  /** Runs `fn` in a unit of work as the system, with rights in all tenants: commits when it returns, rolls back when it throws. */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
  /** Calls other services; while no unit of work is open. */
  http: HttpOf<Cradle>;
  progress: Progress;
  /** Prints a line to the standard output. */
  print(line: string): void;
}

/** A command that a plugin adds to `ilearn`, such as `ilearn import skos <file...>`. */
export interface CommandOptions<Cradle> {
  /** One or two words: `import skos`. */
  name: string;
  /** One line for `ilearn help`. */
  summary: string;
  /** The arguments, for the help: `<file...>`. */
  usage?: string;
  /** Name of an option, without dashes → its type and help. */
  options?: Record<string, { type: 'string' | 'boolean'; help: string }>;
  /** Returns the exit code; nothing means 0. Throw a {@link CommandError} for a mistake of the caller. */
  run(input: CommandInput<Cradle>): Promise<number | void>;
}

/** Any command: what `commands` of a manifest holds. */
// biome-ignore lint/suspicious/noExplicitAny: a list of commands mixes service types
export type Command = CommandOptions<any>;

/** Types the commands of a plugin: `commandFor<Cradle>()({ name, summary, run })`. */
export function commandFor<Cradle>() {
  return (options: CommandOptions<Cradle>): Command => options as Command;
}

/** An error that the user of a command can correct: its message is printed without a stack. Exit code 2, or the one given. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode = 2,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
brand(CommandError);

import type { z } from 'zod';
import { brand } from './brand.js';
import type { StoreOf } from './file-service.js';
import type { HttpOf } from './http.js';
import type { EventPayload } from './registry.js';
import type { Read } from './route.js';

/**
 * The input of the handler of an event or job. Its effects commit together with the deletion of the message, so they are stored exactly
 * once even if the handler runs more than once.
 */
export interface MessageInput<Cradle, Payload> {
  /** The output of the payload's schema. */
  payload: Payload;
  /** The plugin's services; separate instances for this try. */
  services: Cradle;
  message: {
    /** The same for every try: pass it to other services as the idempotency key. */
    id: string;
    /** Try number, from 1. */
    attempt: number;
    /** When it was published or enqueued. */
    at: Date;
    /** Aborted when the worker stops, the job is cancelled, or the time limit is exceeded (events: five minutes). */
    signal: AbortSignal;
    /** Reports progress, 0 to 1, for `jobs.status`. Visible before the handler commits. Never throws or waits. */
    progress(fraction: number): void;
  };
}

/** Work of a job that must not hold a database connection, such as sending an email. Runs before the handler. */
export interface JobOutside<Cradle, Payload, Result> {
  /** Time limit in seconds, up to 3600; when it is exceeded, the try has failed. Default 30. */
  seconds?: number;
  /** Approximate maximum number of simultaneous calls of this job, over all processes; default 4. */
  atOnce?: number;
  /**
   * Its return value is the handler's `result`. It is called at least once, and again if a process ended before the handler committed: pass
   * `message.id` to the other service, so that it can recognise repetitions.
   */
  call(
    input: Omit<MessageInput<Cradle, Payload>, 'services'> & {
      read: Read<Cradle>;
      /** Calls other services. */
      http: HttpOf<Cradle>;
      /** Stores files, which the handler keeps with `files.keep`. */
      store: StoreOf<Cradle>;
    },
  ): Promise<Result> | Result;
}

/** A job as written by its author, for `jobFor`. */
export interface JobOptions<Cradle, S extends z.ZodType, Result = undefined> {
  /** Schema of the payload. */
  payload: S;
  /** Number of retries; default 5. */
  retries?: number;
  /** Seconds before the first retry; each further one waits twice as long. Default 5. */
  backoff?: number;
  /**
   * Time limit of a try in seconds, up to 86 400; default 900. When it is exceeded, the unit of work is rolled back, and the try has
   * failed.
   */
  timeoutSeconds?: number;
  /** Cron expression that determines when the job is enqueued, with the payload `{}`, which the schema must accept. */
  schedule?: string;
  /**
   * The time zone of `schedule`: the portal's (default) or UTC. When clocks change, each time of day occurs exactly once: a skipped one
   * occurs an hour later, and of a repeated one only the first counts. An hourly schedule continues every hour.
   */
  timeZone?: 'portal' | 'UTC';
  /** Work outside any unit of work. */
  outside?: JobOutside<Cradle, z.output<S>, Result>;
  /** Runs in a separate unit of work: returning commits; throwing rolls back and causes a retry. The return value is ignored. */
  handler(input: MessageInput<Cradle, z.output<S>> & { result: Result }): unknown;
}

/** Any job: the value type of `jobs` in a manifest. */
// biome-ignore lint/suspicious/noExplicitAny: a map of jobs mixes payload types
export type Job = JobOptions<any, any, any>;

/** A job with the type of its payload, as returned by `jobFor`. */
export interface TypedJob<S extends z.ZodType> extends Job {
  payload: S;
}

/** Handles an event in a separate unit of work: returning commits; throwing rolls back and causes a retry. */
// biome-ignore lint/suspicious/noExplicitAny: a map of handlers mixes payload types
export type EventHandler<Payload = any> = (input: MessageInput<any, Payload>) => unknown;

/** Types the jobs of a plugin: `const job = jobFor<Cradle>()`, then `job({ … })` for each. */
export function jobFor<Cradle>() {
  return <S extends z.ZodType, Result = undefined>(options: JobOptions<Cradle, S, Result>): TypedJob<S> =>
    options as unknown as TypedJob<S>;
}

type PayloadOf<Event> = Event extends z.ZodType ? z.output<Event> : Event extends string ? EventPayload<Event> : never;

/**
 * Types the handler of an event: `handlerFor<Cradle>()('notices.added', ({ payload }) => …)`. Pass the name `<plugin>.<event>` if that
 * plugin has an entry in the {@link PluginRegistry}; pass the schema for an event of the plugin itself.
 */
export function handlerFor<Cradle>() {
  return <const Event extends z.ZodType | `${string}.${string}`>(
    _event: Event,
    handler: (input: MessageInput<Cradle, PayloadOf<Event>>) => unknown,
  ): EventHandler<PayloadOf<Event>> => handler as EventHandler<PayloadOf<Event>>;
}

/** Shows the progress of a command: a bar on a terminal, otherwise one line for each tenth. */
export interface Progress {
  /** @param total number of steps, as counted by `advance` */
  start(label: string, total: number): void;
  /** @param by number of steps completed; default 1 */
  advance(by?: number): void;
  stop(): void;
}

/** Input of a command's `run`. */
export interface CommandInput<Cradle> {
  /** The arguments after the name of the command. */
  args: string[];
  /** The given options, by name without dashes. */
  options: Record<string, string | boolean | undefined>;
  /** Runs `fn` in a unit of work as the system, with rights in all tenants: commits when it returns, rolls back when it throws. */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
  /** Calls other services, while no unit of work is open. */
  http: HttpOf<Cradle>;
  /** Stores files, while no unit of work is open; a later one keeps them with `files.keep`. */
  store: StoreOf<Cradle>;
  /** Records in the audit log that this command saw or changed data of a person. */
  audit(personId: string): Promise<void>;
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
  /** Returns the exit code; nothing means 0. Throw a {@link CommandError} for a mistake of the user. */
  run(input: CommandInput<Cradle>): Promise<number | void>;
}

/** Any command: the element type of `commands` in a manifest. */
// biome-ignore lint/suspicious/noExplicitAny: a list of commands mixes service types
export type Command = CommandOptions<any>;

/** Types the commands of a plugin: `commandFor<Cradle>()({ name, summary, run })`. */
export function commandFor<Cradle>() {
  return (options: CommandOptions<Cradle>): Command => options as Command;
}

/** An error that the user of a command can correct: its message is printed without a stack. Exit code 2, or the given one. */
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

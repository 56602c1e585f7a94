import type { z } from 'zod';
import { brand } from './brand.js';
import type { EventPayload } from './registry.js';
import type { Read } from './route.js';

/** A message as a handler gets it; its effects and its receipt commit together, so they happen once. */
export interface MessageInput<Cradle, Payload> {
  payload: Payload;
  services: Cradle;
  message: {
    /** The same for every try: what another service may take as an idempotency key. */
    id: string;
    /** Try number, from 1. */
    attempt: number;
    /** When it was accepted. */
    at: Date;
    /** Aborted when the worker shuts down, the job is cancelled, or its time is up (events: five minutes). */
    signal: AbortSignal;
    /** Tells the world outside how far it is, 0 to 1, before the handler's effects are committed. Never fails, never waits. */
    progress(fraction: number): void;
  };
}

/** What a job does before its handler while no unit of work is open: send a mail, call another service. */
export interface JobOutside<Cradle, Payload, Result> {
  /** Seconds before a call is given up and the try has failed; default 30. */
  seconds?: number;
  /** About so many calls of this job at once, over all processes; default 4. */
  atOnce?: number;
  /**
   * What it returns is the handler's `result`. It is called at least once, and again where a process ended before the handler had
   * committed: send `message.id` along, so that the other side does its part once.
   */
  call(input: Omit<MessageInput<Cradle, Payload>, 'services'> & { read: Read<Cradle> }): Promise<Result> | Result;
}

export interface JobOptions<Cradle, S extends z.ZodType, Result = undefined> {
  payload: S;
  /** Tries after the first; default 5. */
  retries?: number;
  /** Seconds before the first retry, doubled for each next; default 5. */
  backoff?: number;
  /** How long a try may take; default 900. Then it has failed: its unit of work is rolled back, its `signal` aborted. */
  timeoutSeconds?: number;
  /** Cron expression (UTC); the payload is then the schema's parse of `{}`. */
  schedule?: string;
  outside?: JobOutside<Cradle, z.output<S>, Result>;
  handler(input: MessageInput<Cradle, z.output<S>> & { result: Result }): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: a map of jobs mixes payload types
export type Job = JobOptions<any, any, any>;

/** A job that still knows its payload. */
export interface TypedJob<S extends z.ZodType> extends Job {
  payload: S;
}

// biome-ignore lint/suspicious/noExplicitAny: a map of handlers mixes payload types
export type EventHandler<Payload = any> = (input: MessageInput<any, Payload>) => unknown;

/** Types a plugin's jobs: `const job = jobFor<Cradle>()`. */
export function jobFor<Cradle>() {
  return <S extends z.ZodType, Result = undefined>(options: JobOptions<Cradle, S, Result>): TypedJob<S> =>
    options as unknown as TypedJob<S>;
}

type PayloadOf<Event> = Event extends z.ZodType ? z.output<Event> : Event extends string ? EventPayload<Event> : never;

/**
 * Types a handler of an event, by its schema (of an event of the plugin's own) or by its name `<plugin>.<event>`, of a plugin that the
 * compiler knows.
 */
export function handlerFor<Cradle>() {
  return <const Event extends z.ZodType | `${string}.${string}`>(
    _event: Event,
    handler: (input: MessageInput<Cradle, PayloadOf<Event>>) => unknown,
  ): EventHandler<PayloadOf<Event>> => handler as EventHandler<PayloadOf<Event>>;
}

export interface Progress {
  /** `total` in units of work; shows a bar on a terminal and a line every tenth elsewhere. */
  start(label: string, total: number): void;
  advance(by?: number): void;
  stop(): void;
}

export interface CommandInput<Cradle> {
  /** Positional arguments after the command's name. */
  args: string[];
  options: Record<string, string | boolean | undefined>;
  /** Runs in one unit of work as the system (all schools): commits when it returns, rolls back when it throws. */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
  progress: Progress;
  print(line: string): void;
}

/** What a plugin adds to the `ilearn` command: `ilearn import skos <file...>`. */
export interface CommandOptions<Cradle> {
  /** One or two words. */
  name: string;
  summary: string;
  /** Usage of the positional arguments: `<file...>`. */
  usage?: string;
  /** Long options, with their help. */
  options?: Record<string, { type: 'string' | 'boolean'; help: string }>;
  /** Returns the exit code (0 when nothing is returned). Throw {@link CommandError} for a fault of the caller's. */
  run(input: CommandInput<Cradle>): Promise<number | void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of commands mixes service types
export type Command = CommandOptions<any>;

export function commandFor<Cradle>() {
  return (options: CommandOptions<Cradle>): Command => options as Command;
}

/** A fault that the user of the command can mend; printed without a stack, exit code 2 unless told. */
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

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Http } from '@ilearn/core';
import type { Knex } from 'knex';

/** One line of the trace, as recorded. It never holds a token, a name or an address. */
export interface RecordedLine {
  /** Null: when the line is stored. */
  at: Date | null;
  /** Code of the request: its id, which pages and problems show. */
  requestCode: string;
  launchId?: string | null;
  registrationId?: string | null;
  school?: string | null;
  step: TraceStep;
  /** `ok`, or the code of the check that failed. */
  outcome: string;
}

export const traceSteps = [
  'open',
  'auth',
  'return',
  'token',
  'line-items',
  'score',
  'results',
  'members',
  'deep-linking',
  'registration',
] as const;
export type TraceStep = (typeof traceSteps)[number];

type Work = (fn: (services: { knex: Knex }) => Promise<unknown>) => Promise<unknown>;

const flushAfterMs = 20;
const mostWaiting = 5_000;
/** Lines a minute of requests that no registered tool can be found for, which anyone can send. */
const mostOfStrangers = 600;

/**
 * Stores lines of the trace shortly after they happen, several at once and in a unit of work of their own: a refusal must leave its line
 * although its own unit of work is rolled back, and launches must not wait for it.
 */
export class TraceRecorder {
  #waiting: RecordedLine[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #work: Work | null = null;
  #strangers = { minute: 0, lines: 0 };
  #failed: (error: Error) => void = () => {};
  /** Leaves the unit of work of whoever records: a second one cannot be opened inside it. */
  readonly #outside = AsyncLocalStorage.snapshot();

  /** @param failed is told when lines could not be stored */
  connect(work: Work, failed: (error: Error) => void): void {
    this.#work = work;
    this.#failed = failed;
    if (this.#waiting.length > 0) this.#later();
  }

  add(line: RecordedLine): void {
    if ((line.registrationId ?? null) === null && !this.#admitsStranger()) return;
    if (this.#waiting.length >= mostWaiting) this.#waiting.shift();
    this.#waiting.push(line);
    this.#later();
  }

  /** Stores what waits. Call it outside any unit of work. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#flush();
    this.#work = null;
  }

  #admitsStranger(): boolean {
    const minute = Math.floor(performance.now() / 60_000);
    if (this.#strangers.minute !== minute) this.#strangers = { minute, lines: 0 };
    this.#strangers.lines += 1;
    return this.#strangers.lines <= mostOfStrangers;
  }

  #later(): void {
    if (this.#timer !== null || this.#work === null) return;
    this.#timer = this.#outside(() =>
      setTimeout(() => {
        this.#timer = null;
        this.#flushing = this.#flush();
      }, flushAfterMs),
    );
    this.#timer?.unref();
  }

  async #flush(): Promise<void> {
    await this.#flushing;
    const [lines, work] = [this.#waiting, this.#work];
    if (lines.length === 0 || work === null) return;
    this.#waiting = [];
    try {
      await work(({ knex }) => knex('trace_lines').insert(lines.map((line) => rowOf(line, knex.fn.now()))));
    } catch (error) {
      this.#failed(error as Error);
    }
  }
}

const rowOf = ({ at, requestCode, launchId, registrationId, school, step, outcome }: RecordedLine, now: Knex.Raw) => ({
  happened_at: at ?? now,
  request_code: requestCode,
  launch_id: launchId ?? null,
  registration_id: registrationId ?? null,
  school_id: school ?? null,
  step,
  outcome,
});

/** Recorders by the HTTP service of their portal, because a process may run several portals. */
const recorders = new WeakMap<Http, TraceRecorder>();

export function recorderOf(http: Http): TraceRecorder {
  const recorder = recorders.get(http) ?? new TraceRecorder();
  recorders.set(http, recorder);
  return recorder;
}

import type { JobStatus } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { Message } from './message.js';

const LOOK_MS = 1_000;

export interface Handling {
  plugin: string;
  /** It calls another service and holds no database connection. */
  outside: boolean;
  failures: number;
  stop: AbortController;
  cancelled: boolean;
  progress: number | null;
  /** The current write of progress; a later value waits for it. */
  writing: Promise<void> | null;
}

/**
 * The running handlers of this process. While their units of work are open, progress is written to `kernel.running_messages` and
 * cancellation is read from it. On the embedded database the handler has the only connection, so both stay within the process.
 */
export class RunningMessages {
  readonly #handlings = new Map<string, Handling>();
  #timer: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(private readonly home: DatabaseHome) {}

  get stopping(): boolean {
    return this.#stopping;
  }

  begin({ id: message, plugin, attempts: failures }: Message, { outside = false } = {}): Handling {
    const handling: Handling = {
      plugin,
      outside,
      failures,
      stop: new AbortController(),
      cancelled: false,
      progress: null,
      writing: null,
    };
    this.#handlings.set(message, handling);
    if (this.#stopping) handling.stop.abort();
    if (this.home.kind === 'postgresql') this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
    return handling;
  }

  end(message: string): void {
    const handling = this.#handlings.get(message);
    this.#handlings.delete(message);
    if (this.#handlings.size === 0) this.#stopLooking();
    if (handling === undefined || (handling.progress === null && !handling.cancelled) || this.home.kind === 'pglite') return;
    const forget = () => this.home.pool.query('delete from kernel.running_messages where message = $1', [message]);
    // The sweep removes any row left behind.
    void (handling.writing ?? Promise.resolve()).then(forget).catch(() => {});
  }

  /**
   * Whether the message is being handled in this process on the embedded database's only connection: then only this object knows its state.
   */
  holdsConnection(plugin: string, message: string): boolean {
    const handling = this.#handlings.get(message);
    return this.home.kind === 'pglite' && handling?.plugin === plugin && !handling.outside;
  }

  isCancelled(message: string): boolean {
    return this.#handlings.get(message)?.cancelled === true;
  }

  statusOf(message: string): JobStatus | null {
    const handling = this.#handlings.get(message);
    return handling === undefined ? null : { state: 'running', failures: handling.failures, progress: handling.progress };
  }

  /** False if no handler in this process has the message. */
  cancel(message: string): boolean {
    const handling = this.#handlings.get(message);
    if (handling === undefined) return false;
    handling.cancelled = true;
    handling.stop.abort();
    return true;
  }

  /** Aborts every handler's signal because the worker shuts down. */
  stop(): void {
    this.#stopping = true;
    for (const { stop } of this.#handlings.values()) stop.abort();
  }

  progress(message: string, fraction: number): void {
    const handling = this.#handlings.get(message);
    if (handling === undefined || !Number.isFinite(fraction)) return;
    handling.progress = Math.min(1, Math.max(0, fraction));
    if (this.home.kind === 'postgresql' || handling.outside) handling.writing ??= this.#write(message, handling);
  }

  /** Writes one value at a time, always the latest: a handler may report progress a thousand times a second. */
  async #write(message: string, handling: Handling): Promise<void> {
    let written: number | null = null;
    while (written !== handling.progress && this.#handlings.get(message) === handling) {
      written = handling.progress;
      await this.home.pool
        .query(
          `insert into kernel.running_messages (message, progress) values ($1, $2)
           on conflict (message) do update set progress = excluded.progress`,
          [message, written],
        )
        .catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    handling.writing = null;
  }

  async #look(): Promise<void> {
    const { rows } = await this.home.pool
      .query<{ message: string }>(
        'select message from kernel.running_messages where cancelled_at is not null and message = any($1)',
        [[...this.#handlings.keys()]],
      )
      .catch(() => ({ rows: [] }));
    for (const { message } of rows) this.cancel(message);
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

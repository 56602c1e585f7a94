import type { Logger } from '../contract/services.js';
import { markConnecting } from '../database/outages/outage.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { LiveLog, LiveMessage } from './log.js';

const BATCH = 500;
/** After a longer pause, messages may have been deleted before they were read. */
const LONG_PAUSE_MS = 5 * 60_000;

export interface ReaderParts {
  log: LiveLog;
  logger: Pick<Logger, 'warn'>;
  outages: Pick<OutageLog, 'takesOwn'>;
  /** Whether there are connections. Without them, the log is not read. */
  isNeeded(): boolean;
  dispatch(message: LiveMessage): void;
  /** Called with the new position if messages may have been deleted before they were read. */
  reset(position: number): void;
}

/** Reads the log of messages in order, one read at a time, while there are connections. */
export class LogReader {
  /** Position of the last dispatched message; null while there are no connections. */
  #position: number | null = null;
  #readAt = 0;
  #queue: Promise<void> = Promise.resolve();
  /** Whether a read is queued that has not begun. */
  #queued = false;
  #failing = false;
  #error: unknown = null;
  #stopped = false;

  constructor(private readonly parts: ReaderParts) {}

  /** Called after a commit: reads the log now. Calls during a read are merged into one further read. */
  readonly wake = (): void => {
    if (this.#queued || this.#position === null) return;
    void this.#readNext();
  };

  /**
   * The position up to which messages are dispatched. Starts following the log if it is not followed.
   *
   * @throws Error if the database does not answer
   */
  async position(): Promise<number> {
    if (this.#position === null) await this.#readNext();
    if (this.#position === null) throw markConnecting(this.#error ?? new Error('the portal is stopping'));
    return this.#position;
  }

  /** Runs a task between two reads. An error is reported. */
  between(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#stopped) return;
      try {
        await task();
      } catch (error) {
        this.report(error);
      }
    });
  }

  /** Logs an error of the database, once until the log has been read again. */
  report(error: unknown): void {
    if (this.#stopped) return;
    if (!this.parts.outages.takesOwn(error) && !this.#failing) {
      this.parts.logger.warn({ err: (error as Error).message }, 'live messages wait in the database');
    }
    this.#failing = true;
  }

  /** Makes the read in progress the last one. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when the reads and tasks that were queued have ended. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** Queues a read, unless one is queued that has not begun. */
  #readNext(): Promise<void> {
    if (this.#queued) return this.#queue;
    this.#queued = true;
    this.#queue = this.#queue.then(async () => {
      this.#queued = false;
      try {
        await this.#read();
        this.#failing = false;
      } catch (error) {
        this.#error = error;
        this.report(error);
      }
    });
    return this.#queue;
  }

  async #read(): Promise<void> {
    const { log, isNeeded, dispatch, reset } = this.parts;
    if (!isNeeded()) {
      this.#position = null;
      return;
    }
    const now = performance.now();
    if (this.#position === null) {
      this.#position = await log.last();
      this.#readAt = now;
      return;
    }
    if (now - this.#readAt > LONG_PAUSE_MS && (await log.purged()) > this.#position) {
      this.#position = await log.last();
      reset(this.#position);
    }
    for (let count = BATCH; count === BATCH && !this.#stopped; ) {
      const messages: LiveMessage[] = await log.after(this.#position, BATCH);
      for (const message of messages) dispatch(message);
      this.#position = messages.at(-1)?.position ?? this.#position;
      count = messages.length;
    }
    this.#readAt = now;
  }
}

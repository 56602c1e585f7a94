/** How many of how many recent calls may fail before a plugin is taken out for a while. */
const RECENT = 20;
const FAILURES = 10;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;

export type BreakerChange = 'opened' | 'closed';

/**
 * A circuit breaker over what one plugin answers and handles: it opens when at least 10 and at least half of the last 20 calls
 * within a minute failed; after 30 seconds one trial decides whether it closes.
 */
export class Breaker {
  readonly #calls: { at: number; failed: boolean }[] = [];
  #openedAt: number | null = null;
  #trial = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get open(): boolean {
    return this.#openedAt !== null;
  }

  /** Milliseconds until the next trial; 0 when a call may pass now. */
  get restMs(): number {
    if (this.#openedAt === null) return 0;
    if (this.#trial) return 1_000;
    return Math.max(0, this.#openedAt + REST_MS - this.now());
  }

  /** May a call pass? While open, one at a time may, as a trial. Who passes tells the outcome to `record`, or `forget`s it. */
  enter(): boolean {
    if (this.#openedAt === null) return true;
    if (this.restMs > 0) return false;
    this.#trial = true;
    return true;
  }

  record(failed: boolean): BreakerChange | null {
    const at = this.now();
    if (this.#openedAt !== null) {
      // Calls that began before it opened tell nothing of the trial.
      if (!this.#trial) return null;
      this.#trial = false;
      if (failed) {
        this.#openedAt = at;
        return null;
      }
      this.reset();
      return 'closed';
    }
    if (!failed && this.#calls.length === 0) return null;
    this.#calls.push({ at, failed });
    if (this.#calls.length > RECENT) this.#calls.shift();
    if (!failed) return null;
    while ((this.#calls[0]?.at ?? at) < at - WINDOW_MS) this.#calls.shift();
    const failures = this.#calls.filter((call) => call.failed).length;
    if (failures < FAILURES || failures * 2 < this.#calls.length) return null;
    this.#openedAt = at;
    return 'opened';
  }

  /** A call that passed and says nothing of the plugin. */
  forget(): void {
    this.#trial = false;
  }

  reset(): void {
    this.#calls.length = 0;
    this.#openedAt = null;
    this.#trial = false;
  }
}

/** Failures within a minute that open a breaker, and how many of them one caller can contribute: at least five callers must fail. */
const FAILURES = 10;
const OF_ONE_CALLER = 2;
/** Number of callers whose last calls are kept. */
const CALLERS = 64;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;

export type BreakerChange = 'opened' | 'closed';
/** An ordinary call, or the trial that decides whether an open breaker closes. */
export type Passage = 'ordinary' | 'trial';

interface Call {
  at: number;
  failed: boolean;
  place: string;
}

/**
 * A circuit breaker for one route or handler, or for one plugin. It considers the last two calls of each of the last 64 callers within a
 * minute, and opens when at least 10 of these calls, and at least half of them, failed. So one caller cannot open it, however many calls
 * they make: five must fail. After 30 seconds one trial call decides whether it closes. The caller whose trial failed last waits twice as
 * long, so that they do not use up every trial.
 */
export class Breaker {
  /** By caller, the latest last. */
  readonly #calls = new Map<string, Call[]>();
  #openedAt: number | null = null;
  #trial: string | null = null;
  #failedTrial: string | null = null;

  /** @param places in how many different places calls must have failed */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly places = 1,
  ) {}

  get open(): boolean {
    return this.#openedAt !== null;
  }

  /** Milliseconds until the next trial; 0 if a call may pass now. */
  get restMs(): number {
    if (this.#openedAt === null) return 0;
    if (this.#trial !== null) return 1_000;
    return Math.max(0, this.#openedAt + REST_MS - this.now());
  }

  /** null if no call may pass. While open, one call at a time may pass, as a trial. A caller that passes must call `record` or `forget`. */
  enter(from: () => string): Passage | null {
    if (this.#openedAt === null) return 'ordinary';
    if (this.restMs > 0) return null;
    const address = from();
    if (address === this.#failedTrial && this.now() < this.#openedAt + 2 * REST_MS) return null;
    this.#trial = address;
    return 'trial';
  }

  record(passage: Passage, failed: boolean, caller: () => string, place = ''): BreakerChange | null {
    if (!failed && this.#openedAt === null && this.#calls.size === 0) return null;
    const at = this.now();
    if (this.#openedAt !== null) {
      // Calls that began before it opened are not trials.
      if (passage !== 'trial') return null;
      if (!failed) {
        this.reset();
        return 'closed';
      }
      this.#failedTrial = this.#trial;
      this.#trial = null;
      this.#openedAt = at;
      return null;
    }
    this.#keep(caller(), { at, failed, place });
    if (!failed || !this.#failsTooOften(at)) return null;
    this.#openedAt = at;
    this.#calls.clear();
    return 'opened';
  }

  /** Ends a call whose outcome does not count. */
  forget(passage: Passage): void {
    if (passage === 'trial') this.#trial = null;
  }

  reset(): void {
    this.#calls.clear();
    this.#openedAt = null;
    this.#trial = null;
    this.#failedTrial = null;
  }

  #keep(caller: string, call: Call): void {
    const calls = [...(this.#calls.get(caller) ?? []), call].slice(-OF_ONE_CALLER);
    this.#calls.delete(caller);
    this.#calls.set(caller, calls);
    for (const [eldest, theirs] of this.#calls) {
      if (this.#calls.size <= CALLERS && (theirs.at(-1)?.at ?? 0) >= call.at - WINDOW_MS) break;
      this.#calls.delete(eldest);
    }
  }

  #failsTooOften(at: number): boolean {
    const recent = [...this.#calls.values()].flat().filter((call) => call.at >= at - WINDOW_MS);
    const failed = recent.filter((call) => call.failed);
    return (
      failed.length >= FAILURES &&
      failed.length * 2 >= recent.length &&
      new Set(failed.map(({ place }) => place)).size >= this.places
    );
  }
}

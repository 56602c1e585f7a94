const FAILURES = 5;
const REST_MS = 30_000;
/** Hosts that are remembered; of further ones, the one that failed longest ago is forgotten. */
const MOST_HOSTS = 1_000;

interface HostState {
  failures: number;
  openedAt: number | null;
  /** A trial call is under way. */
  trial: boolean;
}

/**
 * A circuit breaker for each host of one plugin. Five failures in a row open it; 30 seconds later one call at a time is let through, until one
 * succeeds.
 */
export class HostBreaker {
  readonly #hosts = new Map<string, HostState>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Hosts that are left alone. */
  get open(): string[] {
    return [...this.#hosts].flatMap(([host, { openedAt }]) => (openedAt === null ? [] : [host]));
  }

  /** Whether a call may pass. Whoever passes must call `record` or `forget`. */
  enter(host: string): boolean {
    const state = this.#hosts.get(host);
    if (state === undefined || state.openedAt === null) return true;
    if (state.trial || this.now() < state.openedAt + REST_MS) return false;
    state.trial = true;
    return true;
  }

  record(host: string, failed: boolean): void {
    if (!failed) {
      this.#hosts.delete(host);
      return;
    }
    const state = this.#hosts.get(host) ?? { failures: 0, openedAt: null, trial: false };
    state.failures += 1;
    state.trial = false;
    if (state.failures >= FAILURES) state.openedAt = this.now();
    this.#hosts.delete(host);
    this.#hosts.set(host, state);
    const [eldest] = this.#hosts.keys();
    if (this.#hosts.size > MOST_HOSTS && eldest !== undefined) this.#hosts.delete(eldest);
  }

  /** Ends a call that says nothing of the host. */
  forget(host: string): void {
    const state = this.#hosts.get(host);
    if (state !== undefined) state.trial = false;
  }
}

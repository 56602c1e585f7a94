const FAILURES = 5;
const REST_MS = 30_000;
/** Maximum number of hosts with a recorded failure; beyond it, the one that failed longest ago is dropped. */
const MOST_HOSTS = 1_000;

interface HostState {
  failures: number;
  openedAt: number | null;
  /** A trial call is running. */
  trial: boolean;
}

/**
 * A circuit breaker for each host of one plugin. Five failures in a row open it; 30 seconds later one call at a time may pass, until one
 * succeeds.
 */
export class HostBreaker {
  readonly #hosts = new Map<string, HostState>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Hosts with an open breaker. */
  get open(): string[] {
    return [...this.#hosts].flatMap(([host, { openedAt }]) => (openedAt === null ? [] : [host]));
  }

  /** Whether a call may pass. A caller that passes must call `record` or `forget`. */
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

  /** Ends a call whose outcome does not count for the host. */
  forget(host: string): void {
    const state = this.#hosts.get(host);
    if (state !== undefined) state.trial = false;
  }
}

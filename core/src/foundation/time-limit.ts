import { Problem } from '../contract/problem.js';

/**
 * The kernel abandoned a plugin's code after its time limit. Counts as a failure of the plugin, although the caller gets a problem answer.
 */
export class TimedOut extends Problem {
  constructor(ms: number) {
    super({
      type: 'timeout',
      status: 503,
      title: 'Timed out',
      detail: `The request did not complete within ${ms / 1_000} seconds. Nothing was stored.`,
      headers: { 'retry-after': '30' },
    });
  }
}

/** The client has disconnected. */
export class ClientGone extends Problem {
  constructor() {
    super({ type: 'client-gone', status: 499, title: 'The client disconnected' });
  }
}

/** Time limit of a piece of work, which gets it as `signal`. The AbortController is created only when the signal is read. */
export class TimeLimit {
  #timer: NodeJS.Timeout | undefined;
  #controller: AbortController | null = null;
  #reason: Error | null = null;
  #over = false;
  #giveUp: ((reason: Error) => void) | null = null;

  /** Aborted when the work is abandoned, or the client has disconnected. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#reason !== null) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  start(ms: number): void {
    this.#timer = setTimeout(() => this.giveUp(new TimedOut(ms)), ms);
  }

  giveUp(reason: Error): void {
    this.#over = true;
    this.abort(reason);
    this.#giveUp?.(reason);
  }

  /** Only aborts the signal; the work decides whether to continue. */
  abort(reason: Error): void {
    clearTimeout(this.#timer);
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#giveUp = null;
  }

  /** @throws the error of the work, or the reason why it was abandoned */
  during<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      if (this.#over) reject(this.#reason);
      work.then(resolve, reject);
    });
  }

  get givenUp(): boolean {
    return this.#over;
  }
}

import { availableParallelism } from 'node:os';
import { Problem } from '@ilearn/core';

/** Far more than a school signs in at once; what waits behind them would be given up before its turn came. */
const MOST_WAITING = 500;

/**
 * Lets so many pieces of work run at once and the others wait, first come first served: work that keeps a core busy for as long as it
 * lasts, of which any number may be asked for.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /**
   * @throws Problem 503 `login/busy` where too many wait; the reason of the signal, when it is aborted before its turn
   */
  async take<T>(signal: AbortSignal | undefined, fn: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) await this.#wait(signal);
    else this.#running++;
    try {
      return await fn();
    } finally {
      // Whoever is next takes over this place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.mostWaiting) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(enter);
    });
  }
}

const busy = (): Problem => {
  const problem = new Problem({
    type: 'login/busy',
    status: 503,
    title: 'Too many people sign in at this moment',
    detail: 'Nothing was looked at. Try again in a few seconds.',
    headers: { 'retry-after': '5' },
  });
  const mend = 'Nothing to mend where this passes; where it does not, start more web processes, or look for who sends so many.';
  return Object.assign(problem, { mend });
};

/** One core stays free for the event loop, and one of the four threads of libuv's pool for files and names. */
export const hashing = new Turns(Math.min(3, Math.max(1, availableParallelism() - 1)));

import { availableParallelism } from 'node:os';
import { Problem } from '@ilearn/core';

/** Much more than a school signs in at once. Further requests would time out before their turn. */
const MOST_WAITING = 500;

/** Limits how many CPU-bound tasks run at once; others wait in a first-in, first-out queue. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  /** @throws Problem 503 `login/busy` if too many are waiting; the signal's reason if it is aborted while waiting */
  async take<T>(signal: AbortSignal | undefined, fn: () => Promise<T>): Promise<T> {
    if (this.#running >= this.atOnce) await this.#wait(signal);
    else this.#running++;
    try {
      return await fn();
    } finally {
      // Pass the slot to the next in the queue.
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
    detail: 'The password was not checked. Try again in a few seconds.',
    headers: { 'retry-after': '5' },
  });
  const remedy = 'If this does not pass, start more web processes, or find out who sends so many attempts.';
  return Object.assign(problem, { remedy });
};

/**
 * Two on two cores, because one would let a school of 2,000 pupils wait for more than a minute; on more cores, one is left to the event loop.
 * One of libuv's four threads stays free for files and name lookups.
 */
export const hashing = new Turns(Math.min(3, Math.max(2, availableParallelism() - 1)));

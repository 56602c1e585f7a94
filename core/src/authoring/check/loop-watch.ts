import { Worker } from 'node:worker_threads';

const BEAT_MS = 100;
const ROOM = 4_096;
/** Minimum time limit, because on a busy machine the process may not run for a while. */
const LEAST_MS = 4_000;

/** Data for the watching thread. */
export interface Watched {
  /** [turns of the watched event loop, length of `text` in bytes: 0 while no call is running] */
  counters: SharedArrayBuffer;
  /** The running calls, in UTF-8. */
  text: SharedArrayBuffer;
  /** How long the event loop may be blocked during a call. */
  ms: number;
}
export const BEATS = 0;
export const LENGTH = 1;

/**
 * Detects endless loops. Such a loop also blocks the timer of its time limit, so a separate thread names the running call and ends the
 * process, in which nothing else could continue. It waits for twice the limit, to spare work that is only long.
 */
export class LoopWatch {
  readonly #underWay: string[] = [];
  readonly #counters = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  readonly #count = new Int32Array(this.#counters);
  readonly #text = new SharedArrayBuffer(ROOM);
  #thread: Worker | null = null;
  #beat: NodeJS.Timeout | undefined;

  constructor(private readonly seconds: number) {}

  /** Runs `fn` under watch until its promise settles. */
  async during<T>(name: string, fn: () => Promise<T>): Promise<T> {
    this.#begin();
    this.#underWay.push(name);
    this.#tell();
    try {
      return await fn();
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(name), 1);
      this.#tell();
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#thread?.terminate();
  }

  #begin(): void {
    if (this.#thread !== null) return;
    this.#beat = setInterval(() => {
      Atomics.add(this.#count, BEATS, 1);
      Atomics.notify(this.#count, BEATS);
    }, BEAT_MS).unref();
    const workerData: Watched = { counters: this.#counters, text: this.#text, ms: Math.max(2 * this.seconds * 1_000, LEAST_MS) };
    this.#thread = new Worker(new URL('./loop-watch-thread.js', import.meta.url), { workerData });
    this.#thread.unref();
  }

  #tell(): void {
    const bytes = Buffer.from(this.#underWay.join(', ')).subarray(0, ROOM);
    new Uint8Array(this.#text).set(bytes);
    Atomics.store(this.#count, LENGTH, bytes.length);
    Atomics.notify(this.#count, LENGTH);
  }
}

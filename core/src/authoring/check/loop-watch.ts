import { Worker } from 'node:worker_threads';

const BEAT_MS = 100;
const ROOM = 4_096;
/** A busy machine may keep a process waiting. */
const LEAST_MS = 4_000;

/** What the watching thread is given. */
export interface Watched {
  /** [turns of the event loop that is watched, length of the text below in bytes: 0 while nothing is under way] */
  counters: SharedArrayBuffer;
  /** The calls under way, in UTF-8. */
  text: SharedArrayBuffer;
  /** How long the event loop may stand still with a call under way. */
  ms: number;
}
export const BEATS = 0;
export const LENGTH = 1;

/**
 * A loop without an end holds up the very time limit that it is under. A thread beside it names the call that it is in and ends the
 * process, since nothing in a process can go on with such a loop. Twice the limit may pass, so that work which is merely long is let be.
 */
export class LoopWatch {
  readonly #underWay: string[] = [];
  readonly #counters = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  readonly #count = new Int32Array(this.#counters);
  readonly #text = new SharedArrayBuffer(ROOM);
  #thread: Worker | null = null;
  #beat: NodeJS.Timeout | undefined;

  constructor(private readonly seconds: number) {}

  /** `fn` under watch until what it returns is settled. */
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

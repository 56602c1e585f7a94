import type { Logger } from '../contract/services.js';

const LOOK_MS = 50;
/** From here on everybody who uses the process notices. */
const HELD_MS = 250;
/** No more often than this is the same route or handler named first. */
const QUIET_MS = 10_000;
/** Calls that a line names. */
const NAMED = 5;
/** Calls between two looks that are remembered after their end. */
const REMEMBERED = 200;

interface Call {
  plugin: string;
  part: string;
  since: number;
}

/** What routes and handlers are at work, or were since the last look. */
export class AtWork {
  readonly #now = new Set<Call>();
  #ended: Call[] = [];

  async during<T>(plugin: string, part: string, fn: () => Promise<T>): Promise<T> {
    const call = { plugin, part, since: performance.now() };
    this.#now.add(call);
    try {
      return await fn();
    } finally {
      this.#now.delete(call);
      if (this.#ended.length < REMEMBERED) this.#ended.push(call);
    }
  }

  /** Those that a pause may be due to, the youngest first: whoever began just before it most likely made it. */
  suspects(): string[] {
    const calls = [...this.#ended, ...this.#now].sort((one, other) => other.since - one.since);
    return [...new Set(calls.map(({ plugin, part }) => `${plugin}: ${part}`))].slice(0, NAMED);
  }

  /** Those that have ended are of no more interest. */
  forget(): void {
    if (this.#ended.length > 0) this.#ended = [];
  }
}

/**
 * Tells when the event loop was held so long that all requests of the process waited, and what was at work then. That names suspects, no more:
 * who held the loop cannot be seen from within it. A machine without time to spare holds it too. /metrics has the delays themselves.
 */
export class LoopWatch {
  #timer: NodeJS.Timeout | null = null;
  #before = 0;
  /** By the first suspect. */
  readonly #saidAt = new Map<string, number>();

  constructor(
    private readonly atWork: AtWork,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#before = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const held = now - this.#before - LOOK_MS;
    this.#before = now;
    if (held >= HELD_MS) this.#tell(now, held);
    this.atWork.forget();
  }

  #tell(now: number, held: number): void {
    const atWork = this.atWork.suspects();
    const [first = ''] = atWork;
    if (now - (this.#saidAt.get(first) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#saidAt.set(first, now);
    const mend = 'Do less at once: read in pages, and let others have their turn between parts of long work.';
    this.log.warn({ ms: Math.round(held), atWork, mend }, 'event loop held');
  }
}

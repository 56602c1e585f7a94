import type { Logger } from '../contract/services.js';

const LOOK_MS = 50;
/** Users notice pauses from this length on. */
const HELD_MS = 250;
/** Minimum interval between two log lines with the same first suspect. */
const QUIET_MS = 10_000;
/** Calls named in one log line. */
const NAMED = 5;
/** Number of ended calls kept until the next look. */
const REMEMBERED = 200;

export interface RunningCall {
  plugin: string;
  part: string;
  since: number;
}

/** The routes and handlers that are running, or ended since the last look. */
export class AtWork {
  readonly #now = new Set<RunningCall>();
  #ended: RunningCall[] = [];

  begin(plugin: string, part: string): RunningCall {
    const call = { plugin, part, since: performance.now() };
    this.#now.add(call);
    return call;
  }

  end(call: RunningCall): void {
    this.#now.delete(call);
    if (this.#ended.length < REMEMBERED) this.#ended.push(call);
  }

  /** The calls that may have blocked the event loop, latest first: the call that began just before the pause is the most likely cause. */
  suspects(): string[] {
    const calls = [...this.#ended, ...this.#now].sort((one, other) => other.since - one.since);
    return [...new Set(calls.map(({ plugin, part }) => `${plugin}: ${part}`))].slice(0, NAMED);
  }

  /** Drops the calls that have ended. */
  forget(): void {
    if (this.#ended.length > 0) this.#ended = [];
  }
}

/**
 * Logs when the event loop was blocked so long that all requests waited, with the calls that were running. These are only suspects: the
 * cause cannot be determined from within the process, and an overloaded machine has the same effect. /metrics reports the delays.
 */
export class LoopWatch {
  #timer: NodeJS.Timeout | null = null;
  #before = 0;
  /** When each first suspect was last logged. */
  readonly #loggedAt = new Map<string, number>();

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
    if (now - (this.#loggedAt.get(first) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#loggedAt.set(first, now);
    const remedy = 'Do less at once: read in pages, and yield to other work between the parts of long work.';
    this.log.warn({ ms: Math.round(held), atWork, remedy }, 'event loop blocked');
  }
}

import type { Outage } from '../../context/unit.js';
import type { Logger } from '../../contract/services.js';
import { describeError } from '../../foundation/log.js';
import { outageOf, outageOfDatabase, remedyOfOutage } from './outage.js';

/** An outage is over when nothing has failed for this long and the database answers. */
const QUIET_MS = 5_000;
const LOOK_MS = 1_000;

interface Episode {
  began: number;
  last: number;
  failures: number;
}

/** Logs the start of an outage once, and its end with the number of failures, instead of one line for each request. */
export class OutageLog {
  readonly #episodes = new Map<Outage, Episode>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;

  /** @param answers whether the database answers now */
  constructor(
    private readonly log: Logger,
    private readonly answers: () => Promise<boolean>,
  ) {}

  /** The current outages that affected any work. */
  get current(): Outage[] {
    return [...this.#episodes.keys()];
  }

  /** Records an error caused by an outage. Returns false for any other error, which the caller must log. */
  takes(error: unknown, about: object = {}): boolean {
    return this.#take(outageOf(error), error, about);
  }

  /** The same for an error that is known to be from the database. */
  takesOwn(error: unknown, about: object = {}): boolean {
    return this.#take(outageOfDatabase(error), error, about);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const outage of this.#episodes.keys()) this.#end(outage);
  }

  #take(outage: Outage | null, error: unknown, about: object): boolean {
    if (outage === null) return false;
    const now = performance.now();
    const episode = this.#episodes.get(outage);
    if (episode !== undefined) {
      episode.last = now;
      episode.failures++;
      return true;
    }
    this.#episodes.set(outage, { began: now, last: now, failures: 1 });
    const { message, code } = describeError(error);
    this.log.error({ ...about, database: outage, code, err: message, remedy: remedyOfOutage[outage] }, 'the database fails');
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    return true;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const quiet = (episode: Episode) => performance.now() - episode.last >= QUIET_MS;
    try {
      if (![...this.#episodes.values()].some(quiet) || !(await this.answers())) return;
      for (const [outage, episode] of this.#episodes) if (quiet(episode)) this.#end(outage);
      if (this.#episodes.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    } finally {
      this.#looking = false;
    }
  }

  #end(outage: Outage): void {
    const episode = this.#episodes.get(outage);
    if (episode === undefined) return;
    this.#episodes.delete(outage);
    const seconds = Math.round((episode.last - episode.began) / 1_000);
    this.log.warn({ database: outage, failures: episode.failures, seconds }, 'the database works again');
  }
}

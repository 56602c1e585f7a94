import { AsyncLocalStorage } from 'node:async_hooks';
import type { Http, MachineCall } from '@ilearn/core';

/** Calls of an app about a school by one route, on one day. */
export interface Counted {
  app: string;
  school: string;
  route: string;
  answered: number;
  refused: number;
}

type Store = (counts: Counted[]) => Promise<void>;

const flushAfterMs = 500;
/** A process that cannot store keeps no more lines than this. */
const mostWaiting = 20_000;

/**
 * Counts the calls of apps, and stores the counts twice a second: answers do not wait for it. A process that is killed loses the counts of half a
 * second.
 */
export class UsageRecorder {
  #waiting = new Map<string, Counted>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #store: Store | null = null;
  #failed: (error: Error) => void = () => {};
  /** Leaves the unit of work of whoever calls: a second one cannot be opened inside it. */
  readonly #outside = AsyncLocalStorage.snapshot();

  /** @param failed is told when counts could not be stored */
  connect(store: Store, failed: (error: Error) => void): void {
    this.#store = store;
    this.#failed = failed;
    if (this.#waiting.size > 0) this.#later();
  }

  add({ client, tenants, plugin, route, status }: MachineCall): void {
    if (tenants === '*') return;
    const [method = '', path = ''] = route.split(' ');
    for (const school of tenants) {
      const key = `${client} ${school} ${plugin} ${route}`;
      if (!this.#waiting.has(key) && this.#waiting.size >= mostWaiting) continue;
      const counted = this.#waiting.get(key) ?? {
        app: client,
        school,
        route: `${method} /api/${plugin}${path}`,
        answered: 0,
        refused: 0,
      };
      counted[status < 400 ? 'answered' : 'refused'] += 1;
      this.#waiting.set(key, counted);
    }
    this.#later();
  }

  /** Stores what waits. Call it outside any unit of work. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#flush();
    this.#store = null;
  }

  #later(): void {
    if (this.#timer !== null || this.#store === null) return;
    this.#timer = this.#outside(() =>
      setTimeout(() => {
        this.#timer = null;
        this.#flushing = this.#flush();
      }, flushAfterMs),
    );
    this.#timer?.unref();
  }

  async #flush(): Promise<void> {
    await this.#flushing;
    const [counts, store] = [[...this.#waiting.values()], this.#store];
    if (counts.length === 0 || store === null) return;
    this.#waiting = new Map();
    try {
      await store(counts);
    } catch (error) {
      this.#failed(error as Error);
    }
  }
}

/** Recorders by the HTTP service of their portal, because a process may run several portals. */
const recorders = new WeakMap<Http, UsageRecorder>();

export function recorderOf(http: Http): UsageRecorder {
  const recorder = recorders.get(http) ?? new UsageRecorder();
  recorders.set(http, recorder);
  return recorder;
}

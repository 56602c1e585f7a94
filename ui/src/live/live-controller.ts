import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { liveConnection } from './live-connection.js';

/** Messages that arrive within this time are passed to the handler together. */
const GATHER_MS = 50;
const POLL_MS = 10_000;

/** A topic and its params: `['myway.board', { assignmentId }]`. */
export type LiveTopicRef = readonly [topic: `${string}.${string}`, params: Readonly<Record<string, unknown>>];

/** One message of a live topic, as its service published it. */
export interface LiveMessage {
  topic: string;
  payload: unknown;
}

/** What a live controller passes to its handler. */
export interface LiveNews {
  /** Messages may be missing: load everything that is shown. */
  reset: boolean;
  messages: LiveMessage[];
}

/** How often a live controller sends `reset` in addition to messages. */
export interface LiveOptions {
  /** Interval of `reset` while there is no live connection, in milliseconds; default 10 000. */
  poll?: number;
  /** Interval of `reset` even with a live connection, in milliseconds; for content that changes with time. Default: never. */
  refresh?: number;
}

/**
 * Follows live topics while its element is in the document:
 *
 * ```ts
 * new LiveController(this, () => [['diary.board', { classId: this.classId }]], () => this.load());
 * ```
 *
 * All elements of a page share one connection, which is closed while the tab is hidden. The handler gets the messages since its last call;
 * the next call waits for the promise that it returns. Without a connection, it gets `reset` every `poll` milliseconds.
 */
export class LiveController implements ReactiveController {
  readonly #poll: number;
  readonly #refresh: number;
  #connected = false;
  #followed = new Map<string, () => void>();
  #news: LiveNews = { reset: false, messages: [] };
  #telling = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #polling: ReturnType<typeof setInterval> | undefined;
  #refreshing: ReturnType<typeof setInterval> | undefined;

  constructor(
    host: ReactiveControllerHost,
    private readonly topics: () => readonly LiveTopicRef[],
    private readonly handler: (news: LiveNews) => unknown,
    { poll = POLL_MS, refresh = 0 }: LiveOptions = {},
  ) {
    this.#poll = poll;
    this.#refresh = refresh;
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow();
    document.addEventListener('visibilitychange', this.#seen);
    this.#polling = setInterval(() => {
      if (!this.#isLive()) this.#resetIfSeen();
    }, this.#poll);
    if (this.#refresh > 0) this.#refreshing = setInterval(() => this.#resetIfSeen(), this.#refresh);
  }

  hostUpdated(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#connected = false;
    for (const stop of this.#followed.values()) stop();
    this.#followed.clear();
    document.removeEventListener('visibilitychange', this.#seen);
    clearInterval(this.#polling);
    clearInterval(this.#refreshing);
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#news = { reset: false, messages: [] };
  }

  #follow(): void {
    if (!this.#connected) return;
    const wanted = new Map(this.topics().map((ref) => [keyOf(ref), ref[0]]));
    for (const [key, stop] of this.#followed) {
      if (wanted.has(key)) continue;
      stop();
      this.#followed.delete(key);
    }
    for (const [key, topic] of wanted) {
      if (this.#followed.has(key)) continue;
      const follower = {
        message: (payload: unknown) => this.#tell({ topic, payload }),
        reset: () => this.#tell(null),
      };
      this.#followed.set(key, liveConnection().follow(key, follower));
    }
  }

  #isLive(): boolean {
    return [...this.#followed.keys()].every((key) => liveConnection().isLive(key));
  }

  /** When the tab becomes visible. A live connection delivers missed messages itself; without one, everything is loaded. */
  readonly #seen = (): void => {
    if (!this.#isLive()) this.#resetIfSeen();
  };

  #resetIfSeen(): void {
    if (document.visibilityState === 'visible') this.#tell(null);
  }

  /** @param message null: `reset` */
  #tell(message: LiveMessage | null): void {
    if (message === null) this.#news.reset = true;
    else this.#news.messages.push(message);
    if (!this.#telling) this.#gathering ??= setTimeout(() => void this.#call(), GATHER_MS);
  }

  async #call(): Promise<void> {
    this.#gathering = undefined;
    const news = this.#news;
    this.#news = { reset: false, messages: [] };
    this.#telling = true;
    try {
      await this.handler(news);
    } catch (error) {
      // Report the error as for an event listener; the handler is still called for later messages.
      reportError(error);
    } finally {
      this.#telling = false;
    }
    if (this.#connected && (this.#news.reset || this.#news.messages.length > 0)) {
      this.#gathering ??= setTimeout(() => void this.#call(), GATHER_MS);
    }
  }
}

/** The same key for equal params, so that elements share a topic. */
const keyOf = ([topic, params]: LiveTopicRef): string =>
  `${topic}:${JSON.stringify(params, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )}`;

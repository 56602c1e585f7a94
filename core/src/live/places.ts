import { Problem } from '../contract/problem.js';
import type { End, LiveConnection } from './connection.js';

/** Maximum number of open streams of one session: visible tabs, and some that a proxy has not closed yet. */
const MOST_OF_SESSION = 12;

/** A place among the connections of this process, taken before rights are checked and kept until the stream ends. */
export class Place {
  connection: LiveConnection | null = null;
  /** The person's roles changed while their rights were being checked. */
  doubted = false;
  ended = false;

  doubt(): void {
    this.doubted = true;
    this.connection?.doubt();
  }

  end(why: End): void {
    this.ended = true;
    this.connection?.end(why);
  }
}

/** The places of this process, by handle of the session. */
export class Places {
  readonly #ofSessions = new Map<string, Set<Place>>();
  #taken = 0;

  /** @param most maximum number of connections of this process */
  constructor(private readonly most: number) {}

  get taken(): number {
    return this.#taken;
  }

  /** @throws Problem 429 if the session has too many, 503 if the process has */
  take(handle: string): Place {
    if (this.#taken >= this.most) throw noPlace('This process has reached its limit of live connections.');
    const ofSession = this.#ofSessions.get(handle) ?? new Set();
    if (ofSession.size >= MOST_OF_SESSION) {
      throw new Problem({
        type: 'live-too-many',
        status: 429,
        title: 'Too many live connections',
        detail: `A session has at most ${MOST_OF_SESSION} at a time: close some tabs.`,
        headers: { 'retry-after': '10' },
      });
    }
    const place = new Place();
    this.#ofSessions.set(handle, ofSession.add(place));
    this.#taken++;
    return place;
  }

  leave(handle: string, place: Place): void {
    const ofSession = this.#ofSessions.get(handle);
    if (ofSession?.delete(place) !== true) return;
    this.#taken--;
    if (ofSession.size === 0) this.#ofSessions.delete(handle);
  }

  of(handle: string): Iterable<Place> {
    return this.#ofSessions.get(handle) ?? [];
  }

  handles(): string[] {
    return [...this.#ofSessions.keys()];
  }

  *connections(): Generator<LiveConnection> {
    for (const places of this.#ofSessions.values()) {
      for (const { connection } of places) if (connection !== null) yield connection;
    }
  }
}

/** This process takes no more connections; another one may. */
export const noPlace = (detail: string): Problem =>
  new Problem({ type: 'live-full', status: 503, title: 'Out of service', detail, headers: { 'retry-after': '5' } });

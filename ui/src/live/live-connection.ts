import { onUnauthorised } from '../base/api.js';

/** A tab that is hidden for this long closes its connection. */
const HIDDEN_MS = 10_000;
/** Topics requested within this time share one connection request. */
const GATHER_MS = 20;
/** If a new stream is not ready after this time, something on the way (such as a proxy) is buffering it. */
const SILENT_MS = 10_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** The server keeps messages for ten minutes. After a longer gap than this, the page loads everything again. */
const KEPT_MS = 9 * 60_000;

/** A follower of one topic. */
export interface Follower {
  message(payload: unknown): void;
  /** Messages may be missing: load everything. */
  reset(): void;
}

interface Followed {
  followers: Set<Follower>;
  /** When the topic was first requested; later messages must be delivered. */
  since: number;
  /** The server has confirmed the topic: nothing is missing up to the last event. */
  established: boolean;
  /** Id of the topic's last message. */
  seen: number;
  /** The server refused the topic; it is requested again after this moment. 0: not refused. */
  refusedUntil: number;
}

/** The page's only connection to `/live`, shared by all elements. */
export class LiveConnection {
  readonly #topics = new Map<string, Followed>();
  #source: EventSource | null = null;
  /** Topics for which the source was opened. */
  #asked: ReadonlySet<string> = new Set();
  #ready = false;
  #last = '';
  #pauses = 0;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.addEventListener('visibilitychange', () => this.#look());
    // An open connection would keep the page out of the back/forward cache.
    addEventListener('pagehide', () => this.#close());
    addEventListener('pageshow', () => this.#renew());
  }

  /** Follows a topic until the returned function is called. */
  follow(key: string, follower: Follower): () => void {
    let topic = this.#topics.get(key);
    if (topic === undefined) {
      topic = { followers: new Set(), since: performance.now(), established: false, seen: 0, refusedUntil: 0 };
      this.#topics.set(key, topic);
      this.#renew();
    }
    const { followers } = topic;
    followers.add(follower);
    return () => {
      followers.delete(follower);
      if (followers.size > 0 || this.#topics.get(key)?.followers !== followers) return;
      this.#topics.delete(key);
      if (this.#topics.size === 0) this.#renew();
    };
  }

  /** Whether messages of this topic currently arrive. */
  isLive(key: string): boolean {
    return this.#ready && this.#asked.has(key) && (this.#topics.get(key)?.refusedUntil ?? 0) < performance.now();
  }

  #look(): void {
    clearTimeout(this.#hiding);
    if (document.visibilityState === 'visible') this.#renew();
    else this.#hiding = setTimeout(() => this.#close(), HIDDEN_MS);
  }

  #renew(pause = GATHER_MS): void {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#open(), pause);
  }

  #open(): void {
    const now = performance.now();
    const wanted = [...this.#topics].filter(([, { refusedUntil }]) => refusedUntil < now);
    if (wanted.length === 0 || document.visibilityState !== 'visible') {
      if (this.#topics.size === 0) this.#close();
      return;
    }
    const covered = this.#source !== null && wanted.every(([key]) => this.#asked.has(key));
    if (covered) return;
    const query = new URLSearchParams(wanted.map(([key]) => ['topic', key]));
    const fresh = wanted.filter(([, { established }]) => !established);
    const ago = now - Math.min(now, ...fresh.map(([, { since }]) => since));
    if (this.#last !== '') query.set('last', this.#last);
    if (ago > KEPT_MS) this.#reset();
    else if (ago > 0) query.set('since', String(Math.ceil(ago / 1000) + 1));
    this.#close();
    this.#asked = new Set(wanted.map(([key]) => key));
    this.#listen(new EventSource(`/live?${query}`));
  }

  #listen(source: EventSource): void {
    this.#source = source;
    const on = (name: string, fn: (event: MessageEvent<string>) => void) =>
      source.addEventListener(name, (event) => {
        if (source === this.#source) fn(event as MessageEvent<string>);
      });
    on('message', (event) => {
      const { topic: key, payload } = JSON.parse(event.data) as { topic: string; payload: unknown };
      const topic = this.#topics.get(key);
      const id = Number(event.lastEventId);
      if (id > Number(this.#last)) this.#last = event.lastEventId;
      // Missed messages are sent from the oldest missed by any topic, so skip those that this topic already has.
      if (topic === undefined || id <= topic.seen) return;
      topic.seen = id;
      for (const follower of [...topic.followers]) follower.message(payload);
    });
    on('ready', (event) => {
      clearTimeout(this.#silence);
      this.#last = event.lastEventId;
      this.#ready = true;
      for (const key of this.#asked) {
        const topic = this.#topics.get(key);
        if (topic !== undefined && topic.refusedUntil === 0) topic.established = true;
      }
      this.#pauses = 0;
    });
    on('reset', (event) => {
      this.#last = event.lastEventId;
      this.#reset();
    });
    on('refused', (event) => {
      const { topic: key, reason } = JSON.parse(event.data) as { topic: string; reason: string };
      const topic = this.#topics.get(key);
      if (topic === undefined) return;
      const pause = reason === 'failed' ? 60_000 : LONGEST_PAUSE_MS;
      topic.refusedUntil = performance.now() + pause;
      if ([...this.#asked].every((each) => (this.#topics.get(each)?.refusedUntil ?? 1) > 0)) this.#close();
      setTimeout(() => {
        Object.assign(topic, { refusedUntil: 0, established: false, since: performance.now() });
        this.#asked = new Set([...this.#asked].filter((each) => each !== key));
        this.#renew();
      }, pause);
    });
    on('ended', () => {
      this.#close();
      void onUnauthorised.handler?.().then(
        (again) => again && this.#renew(),
        () => {},
      );
    });
    source.addEventListener('error', () => {
      if (source !== this.#source) return;
      this.#ready = false;
      // The browser reconnects by itself, unless the response was not an event stream.
      if (source.readyState === EventSource.CLOSED) this.#fail();
    });
    this.#silence = setTimeout(() => this.#fail(), SILENT_MS);
  }

  /** Tries again after a pause, which grows with each failure. */
  #fail(): void {
    this.#close();
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#pauses++, LONGEST_PAUSE_MS);
    this.#renew(pause * (0.75 + Math.random() / 2));
  }

  #close(): void {
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
    this.#ready = false;
    this.#asked = new Set();
  }

  #reset(): void {
    for (const { followers } of this.#topics.values()) for (const follower of [...followers]) follower.reset();
  }
}

let shared: LiveConnection | undefined;

/** The page's connection, created when first needed. */
export function liveConnection(): LiveConnection {
  shared ??= new LiveConnection();
  return shared;
}

import type { ServerResponse } from 'node:http';
import type { LiveSession } from '../access/live-sessions.js';
import { IDLE_MINUTES } from '../access/live-sessions.js';
import { signInFirst } from '../access/sign-in-first.js';
import { Problem } from '../contract/problem.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { Listener } from '../database/homes/listener.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import { type ConnectionHost, LiveConnection, type Subscription } from './connection.js';
import { LiveLog, type LiveMessage, RIGHTS, type Since } from './log.js';
import { LogReader } from './log-reader.js';
import { noPlace, type Place, Places } from './places.js';
import { CHANNEL } from './publishing.js';
import { type Refusal, type RightsParts, type Topic, TopicRights } from './rights.js';
import { parseTopicKey } from './topic-key.js';

/** Interval at which the log is read without a notification, since a notification may be lost with its connection. */
const POLL_MS = 2_000;
const BEAT_MS = 20_000;
/** Connections get their heartbeats in this number of groups, one group after another. */
const GROUPS = 20;
const HOUSEKEEPING_MS = 60_000;

export interface HubParts extends RightsParts {
  home: DatabaseHome;
  outages: Pick<OutageLog, 'takesOwn'>;
  /** Maximum number of connections of this process. */
  most: number;
}

export interface Wanted {
  /** Topic keys as the client spelled them. */
  keys: readonly string[];
  since: Since;
  session: LiveSession;
  /** Whether the client has disconnected. */
  isGone(): boolean;
}

/** A stream that may begin. */
export interface Admitted {
  /** Begins the stream on a response whose headers were sent. */
  begin(response: ServerResponse): Promise<void>;
  /** Releases its place if the stream does not begin. */
  leave(): void;
}

/** The live connections of this process. Sends each message of the log to the followers of its topic. */
export class LiveHub {
  readonly #log: LiveLog;
  readonly #reader: LogReader;
  readonly #rights: TopicRights;
  readonly #followers = new Map<string, Set<Subscription>>();
  readonly #groups: Set<LiveConnection>[] = Array.from({ length: GROUPS }, () => new Set());
  readonly #places: Places;
  readonly #host: ConnectionHost;
  #listener: Listener | null = null;
  #timers: NodeJS.Timeout[] = [];
  #group = 0;
  #stopped = false;
  #sent = 0;

  constructor(private readonly parts: HubParts) {
    this.#log = new LiveLog(parts.home);
    this.#rights = new TopicRights(parts);
    this.#places = new Places(parts.most);
    this.#reader = new LogReader({
      log: this.#log,
      logger: parts.log,
      outages: parts.outages,
      isNeeded: () => this.#places.taken > 0,
      dispatch: (message) => this.#dispatch(message),
      reset: (position) => {
        for (const connection of this.#places.connections()) connection.reset(position);
      },
    });
    this.#host = {
      judge: (...about) => this.#rights.judge(...about),
      dropped: (subscription) => this.#unfollow(subscription),
      failed: (error) => this.#reader.report(error),
    };
  }

  /** @param serves whether pages connect to this process; workers only delete old messages */
  start(serves: boolean): void {
    this.#timers = [setInterval(() => this.#keepHouse(), HOUSEKEEPING_MS)];
    if (!serves) return;
    this.#listener = this.parts.home.listen?.(CHANNEL, this.wake) ?? null;
    this.#timers.push(
      setInterval(this.wake, POLL_MS),
      setInterval(() => this.#beat(), BEAT_MS / GROUPS),
    );
  }

  /** Ends every stream; clients reconnect to another process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#reader.stop();
    for (const timer of this.#timers) clearInterval(timer);
    this.#listener?.close();
    for (const connection of this.#places.connections()) connection.end('stop');
    await this.#reader.settled();
  }

  get counts(): { connections: number; topics: number; sent: number } {
    return { connections: this.#places.taken, topics: this.#followers.size, sent: this.#sent };
  }

  /** Called after a commit: reads the log now. */
  readonly wake = (): void => this.#reader.wake();

  /** Call this when the set of plugins in service has changed. */
  reconcile(): void {
    for (const followers of this.#followers.values()) {
      for (const subscription of [...followers]) {
        if (!this.parts.composition.isActive(subscription.topic.plugin)) subscription.connection.refuse(subscription, 'failed');
      }
    }
  }

  /**
   * Checks the rights to each topic.
   *
   * @throws Problem 400 for invalid keys, 403 if no topic may be followed, 429 or 503 if there are too many connections
   */
  async admit({ keys, since, session, isGone }: Wanted): Promise<Admitted> {
    if (this.#stopped) throw noPlace('This process is stopping.');
    const place = this.#places.take(session.handle);
    const leave = () => this.#places.leave(session.handle, place);
    try {
      // From here on changes of rights are noticed, so that none is missed between the check and the stream.
      await this.#reader.position();
      const { topics, refused } = this.#resolve(keys);
      const began = performance.now();
      const verdicts = await Promise.all(
        [...topics.values()].map(async ({ topic }) => ({
          key: topic.key,
          verdict: await this.#rights.judge(topic, session, isGone),
        })),
      );
      for (const { key, verdict } of verdicts) {
        if (verdict === 'allowed') continue;
        if (verdict === 'session-ended') throw signInFirst();
        const { asked = [] } = topics.get(key) ?? {};
        refused.push(...asked.map((topic) => ({ topic, reason: verdict })));
        topics.delete(key);
      }
      if (topics.size === 0) {
        throw new Problem({
          type: 'live-refused',
          status: 403,
          title: 'Forbidden',
          detail: 'You may not follow any of these topics now.',
          extra: { refused },
        });
      }
      return { leave, begin: (response) => this.#begin(response, { topics, refused, since, session, began, place, leave }) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #begin(
    response: ServerResponse,
    { topics, refused, since, session: { hash, personId, handle }, began, place, leave }: Chosen,
  ): Promise<void> {
    const connection = new LiveConnection(response, { hash, personId, handle }, this.#host);
    place.connection = connection;
    const group = this.#groups[Math.floor(Math.random() * GROUPS)] as Set<LiveConnection>;
    response.once('close', () => {
      connection.end('nothing-left');
      group.delete(connection);
      for (const subscription of connection.subscriptions) this.#unfollow(subscription);
      leave();
    });
    // Registered now: messages dispatched while it catches up wait in the connection.
    group.add(connection);
    for (const { topic, asked } of topics.values())
      connection.follow(topic, asked, place.doubted ? Number.NEGATIVE_INFINITY : began);
    for (const subscription of connection.subscriptions) this.#follow(subscription);
    try {
      const until = await this.#reader.position();
      const some = since.position !== undefined || since.seconds !== undefined;
      const missed = some ? await this.#log.missed([...topics.keys()], since, until) : { messages: [], reset: false };
      // A client may come from a process that was ahead of this one.
      const known = since.seconds === undefined && !missed.reset ? (since.position ?? 0) : 0;
      const position = Math.max(until, known);
      connection.start(missed, position, position, refused);
    } catch (error) {
      this.#reader.report(error);
      connection.end('unsure');
    }
    if (place.ended) connection.end('session-ended');
    if (this.#stopped) connection.end('stop');
  }

  #resolve(keys: readonly string[]): Pick<Chosen, 'topics' | 'refused'> {
    const topics: Chosen['topics'] = new Map();
    const refused: Chosen['refused'] = [];
    for (const asked of new Set(keys)) {
      const parsed = parseTopicKey(asked);
      if (parsed === null) {
        throw new Problem({
          type: 'malformed-topic',
          status: 400,
          title: 'Malformed topic',
          detail: 'A topic is written <plugin>.<name>:{…}, with its params as JSON, and is at most 500 characters long.',
        });
      }
      const topic = this.#rights.resolve(parsed);
      if (typeof topic === 'string') refused.push({ topic: asked, reason: topic });
      else topics.set(topic.key, { topic, asked: [...(topics.get(topic.key)?.asked ?? []), asked] });
    }
    return { topics, refused };
  }

  #follow(subscription: Subscription): void {
    const { key } = subscription.topic;
    const followers = this.#followers.get(key) ?? new Set();
    this.#followers.set(key, followers.add(subscription));
  }

  #unfollow(subscription: Subscription): void {
    const { key } = subscription.topic;
    const followers = this.#followers.get(key);
    followers?.delete(subscription);
    if (followers?.size === 0) this.#followers.delete(key);
  }

  #dispatch(message: LiveMessage): void {
    if (message.topic === RIGHTS) {
      this.#changeRights(JSON.parse(message.payload));
      return;
    }
    const followers = this.#followers.get(message.topic);
    if (followers === undefined) return;
    this.#sent += followers.size;
    for (const { connection } of followers) connection.push(message);
  }

  #changeRights({ changed = [], ended = [] }: { changed?: string[]; ended?: string[] }): void {
    for (const handle of ended) for (const place of this.#places.of(handle)) place.end('session-ended');
    for (const handle of changed) for (const place of this.#places.of(handle)) place.doubt();
  }

  #beat(): void {
    this.#group = (this.#group + 1) % GROUPS;
    for (const connection of this.#groups[this.#group] ?? []) connection.beat();
  }

  #keepHouse(): void {
    this.#reader.between(async () => {
      await this.#log.purge();
      const handles = this.#places.handles();
      if (handles.length > 0) this.#changeRights({ ended: await this.#log.ended(handles, IDLE_MINUTES) });
    });
  }
}

interface Chosen {
  topics: Map<string, { topic: Topic; asked: string[] }>;
  refused: { topic: string; reason: Refusal }[];
  since: Since;
  session: LiveSession;
  /** When the rights were checked. */
  began: number;
  place: Place;
  leave(): void;
}

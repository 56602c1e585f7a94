import type { ServerResponse } from 'node:http';
import type { CaughtUp, LiveMessage } from './log.js';
import type { Refusal, Topic, Verdict } from './rights.js';

/** A message is not sent if the right to its topic was checked longer ago than this. */
const TRUSTED_MS = 55_000;
/**
 * Maximum number of messages that wait: for a slow client, for a check of a right, or while the client catches up. Beyond this, the client
 * is disconnected; it catches up when it reconnects.
 */
const MOST_WAITING = 1_000;

/** One topic that a connection follows. */
export interface Subscription {
  readonly topic: Topic;
  /** The topic keys as the client spelled them. */
  readonly asked: readonly string[];
  /** When the right was last checked (`performance.now()`). */
  checkedAt: number;
  /** It has since been refused. */
  refused: boolean;
  readonly connection: LiveConnection;
}

/** The session and person of a connection. */
export interface Follower {
  hash: Buffer;
  personId: string;
  handle: string;
}

/** What all connections of a process share. */
export interface ConnectionHost {
  judge(topic: Topic, follower: Follower, isGone: () => boolean): Promise<Verdict>;
  /** Called once for each subscription that ends before the connection. */
  dropped(subscription: Subscription): void;
  /** Called when the database fails during a check of a right. */
  failed(error: unknown): void;
}

/** Why a connection ends; the client reconnects by itself unless its session has ended. */
export type End = 'stop' | 'session-ended' | 'nothing-left' | 'unsure';

/** One stream of server-sent events for all topics of one page. Messages are sent once each, in the order of their positions. */
export class LiveConnection {
  readonly #subscriptions = new Map<string, Subscription>();
  /** Messages, and other events in their wire format. */
  #waiting: (LiveMessage | string)[] = [];
  /** Messages up to this position are skipped. */
  #floor = 0;
  /** Missed messages have been sent; until then, new messages wait. */
  #started = false;
  #sending = false;
  #closed = false;
  /** Number of changes of the person's rights so far. */
  #doubts = 0;
  /** The client had not read everything at the last heartbeat. */
  #stalled = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly follower: Follower,
    private readonly host: ConnectionHost,
  ) {}

  get subscriptions(): IterableIterator<Subscription> {
    return this.#subscriptions.values();
  }

  follow(topic: Topic, asked: readonly string[], checkedAt: number): void {
    this.#subscriptions.set(topic.key, { topic, asked, checkedAt, refused: false, connection: this });
  }

  /**
   * Sends the missed messages, then `ready`, then the messages that arrived in the meantime.
   *
   * @param position after `ready`, the page has everything up to this position
   * @param floor messages up to this position are skipped
   */
  start(
    { messages, reset }: CaughtUp,
    position: number,
    floor: number,
    refused: readonly { topic: string; reason: Refusal }[],
  ): void {
    if (this.#closed) return;
    this.#floor = floor;
    this.#started = true;
    const meanwhile = this.#waiting.filter((each) => typeof each === 'string' || each.position > floor);
    this.#waiting = [
      ...messages,
      ...(reset ? [resetText(position)] : []),
      ...refused.map((each) => `event: refused\ndata: ${JSON.stringify(each)}\n\n`),
      // Sent after the missed messages: a page that has this id has all of them.
      `event: ready\nid: ${position}\ndata: {}\n\n`,
      ...meanwhile,
    ];
    void this.#send();
  }

  push(message: LiveMessage): void {
    if (this.#closed || message.position <= this.#floor) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.cut();
      return;
    }
    this.#waiting.push(message);
    if (this.#started) void this.#send();
  }

  /** Tells the page to load everything again. */
  reset(position: number): void {
    this.#waiting.push(resetText(position));
    if (this.#started) void this.#send();
  }

  /** The person's roles have changed: each right is checked again before anything more is sent. */
  doubt(): void {
    this.#doubts++;
    for (const subscription of this.#subscriptions.values()) subscription.checkedAt = Number.NEGATIVE_INFINITY;
    void this.#checkAll();
  }

  refuse(subscription: Subscription, reason: Refusal): void {
    if (subscription.refused) return;
    subscription.refused = true;
    this.#subscriptions.delete(subscription.topic.key);
    this.host.dropped(subscription);
    for (const topic of subscription.asked) this.#write(`event: refused\ndata: ${JSON.stringify({ topic, reason })}\n\n`);
    if (this.#subscriptions.size === 0) this.end('nothing-left');
  }

  /** Keeps proxies from closing the connection, and detects clients that do not read. */
  beat(): void {
    if (this.response.writableLength > 0) {
      if (this.#stalled) this.cut();
      this.#stalled = true;
      return;
    }
    this.#stalled = false;
    this.#write(':\n\n');
  }

  end(why: End): void {
    if (this.#closed) return;
    this.#closed = true;
    // Random delays, so that not all clients reconnect at the same time.
    if (why === 'session-ended') this.response.write('event: ended\ndata: {}\n\n');
    else if (why !== 'nothing-left') this.response.write(`retry: ${500 + Math.floor(Math.random() * 2_500)}\n\n`);
    this.response.end();
  }

  cut(): void {
    this.#closed = true;
    this.response.destroy();
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let message = this.#waiting[0]; message !== undefined && !this.#closed; message = this.#waiting[0]) {
        const subscription = typeof message === 'string' ? null : this.#subscriptions.get(message.topic);
        if (subscription && performance.now() - subscription.checkedAt > TRUSTED_MS) await this.#check(subscription);
        else {
          this.#waiting.shift();
          this.#write(typeof message === 'string' ? message : this.#textOf(message));
          if (this.response.writableNeedDrain) await this.#drained();
        }
      }
    } finally {
      this.#sending = false;
    }
  }

  async #checkAll(): Promise<void> {
    for (const subscription of [...this.#subscriptions.values()]) await this.#check(subscription);
  }

  async #check(subscription: Subscription): Promise<void> {
    if (this.#closed || subscription.refused) return;
    const began = performance.now();
    const doubts = this.#doubts;
    let verdict: Verdict;
    try {
      verdict = await this.host.judge(subscription.topic, this.follower, () => this.#closed);
    } catch (error) {
      this.host.failed(error);
      // The client reconnects and gets what it missed once the database answers.
      this.end('unsure');
      return;
    }
    if (this.#closed) return;
    if (verdict === 'session-ended') this.end(verdict);
    else if (verdict !== 'allowed') this.refuse(subscription, verdict);
    else if (doubts === this.#doubts) subscription.checkedAt = began;
  }

  #textOf({ position, topic, payload }: LiveMessage): string {
    const asked = this.#subscriptions.get(topic)?.asked ?? [];
    return asked.map((key) => `id: ${position}\ndata: {"topic":${JSON.stringify(key)},"payload":${payload}}\n\n`).join('');
  }

  /** Resolves when the client has read everything sent, or has disconnected. */
  #drained(): Promise<void> {
    const { response } = this;
    return new Promise((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
  }

  #write(text: string): void {
    if (!this.#closed && text !== '') this.response.write(text);
  }
}

const resetText = (position: number): string => `event: reset\nid: ${position}\ndata: {}\n\n`;

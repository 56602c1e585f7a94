import type pg from 'pg';
import type { Message, QueuedMessage, RetryPolicy } from './message.js';

export interface ScheduledJob {
  plugin: string;
  name: string;
  /** Cron expression, UTC. */
  cron: string;
  payload: unknown;
  retry: RetryPolicy;
}

export type Deliver = (message: Message, attempt: number, signal: AbortSignal) => Promise<void>;

/** What runs jobs: it keeps messages that left the outbox, and hands each to a worker until its handler succeeds. */
export interface JobEngine {
  /** Makes a queue for each plugin, and makes the schedules exactly these. */
  start(plugins: readonly string[], schedules: readonly ScheduledJob[]): Promise<void>;
  /** Takes messages over within the outbox's own transaction; taking one twice is no error. */
  take(client: pg.ClientBase, messages: readonly QueuedMessage[]): Promise<void>;
  work(deliver: Deliver): Promise<void>;
  /** There is new work: look now instead of at the next poll. */
  nudge(): void;
  /** Messages waiting or at work. */
  pending(): Promise<number>;
  /** Waits for running handlers, then stops. */
  stop(): Promise<void>;
}

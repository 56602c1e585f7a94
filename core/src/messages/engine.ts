import type pg from 'pg';
import type { RetryPolicy } from './message.js';

/** A message as an engine knows it: never its payload, which stays in the database that erasure reaches. */
export interface Task {
  id: string;
  dueAt: Date;
  retry: RetryPolicy;
}

/** @param last whether a failure now is the last one */
export type Deliver = (id: string, attempt: number, last: boolean, signal: AbortSignal) => Promise<void>;

/** What runs handlers: it holds tasks, and hands each to a worker until its delivery succeeds or its retries are used up. */
export interface JobEngine {
  start(): Promise<void>;
  /** Takes tasks over within the relay's transaction; taking one twice is no error. */
  take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void>;
  work(deliver: Deliver): Promise<void>;
  /** There is new work: look now instead of at the next poll. */
  nudge(): void;
  /** Waits for running handlers, then stops. */
  stop(): Promise<void>;
}

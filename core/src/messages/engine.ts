import type pg from 'pg';

/** One hand-over of a message that is due. An engine knows these ids alone: payloads stay in the database that erasure reaches. */
export interface Task {
  /** New with each hand-over; a message heeds only the last. */
  id: string;
  message: string;
}

/** Rejects only where the database cannot be reached; the message is then found by the sweep. */
export type Deliver = (task: Task) => Promise<void>;

/**
 * What brings tasks to workers. It may lose a task or bring it twice: the row in `kernel.messages` alone tells what is left to do,
 * and retries, delays and schedules are made from there.
 */
export interface JobEngine {
  readonly name: 'pg-boss' | 'bullmq';
  start(): Promise<void>;
  /** Takes tasks over within the relay's transaction. Fails at once where the engine cannot be reached. */
  take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void>;
  /** Which of these tasks still wait for a worker or are with one that lives. */
  known(client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>>;
  /** Begins to deliver, at most `concurrency` tasks at once in this process. */
  work(deliver: Deliver, concurrency: number): Promise<void>;
  /** There is new work: look now instead of at the next poll. */
  nudge(): void;
  reachable(): Promise<boolean>;
  /** Waits for running handlers, then stops. */
  stop(): Promise<void>;
}

/** How long a stop waits for handlers under way. */
export const STOP_MS = 15_000;

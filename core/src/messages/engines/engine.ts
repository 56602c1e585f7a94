import type pg from 'pg';

/** One hand-over of a due message. An engine knows these ids only: payloads stay in the database, where erasure reaches them. */
export interface Task {
  /** New with each hand-over; only the last one of a message is accepted. */
  id: string;
  message: string;
}

/** Rejects only if the database cannot be reached; the sweep then finds the message. */
export type Deliver = (task: Task) => Promise<void>;

/**
 * Carries tasks to workers. It may lose a task or deliver it twice: the row in `kernel.messages` alone says what is left to do, and
 * retries, delays and schedules come from there.
 */
export interface JobEngine {
  readonly name: 'pg-boss' | 'bullmq';
  start(): Promise<void>;
  /** Accepts tasks within the relay's transaction. Rejects at once if the engine cannot be reached. */
  take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void>;
  /** Which of these tasks still wait for a worker, or are with a worker that is alive. */
  known(client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>>;
  /** Starts delivering, with at most `concurrency` tasks at once in this process. */
  work(deliver: Deliver, concurrency: number): Promise<void>;
  /** New work is there: look now instead of at the next poll. */
  nudge(): void;
  reachable(): Promise<boolean>;
  /** Waits for running handlers, then stops. */
  stop(): Promise<void>;
}

/** How long a stop waits for handlers under way. */
export const STOP_MS = 15_000;

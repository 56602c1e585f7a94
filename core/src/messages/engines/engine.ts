import type pg from 'pg';

/** One hand-over of a due message. An engine stores only these ids: payloads stay in the database, where erasure finds them. */
export interface Task {
  /** New for each hand-over; only the last one of a message is accepted. */
  id: string;
  message: string;
}

/** Rejects only if the database cannot be reached; the sweep finds the message later. */
export type Deliver = (task: Task) => Promise<void>;

/**
 * Carries tasks to workers. It may lose a task or deliver it twice: only the row in `kernel.messages` determines what is left to do,
 * including retries, delays and schedules.
 */
export interface JobEngine {
  readonly name: 'database' | 'bullmq';
  start(): Promise<void>;
  /** How many further tasks it takes now; 0: none, until it asks for them. */
  room(): number;
  /** Stores tasks within the relay's transaction. Rejects at once if the engine cannot be reached. */
  take(client: pg.ClientBase, tasks: readonly Task[]): Promise<void>;
  /** Which of these tasks still wait for a worker, or are held by a live worker. */
  known(client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>>;
  /** Starts delivering, with at most `concurrency` tasks at a time in this process. */
  work(deliver: Deliver, concurrency: number): Promise<void>;
  /** The tasks that it took are committed: begin them now instead of at the next poll. */
  nudge(): void;
  reachable(): Promise<boolean>;
  /** Waits for running handlers, then stops. */
  stop(): Promise<void>;
}

/** Maximum wait for running handlers during a stop. */
export const STOP_MS = 15_000;

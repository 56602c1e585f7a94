import type pg from 'pg';
import { databaseState } from '../../database/homes/database-health.js';
import type { DatabaseHome } from '../../database/homes/home.js';
import { type Deliver, type JobEngine, STOP_MS, type Task } from './engine.js';

/** Tasks taken for each handler slot: the next task is available when a handler ends, and one hand-over brings many. */
const AHEAD = 4;
/** How often it looks for messages that other processes stored; and after this time, tasks that no slot took go to other workers. */
const LOOK_MS = 2_000;

/**
 * The engine without Redis. The rows of `kernel.messages` are the queue: each worker takes as many messages as it has room for, and holds
 * their tasks in memory. Tasks of a worker that was killed are found by the sweep.
 */
export class DatabaseEngine implements JobEngine {
  readonly name = 'database';
  readonly #waiting: Task[] = [];
  /** Ids of the tasks that wait or run in this process. */
  readonly #held = new Set<string>();
  /** When the oldest waiting task was taken. */
  #since = 0;
  #running = 0;
  /** Handler slots; 0 in a process that runs no handlers. */
  #slots = 0;
  #deliver: Deliver = async () => {};
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly home: DatabaseHome,
    /** Called when there is room for further tasks. */
    private readonly wanting: () => void,
  ) {}

  async start(): Promise<void> {}

  room(): number {
    return this.#running >= this.#slots ? 0 : this.#slots * (1 + AHEAD) - this.#running - this.#waiting.length;
  }

  async take(_client: pg.ClientBase, tasks: readonly Task[]): Promise<void> {
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#waiting.push(...tasks);
    for (const { id } of tasks) this.#held.add(id);
  }

  async known(_client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>> {
    return new Set(taskIds.filter((id) => this.#held.has(id)));
  }

  async work(deliver: Deliver, concurrency: number): Promise<void> {
    this.#deliver = deliver;
    this.#slots = concurrency;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  nudge(): void {
    while (this.#running < this.#slots) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      this.#running++;
      void this.#run(task);
    }
  }

  /** Reachable whenever the database is. */
  async reachable(): Promise<boolean> {
    // The embedded database is part of this process, and the caller may hold its only connection.
    if (this.home.kind === 'pglite') return true;
    return (await databaseState(this.home)) === 'reachable';
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#slots = 0;
    for (const end = performance.now() + STOP_MS; performance.now() < end && this.#running > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.#giveBack().catch(() => {});
  }

  async #run(task: Task): Promise<void> {
    // If it could not even begin, the sweep finds the message.
    await this.#deliver(task).catch(() => {});
    this.#held.delete(task.id);
    this.#running--;
    this.nudge();
    if (this.room() > 0) this.wanting();
  }

  /** Tasks that wait too long behind slow handlers are given back, because another worker may be idle. */
  async #look(): Promise<void> {
    // The database cannot be reached: the next look tries again.
    if (performance.now() - this.#since >= LOOK_MS) await this.#giveBack().catch(() => {});
    if (this.room() > 0) this.wanting();
  }

  async #giveBack(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const ids = this.#waiting.splice(0).map(({ id }) => id);
    for (const id of ids) this.#held.delete(id);
    await this.home.pool.query('update kernel.messages set task = null, taken_at = null where task = any($1::uuid[])', [ids]);
  }
}

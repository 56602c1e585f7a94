import type { Deliver, Task } from './engine.js';

/** A source of tasks. */
export interface TaskSource {
  /** Fetches at most `count` waiting tasks; no other worker gets them. */
  fetch(count: number): Promise<Task[]>;
  /** Returns tasks that were fetched but not begun. */
  giveBack(tasks: readonly Task[]): Promise<void>;
  /** Removes tasks that have ended, whatever the outcome. */
  forget(tasks: readonly Task[]): Promise<void>;
}

/** Tasks fetched for each handler slot: the next task is available when a handler ends, and one fetch returns many. */
const AHEAD = 4;
const LOOK_MS = 2_000;

/** Passes tasks from their source to the handlers, a few at a time. */
export class TaskPump {
  readonly #waiting: Task[] = [];
  /** When the oldest waiting task was fetched. */
  #since = 0;
  #over: Task[] = [];
  #running = 0;
  #stopping = false;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #lookAgain = false;

  constructor(
    private readonly source: TaskSource,
    private readonly deliver: Deliver,
    private readonly concurrency: number,
  ) {}

  start(): void {
    this.#timer = setInterval(this.look, LOOK_MS);
    this.look();
  }

  /** Fetches tasks now: one fetch at a time; a call during a fetch causes one more. */
  readonly look = (): void => {
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return;
    }
    this.#lookAgain = false;
    this.#looking = this.#fill()
      // The source cannot be reached: the timer tries again.
      .catch(() => {})
      .finally(() => {
        this.#looking = null;
        if (this.#lookAgain) this.look();
      });
  };

  /** Waits for running handlers, at most `ms` milliseconds. */
  async stop(ms: number): Promise<void> {
    this.#stopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const end = performance.now() + ms; performance.now() < end && (this.#running > 0 || this.#looking !== null); ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.#fill().catch(() => {});
  }

  async #fill(): Promise<void> {
    const over = this.#over;
    if (over.length > 0) {
      this.#over = [];
      await this.source.forget(over).catch((error) => {
        this.#over.push(...over);
        throw error;
      });
    }
    // Give back tasks that wait too long behind slow handlers, because another worker may be idle.
    if (this.#stopping || (this.#waiting.length > 0 && performance.now() - this.#since >= LOOK_MS)) {
      const stale = this.#waiting.splice(0);
      if (stale.length > 0) await this.source.giveBack(stale);
    }
    if (this.#stopping || this.#running >= this.concurrency || this.#waiting.length > this.concurrency) return;
    const wanted = this.concurrency * (1 + AHEAD) - this.#running - this.#waiting.length;
    const fetched = await this.source.fetch(wanted);
    if (fetched.length > 0) this.#since = performance.now();
    this.#waiting.push(...fetched);
    this.#begin();
  }

  #begin(): void {
    while (this.#running < this.concurrency && !this.#stopping) {
      const task = this.#waiting.shift();
      if (task === undefined) return;
      this.#running++;
      void this.#run(task);
    }
  }

  async #run(task: Task): Promise<void> {
    // If it could not even begin, the sweep finds the message.
    await this.deliver(task).catch(() => {});
    this.#running--;
    this.#over.push(task);
    this.#begin();
    if (this.#waiting.length <= this.concurrency) this.look();
  }
}

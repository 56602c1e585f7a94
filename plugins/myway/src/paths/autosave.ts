export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'refused' | 'held';

/**
 * Saves automatically, some time after the last change. Saves do not overlap; changes made during a save cause another one. After a
 * failure, it waits for another change or {@link now}; after a conflict (`refused`), for {@link insist} or {@link reset}. What has an error
 * is `held` until a change mends it.
 */
export class Autosave {
  state: SaveState = 'saved';
  problem: unknown;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dirty = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: {
      save: () => Promise<void>;
      isRefusal: (problem: unknown) => boolean;
      /** Whether what there is to save has no error. */
      isSound: () => boolean;
      changed: () => void;
      milliseconds: number;
    },
  ) {}

  /** Call after each change. */
  touch(): void {
    this.dirty = true;
    if (this.state === 'refused') return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), this.options.milliseconds);
    if (this.state !== 'saving') this.become('waiting');
  }

  /** Saves unsaved changes. Resolves when everything is saved (true) or saving failed (false). */
  async now(): Promise<boolean> {
    clearTimeout(this.timer);
    await this.running;
    if (this.dirty && this.state !== 'refused') {
      if (!this.options.isSound()) {
        this.become('held');
        return false;
      }
      this.running ??= this.run();
      await this.running;
    }
    return !this.dirty;
  }

  /** Discards unsaved changes. */
  reset(): void {
    clearTimeout(this.timer);
    this.dirty = false;
    this.become('saved');
  }

  /** Saves after a conflict, overwriting the other version. */
  insist(): Promise<boolean> {
    this.dirty = true;
    this.become('waiting');
    return this.now();
  }

  private async run(): Promise<void> {
    try {
      while (this.dirty && this.options.isSound()) {
        this.dirty = false;
        this.become('saving');
        await this.options.save();
      }
      this.become(this.dirty ? 'held' : 'saved');
    } catch (problem) {
      this.dirty = true;
      this.become(this.options.isRefusal(problem) ? 'refused' : 'failed', problem);
    } finally {
      this.running = undefined;
    }
  }

  private become(state: SaveState, problem?: unknown): void {
    this.state = state;
    this.problem = problem;
    this.options.changed();
  }
}

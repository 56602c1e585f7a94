export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'refused';

/**
 * Saves a while after the last change, one save at a time, and once more when something changed meanwhile. After a failure
 * it waits for {@link now}; a save that was `refused` (someone else was first) waits until it is told what to do.
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
      changed: () => void;
      milliseconds: number;
    },
  ) {}

  /** Something was changed. */
  touch(): void {
    this.dirty = true;
    if (this.state === 'refused') return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), this.options.milliseconds);
    if (this.state !== 'saving') this.become('waiting');
  }

  /** Saves what is not saved yet; resolves when nothing is left to save, or it failed. Returns whether all is saved. */
  async now(): Promise<boolean> {
    clearTimeout(this.timer);
    await this.running;
    if (this.dirty && this.state !== 'refused') {
      this.running ??= this.run();
      await this.running;
    }
    return !this.dirty;
  }

  /** Forgets what was not saved. */
  reset(): void {
    clearTimeout(this.timer);
    this.dirty = false;
    this.become('saved');
  }

  /** Goes on after a refusal: what was changed is to be saved after all. */
  insist(): Promise<boolean> {
    this.dirty = true;
    this.become('waiting');
    return this.now();
  }

  private async run(): Promise<void> {
    try {
      while (this.dirty) {
        this.dirty = false;
        this.become('saving');
        await this.options.save();
      }
      this.become('saved');
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

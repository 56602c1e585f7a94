import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Calls `look` at an interval while the page is visible, and at once when it becomes visible again. */
export class Polling implements ReactiveController {
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    host: ReactiveControllerHost,
    private readonly look: () => unknown,
    private readonly milliseconds: number,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.seen);
    this.timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.look();
    }, this.milliseconds);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.seen);
    clearInterval(this.timer);
  }

  private readonly seen = (): void => {
    if (document.visibilityState === 'visible') this.look();
  };
}

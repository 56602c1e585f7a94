import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PAUSE_MS = 200;

/** Does something once typing has paused, the last wish only; not for a component that has left the page. */
export class TypingPause implements ReactiveController {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  after(fn: () => void): void {
    this.cancel();
    this.#timer = setTimeout(fn, PAUSE_MS);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  hostDisconnected(): void {
    this.cancel();
  }
}

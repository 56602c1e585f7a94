import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PAUSE_MS = 200;

/** Calls the latest function when typing pauses, unless the component was removed from the page. */
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

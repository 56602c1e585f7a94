/**
 * The signals that stop a portal. Supervisors send SIGTERM more than once (to the process and to its group, or npm passes it on), so
 * a second one cuts nothing; SIGINT comes from a keyboard, and whoever presses Ctrl-C twice wants the end.
 */
export class StopSignals {
  readonly received: Promise<NodeJS.Signals>;
  #started = false;
  #first: NodeJS.Signals | null = null;
  #resolve: (signal: NodeJS.Signals) => void = () => {};

  /** @param endsStart whether a start may be cut off: a database server rolls back what it was doing */
  constructor(private readonly endsStart: boolean) {
    this.received = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    process.on('SIGTERM', this.#receive);
    process.on('SIGINT', this.#receive);
  }

  /** From now on there is something to end in order. */
  started(): void {
    this.#started = true;
  }

  close(): void {
    process.off('SIGTERM', this.#receive);
    process.off('SIGINT', this.#receive);
  }

  readonly #receive = (signal: NodeJS.Signals): void => {
    if (!this.#started && this.endsStart) {
      console.error('Stopped before it was ready; what was not committed is undone.');
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    if (this.#first === null) this.#resolve(signal);
    else if (signal === 'SIGINT') process.exit(130);
    this.#first ??= signal;
  };
}

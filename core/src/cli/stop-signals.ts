/**
 * The signals that stop a portal. Supervisors may send SIGTERM more than once (to the process and its group, or through npm), so a second
 * one has no effect. SIGINT comes from a keyboard: a second Ctrl-C stops at once.
 */
export class StopSignals {
  readonly received: Promise<NodeJS.Signals>;
  #started = false;
  #first: NodeJS.Signals | null = null;
  #resolve: (signal: NodeJS.Signals) => void = () => {};

  /** @param endsStart whether a start may be interrupted; if so, the database server rolls it back */
  constructor(private readonly endsStart: boolean) {
    this.received = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    process.on('SIGTERM', this.#receive);
    process.on('SIGINT', this.#receive);
  }

  /** From now on, a signal causes an orderly stop. */
  started(): void {
    this.#started = true;
  }

  close(): void {
    process.off('SIGTERM', this.#receive);
    process.off('SIGINT', this.#receive);
  }

  readonly #receive = (signal: NodeJS.Signals): void => {
    if (!this.#started && this.endsStart) {
      console.error('Stopped before it was ready; what was not committed is rolled back.');
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    if (this.#first === null) this.#resolve(signal);
    else if (signal === 'SIGINT') process.exit(130);
    this.#first ??= signal;
  };
}

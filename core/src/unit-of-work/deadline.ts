/** Time that work gets to end by itself after it was asked to stop. */
const GRACE_MS = 1_000;

/** An outside call did not end in time. */
export class OutOfTime extends Error {
  constructor(seconds: number) {
    super(`the call to another service did not end within ${seconds} seconds`);
    this.name = 'TimeoutError';
  }
}

/**
 * Runs `fn` for at most `seconds`. Its signal is aborted when the time is up or `stop` is aborted; work that ignores the signal is
 * abandoned one second later.
 *
 * @throws OutOfTime, the reason of `stop`, or the error of `fn`
 */
export async function underDeadline<T>(
  seconds: number,
  stop: AbortSignal | null,
  fn: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const late = setTimeout(() => ending.abort(new OutOfTime(seconds)), seconds * 1_000);
  const pass = () => ending.abort(stop?.reason);
  stop?.addEventListener('abort', pass, { once: true });
  let grace: NodeJS.Timeout | undefined;
  try {
    stop?.throwIfAborted();
    const { signal } = ending;
    const given = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        grace = setTimeout(() => reject(signal.reason), GRACE_MS);
      });
    });
    const work = (async () => fn(signal))().catch((error: unknown) => {
      // The reason for stopping is more useful than the error thrown in response to it.
      throw signal.aborted ? signal.reason : error;
    });
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    stop?.removeEventListener('abort', pass);
  }
}

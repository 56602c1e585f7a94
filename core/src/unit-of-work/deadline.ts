/** How long work that was told to stop may take to end by itself. */
const GRACE_MS = 1_000;

/** An outside call did not end in time. */
export class OutOfTime extends Error {
  constructor(seconds: number) {
    super(`the call to another service did not end within ${seconds} seconds`);
    this.name = 'TimeoutError';
  }
}

/**
 * Runs `fn` for at most `seconds`. Its signal is aborted when the time is up, or when `stop` is; work that ignores it is abandoned a second
 * later.
 *
 * @throws OutOfTime, the reason of `stop`, or what `fn` threw
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
      // Why it was told to stop says more than the error it throws in response.
      throw signal.aborted ? signal.reason : error;
    });
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    stop?.removeEventListener('abort', pass);
  }
}

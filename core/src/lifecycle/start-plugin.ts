import type { CheckedPlugin } from '../foundation/plugin.js';
import { withTimeout } from '../foundation/timeout.js';

export type Stop = () => Promise<void>;

/** `start` of a plugin exceeded its time limit. */
export class StartTimeout extends Error {}

/**
 * Runs a plugin's `start` under a time limit. When the limit is exceeded, the signal aborts its units of work, and if `start` still returns
 * a `stop`, that is called at once.
 *
 * @param start gets the signal under which its units of work must run
 * @throws StartTimeout, or the error of `start`
 */
export async function startPlugin(
  { id }: CheckedPlugin,
  seconds: number,
  start: (signal: AbortSignal) => Promise<unknown>,
): Promise<Stop | null> {
  const giveUp = new AbortController();
  const started = (async () => asStop(await start(giveUp.signal)))();
  try {
    return await withTimeout(seconds, started, () => new StartTimeout(`start() of ${id} did not end within ${seconds} seconds.`));
  } catch (error) {
    if (error instanceof StartTimeout) {
      giveUp.abort(error);
      started.then((stop) => stop?.()).catch(() => {});
    }
    throw error;
  }
}

const asStop = (value: unknown): Stop | null => (typeof value === 'function' ? (value as Stop) : null);

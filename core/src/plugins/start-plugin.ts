import type { CheckedPlugin } from './loaded.js';

export type Stop = () => Promise<void>;

/** `start` of a plugin took longer than it may. */
export class StartTimeout extends Error {}

/**
 * Runs a plugin's `start`, for so long. What it still does after that is given up by the signal; a `stop` that comes too late is
 * called at once.
 *
 * @param start gets the signal under which its units of work must run
 * @throws StartTimeout, or whatever `start` threw
 */
export async function startPlugin(
  { id }: CheckedPlugin,
  seconds: number,
  start: (signal: AbortSignal) => Promise<unknown>,
): Promise<Stop | null> {
  const giveUp = new AbortController();
  const started = (async () => asStop(await start(giveUp.signal)))();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new StartTimeout(`start() of ${id} did not end within ${seconds} seconds.`);
      giveUp.abort(error);
      reject(error);
    }, seconds * 1_000);
  });
  try {
    return await Promise.race([started, late]);
  } catch (error) {
    if (error instanceof StartTimeout) started.then((stop) => stop?.()).catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const asStop = (value: unknown): Stop | null => (typeof value === 'function' ? (value as Stop) : null);

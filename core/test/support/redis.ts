import { startRedis } from '../../scripts/redis.mjs';

/** The suite's Redis, or one of this test file's own where it runs alone. */
export async function redisForTests(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env['ILEARN_REDIS'];
  return url ? { url, stop: async () => {} } : startRedis();
}

/** Waits until it holds; what went wrong else is the caller's to say. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

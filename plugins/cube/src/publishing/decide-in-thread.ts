import { Worker } from 'node:worker_threads';
import type { Draft, Publication } from './decide.js';

/**
 * Decides in a thread of its own, so that this process answers requests meanwhile.
 *
 * @throws Error if the thread fails or ends first
 */
export function decideInThread(draft: Draft): Promise<Publication> {
  const thread = new Worker(new URL('./decide-thread.js', import.meta.url), {
    workerData: draft,
    // Nothing of the portal's secrets.
    env: {},
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`The thread ended with ${code} before it decided what is published.`)));
  });
}

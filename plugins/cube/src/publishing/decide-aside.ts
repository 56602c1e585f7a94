import { Worker } from 'node:worker_threads';
import type { Draft, Publication } from './decide.js';

/** Of the thread, besides the memory of the solver. */
const HEAP_MEGABYTES = 512;
const IDLE_MS = 30_000;

type Answer = { id: number; publication: Publication } | { id: number; fault: string };

interface Waiting {
  resolve(publication: Publication): void;
  reject(error: Error): void;
}

let thread: Worker | null = null;
let idle: NodeJS.Timeout | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

/**
 * Decides what of a draft is published, in a thread of its own: a program may compute for seconds, in which this process goes on serving.
 *
 * @throws Error if the counts contradict each other, or the thread ran out of memory
 */
export function decideAside(draft: Draft): Promise<Publication> {
  clearTimeout(idle);
  thread ??= start();
  const id = ++asked;
  const answer = new Promise<Publication>((resolve, reject) => waiting.set(id, { resolve, reject }));
  thread.postMessage({ id, draft });
  return answer;
}

function start(): Worker {
  const worker = new Worker(new URL('./decide-thread.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    // Nothing of the portal's secrets.
    env: {},
    execArgv: [],
  });
  worker.unref();
  worker.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('fault' in answer) asker?.reject(new Error(answer.fault));
    else asker?.resolve(answer.publication);
    if (waiting.size > 0) return;
    idle = setTimeout(() => {
      thread = null;
      void worker.terminate();
    }, IDLE_MS);
    idle.unref();
  });
  worker.on('error', (error: Error) => end(worker, error));
  worker.on('exit', () => end(worker, new Error('the thread ended')));
  return worker;
}

/** Those who still wait try again later, with another thread. */
function end(worker: Worker, error: Error): void {
  if (thread !== worker) return;
  thread = null;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

import { Worker } from 'node:worker_threads';
import { limits } from './limits.js';
import type { ParsedMail, Parsing } from './parsed.js';
import { storable } from './storable.js';

/** DOMPurify with jsdom grows slower and larger in a thread that lives long. */
const MAILS_A_THREAD = 200;
const IDLE_MS = 30_000;
/** Of loading the libraries, on a busy machine. */
const START_MS = 60_000;

interface Thread {
  worker: Worker;
  ready: Promise<void>;
  mails: number;
}

type Bounds = Readonly<Record<'seconds' | 'heapMegabytes', number>>;

let thread: Thread | null = null;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Reads a mail in a thread with limits of time and memory. One mail at a time; what breaks the limits ends the thread, and the next mail gets
 * a new one.
 *
 * @param bounds of this mail; the heap is that of a thread that starts for it
 */
export function parseMail(raw: Uint8Array, bounds: Bounds = limits): Promise<Parsing> {
  const turn = last.then(() => parseNow(raw, bounds));
  last = turn.catch(() => {});
  return turn;
}

/** Ends the thread; the next mail starts another one. */
export async function endParsing(): Promise<void> {
  clearTimeout(idle);
  const ending = thread;
  thread = null;
  await ending?.worker.terminate();
}

async function parseNow(raw: Uint8Array, { seconds, heapMegabytes }: Bounds): Promise<Parsing> {
  clearTimeout(idle);
  if (thread !== null && thread.mails >= MAILS_A_THREAD) await endParsing();
  thread ??= start(heapMegabytes);
  const { worker, ready } = thread;
  thread.mails++;
  try {
    await within(START_MS, ready);
    const answer = once(worker);
    worker.postMessage(raw);
    return { mail: storable(await within(seconds * 1_000, answer)) };
  } catch (error) {
    await endParsing();
    const { code, name } = error as Error & { code?: string };
    const quarantined =
      name === 'TimeoutError' ? 'too-slow' : code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too-much-memory' : 'crashed';
    return { quarantined };
  } finally {
    idle = setTimeout(() => void endParsing(), IDLE_MS);
    idle.unref();
  }
}

function start(heapMegabytes: number): Thread {
  const worker = new Worker(new URL('./thread.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    // Nothing of the portal's secrets.
    env: {},
    execArgv: [],
  });
  worker.unref();
  // An error between two mails ends the thread; the next mail notices.
  worker.on('error', () => {});
  return { worker, mails: 0, ready: once(worker).then(() => {}) };
}

/** The next message of a thread; rejects if it ends first. */
function once(worker: Worker): Promise<ParsedMail> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (message: { mail: ParsedMail }) => settle(() => resolve(message.mail));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error('the thread ended')));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('too slow'), { name: 'TimeoutError' })), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

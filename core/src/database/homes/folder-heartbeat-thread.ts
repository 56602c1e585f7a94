import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Increments the heartbeat for as long as the process lives and holds its lock, even while the main thread is busy. */
const { file, beat, everyMs } = workerData as { file: string; beat: string; everyMs: number };
let count = 0;

const timer = setInterval(() => {
  if (!existsSync(file)) {
    clearInterval(timer);
    parentPort?.postMessage('lost');
    return;
  }
  count += 1;
  try {
    // Written in place, so that a full disk does not stop it; closed each time, so that other machines on a network volume see it.
    const descriptor = openSync(beat, 'r+');
    writeSync(descriptor, String(count).padStart(16), 0);
    closeSync(descriptor);
  } catch {
    // The next write may succeed. If none does, another process takes over and the lock file above shows it.
  }
}, everyMs);

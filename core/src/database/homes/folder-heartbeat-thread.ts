import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** Counts on for as long as the process lives and holds its lock, whatever the main thread is at. */
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
    // In place: a full disk does not stop it. Closed each time: so other machines of a network volume see it.
    const descriptor = openSync(beat, 'r+');
    writeSync(descriptor, String(count).padStart(16), 0);
    closeSync(descriptor);
  } catch {
    // The next may succeed. If none does, another takes over, which the file above tells.
  }
}, everyMs);

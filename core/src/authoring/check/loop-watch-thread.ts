// Runs in its own thread, since a blocked main thread cannot notice that it is blocked.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { BEATS, LENGTH, type Watched } from './loop-watch.js';

const { counters, text, ms } = workerData as Watched;
const count = new Int32Array(counters);
const STDERR = 2;

for (;;) {
  Atomics.wait(count, LENGTH, 0);
  const still = Atomics.wait(count, BEATS, Atomics.load(count, BEATS), ms) === 'timed-out';
  const length = Atomics.load(count, LENGTH);
  if (!still || length === 0) continue;
  const calls = Buffer.from(text).subarray(0, length).toString();
  // Written directly, because the process's streams belong to the main thread.
  writeSync(STDERR, `\n✗ time  ${calls} blocked the event loop for ${ms / 1_000} s.\n`);
  writeSync(STDERR, '        → Look for an endless loop. The check stops here.\n');
  process.kill(process.pid, 'SIGKILL');
}

import { parentPort } from 'node:worker_threads';
import { type Draft, decide } from './decide.js';

/* The thread in which publications are decided: see decide-aside.ts. */

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
port.on('message', async ({ id, draft }: { id: number; draft: Draft }) => {
  try {
    port.postMessage({ id, publication: await decide(draft) });
  } catch (error) {
    port.postMessage({ id, fault: (error as Error).message });
  }
});

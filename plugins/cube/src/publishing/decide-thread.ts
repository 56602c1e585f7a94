import { parentPort, workerData } from 'node:worker_threads';
import { type Draft, decide } from './decide.js';

parentPort?.postMessage(await decide(workerData as Draft));

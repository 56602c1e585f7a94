import { parentPort } from 'node:worker_threads';
import { HtmlCleaner } from './html.js';
import { readMail } from './read-mail.js';

/* The thread in which mails are read: see parse-mail.ts. */

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const cleaner = new HtmlCleaner();
port.on('message', async (raw: Uint8Array) => port.postMessage({ mail: await readMail(Buffer.from(raw), cleaner) }));
port.postMessage('ready');

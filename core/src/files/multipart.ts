import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import busboy from 'busboy';
import { Problem } from '../contract/problem.js';
import { malformed, tooLarge } from './upload-problems.js';

/** A sender that sends nothing for this long is disconnected. */
export const IDLE_MS = 30_000;
/** After a refusal, this much is read and discarded, so that the sender reads the answer. */
const DRAIN = { bytes: 64 * 1024 * 1024, ms: 5_000 };
export const MOST_FIELDS = 200;
export const FIELD_BYTES = 256 * 1024;

export type MultipartParser = ReturnType<typeof busboy>;

/** @throws Problem 415 if the body is not multipart/form-data; 400 if its type names no boundary */
export function parserFor(request: IncomingMessage): MultipartParser {
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem({
      type: 'unsupported-media-type',
      status: 415,
      title: 'Unsupported media type',
      detail: 'Send multipart/form-data.',
      headers: { connection: 'close' },
    });
  }
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fields: MOST_FIELDS, parts: 2 * MOST_FIELDS, fieldSize: FIELD_BYTES, fieldNameSize: 200 },
    });
  } catch {
    throw malformed('The Content-Type names no boundary.', { connection: 'close' });
  }
}

/**
 * Sends the body to the parser. Resolves when the body was read, or part of it was refused; in that case the parser is stopped, and the rest
 * of the request is not parsed.
 *
 * @param most maximum size of the body in bytes
 * @param stop aborted when something was refused
 * @param fail called if the body is too large, malformed or incomplete
 */
export async function parseBody(
  request: IncomingMessage,
  parser: MultipartParser,
  { most, stop, fail }: { most: number; stop: AbortSignal; fail(error: unknown): void },
): Promise<void> {
  const counter = counted(most);
  const broken = () => fail(malformed('The body ended before its last boundary, or is not multipart/form-data.'));
  const gone = () => {
    if (!request.complete) broken();
  };
  request.on('error', broken).on('close', gone);
  counter.on('error', fail);
  parser.on('error', broken);
  const over = new Promise<void>((resolve) => {
    parser.once('close', resolve);
    stop.addEventListener('abort', () => resolve());
  });
  request.pipe(counter).pipe(parser);
  await over;
  request.off('close', gone);
  if (!stop.aborted) return;
  request.unpipe(counter);
  counter.destroy();
  parser.destroy();
}

/** Ends a body that is longer than everything that could be accepted. */
function counted(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.byteLength;
      if (bytes > most) done(tooLarge(most, 'The body'));
      else done(null, chunk);
    },
  });
}

/** Reads and discards the rest of a body for a while, so that the sender reads the answer. */
export async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const over = new AbortController();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > DRAIN.bytes) over.abort();
  });
  for (const event of ['end', 'close', 'error']) request.once(event, () => over.abort());
  request.resume();
  await pause(DRAIN.ms, undefined, { signal: over.signal }).catch(() => {});
}

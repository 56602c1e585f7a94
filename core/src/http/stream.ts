import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Context } from 'koa';

/** The body of a streamed answer, generated while it is sent. */
export type ByteStream = AsyncIterable<Uint8Array>;

export const isByteStream = (value: unknown): value is ByteStream =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

export interface StreamLimits {
  /** A client that reads nothing for this long is disconnected. */
  stallMs: number;
  /** Maximum duration of an answer. */
  wholeMs: number;
}

const usual: StreamLimits = { stallMs: 60_000, wholeMs: 30 * 60_000 };

/**
 * Generates the first part of an answer. The returned function sends it and the rest, generating each part when the client can take it. If
 * generating a part fails, or the parts do not add up to the declared Content-Length, the connection is cut, so that no client mistakes
 * part of an answer for the whole.
 *
 * @throws any error of generating the first part; nothing has been sent then
 */
export async function openStream(stream: ByteStream, limits = usual): Promise<(ctx: Context) => Promise<void>> {
  const parts = stream[Symbol.asyncIterator]();
  const first = await partOf(parts);
  return async (ctx) => {
    const { res } = ctx;
    // Prevent Koa from writing its own response.
    ctx.respond = false;
    try {
      if (ctx.method === 'HEAD') res.end();
      else await send(res, parts, first, limits);
    } catch (error) {
      res.destroy();
      throw error;
    } finally {
      await parts.return?.();
    }
  };
}

async function send(
  res: ServerResponse,
  parts: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
  { stallMs, wholeMs }: StreamLimits,
): Promise<void> {
  const deadline = performance.now() + wholeMs;
  let sent = 0;
  for (let part = first; part.done !== true; part = await partOf(parts)) {
    if (res.destroyed) return;
    if (performance.now() > deadline) throw new Error(`the answer was not sent within ${wholeMs / 1000} s`);
    sent += part.value.byteLength;
    if (!res.write(part.value)) await within(res, stallMs, drained(res));
  }
  const declared = res.getHeader('content-length');
  if (declared !== undefined && Number(declared) !== sent) {
    throw new Error(`the answer has ${sent} bytes, its Content-Length says ${String(declared)}`);
  }
  res.end();
  await within(res, stallMs, finished(res));
}

async function partOf(parts: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  const part = await parts.next();
  if (part.done === true || part.value instanceof Uint8Array) return part;
  throw new TypeError('a streamed answer consists of Uint8Array parts');
}

/** Resolves when the client has read everything sent, or has disconnected. */
const drained = (res: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });

/** Resolves when the client has read the data. A client that is too slow or disconnects is cut off without an error. */
async function within(res: ServerResponse, stallMs: number, taken: Promise<void>): Promise<void> {
  const timer = setTimeout(() => res.destroy(), stallMs);
  await taken.catch(() => {});
  clearTimeout(timer);
}

import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, createBrotliCompress, createGzip, gzip, gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import type { ByteStream } from './stream.js';

type Encoding = 'br' | 'gzip';

/** A smaller answer fits into one packet and would not arrive faster. */
const LEAST_BYTES = 1_400;
/**
 * Maximum size compressed synchronously, in about a millisecond. Larger ones would block the event loop; in the thread pool, small ones
 * would wait behind password hashing.
 */
const MOST_AT_ONCE = 32 * 1024;
/** Brotli qualities for content that is compressed for each request, and for content that is kept. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const THOROUGH = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

const [brotliLater, gzipLater] = [promisify<Buffer, typeof QUICK, Buffer>(brotliCompress), promisify<Buffer, Buffer>(gzip)];

/** How to compress what is made for each request (at once, in the thread pool, as a stream) and what is kept. */
const codecs = {
  br: {
    now: (bytes: Buffer) => brotliCompressSync(bytes, QUICK),
    later: (bytes: Buffer) => brotliLater(bytes, QUICK),
    kept: (bytes: Buffer) => brotliLater(bytes, THOROUGH),
    stream: () => createBrotliCompress(QUICK),
  },
  gzip: {
    now: (bytes: Buffer) => gzipSync(bytes),
    later: (bytes: Buffer) => gzipLater(bytes),
    kept: (bytes: Buffer) => gzipLater(bytes),
    stream: () => createGzip(),
  },
};

/** Text that other requests may also get: JSON, text, CSV, SVG. HTML from a route is a form with a signed message. */
const worthwhile = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?!html|event-stream)|image\/svg\+xml)/;

/** The encoding that the client prefers; null for none. Sets Vary, because the answer now depends on the request. */
function chosen(ctx: Context): Encoding | null {
  ctx.vary('accept-encoding');
  const encoding = ctx.acceptsEncodings('br', 'gzip', 'identity');
  return encoding === 'br' || encoding === 'gzip' ? encoding : null;
}

/** Content that is the same for everyone, compressed once for each encoding, on the first request. */
export class Compressible {
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();
  readonly #tag: string;

  constructor(readonly plain: Buffer) {
    this.#tag = tagOf(plain);
  }

  /** Sends the content, or 304 if the client already has it. */
  async send(ctx: Context): Promise<void> {
    const encoding = this.plain.length < LEAST_BYTES ? null : chosen(ctx);
    ctx.set('etag', this.#tag);
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    if (encoding !== null) ctx.set('content-encoding', encoding);
    ctx.body = encoding === null ? this.plain : await this.#in(encoding);
  }

  #in(encoding: Encoding): Promise<Buffer> {
    let bytes = this.#encoded.get(encoding);
    if (bytes === undefined) {
      bytes = codecs[encoding].kept(this.plain);
      this.#encoded.set(encoding, bytes);
    }
    return bytes;
  }
}

/** Entity tag of content (RFC 9110 section 8.8.3); weak, because all its encodings share the tag. */
export const tagOf = (content: string | Buffer): string =>
  `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;

/** The body, compressed if this client accepts that and it is worthwhile, or if the route says so; then Content-Encoding is set. */
export async function compressed(ctx: Context, type: string, body: string | Buffer, always: boolean): Promise<string | Buffer> {
  if (body.length < LEAST_BYTES || !(always || worthwhile.test(type))) return body;
  const encoding = chosen(ctx);
  if (encoding === null) return body;
  ctx.set('content-encoding', encoding);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const { now, later } = codecs[encoding];
  return bytes.length > MOST_AT_ONCE ? later(bytes) : now(bytes);
}

/** A streamed answer, compressed if this client accepts that, with the encoding used. */
export function compressedStream(
  ctx: Context,
  headers: Readonly<Record<string, string>>,
  stream: ByteStream,
): { stream: ByteStream; encoding: Encoding | null } {
  const sized = Object.keys(headers).some((name) => name.toLowerCase() === 'content-length');
  const encoding = sized || !worthwhile.test(headers['content-type'] ?? '') ? null : chosen(ctx);
  if (encoding === null) return { stream, encoding };
  // Errors of the stream are thrown to the reader of the compressed one.
  return { stream: pipeline(Readable.from(stream, { highWaterMark: 1 }), codecs[encoding].stream(), () => {}), encoding };
}

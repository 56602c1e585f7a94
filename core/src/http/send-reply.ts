import type { Context } from 'koa';
import { compressed, compressedStream, tagOf } from './compression.js';
import type { Encoded } from './encode.js';
import { headerOf } from './request-view.js';
import { isByteStream, openStream } from './stream.js';

/** Sends an answer: compressed where worthwhile, and as 304 if the client already has it. */
export async function sendReply(ctx: Context, { status, headers, body, compressed: always = false }: Encoded): Promise<void> {
  const type = headers['content-type'] ?? '';
  if (isByteStream(body)) {
    const { stream, encoding } = compressedStream(ctx, headers, body);
    // Opened before any header is set, since producing the first part may fail.
    const send = await openStream(stream);
    setHeaders(ctx, headers);
    if (encoding !== null) ctx.set('content-encoding', encoding);
    ctx.status = status;
    return send(ctx);
  }
  setHeaders(ctx, headers);
  ctx.status = status;
  if (body !== undefined && isTagged(ctx)) {
    ctx.set('etag', tagOf(body));
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
  }
  ctx.body = body === undefined ? null : await compressed(ctx, type, body, always);
  // Set after the body, because koa would turn an empty body into 204.
  ctx.status = status;
}

function setHeaders(ctx: Context, headers: Record<string, string>): void {
  for (const name of Object.keys(headers)) {
    // Append, because the session cookie may already be set.
    if (name.toLowerCase() === 'set-cookie') ctx.append(name, headers[name] as string);
    else ctx.set(name, headers[name] as string);
  }
}

/** Programs may ask whether an answer changed. Browsers, which send Sec-Fetch-Mode, do not store answers of the API (no-store). */
const isTagged = (ctx: Context): boolean =>
  (ctx.method === 'GET' || ctx.method === 'HEAD') &&
  ctx.status === 200 &&
  headerOf(ctx, 'sec-fetch-mode') === undefined &&
  !ctx.res.hasHeader('etag');

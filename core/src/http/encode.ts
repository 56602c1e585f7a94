import { validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { Reply, type ResponseSpec } from '../contract/route.js';
import { type ByteStream, isByteStream } from './stream.js';

/** Greatest answer that is sent whole; a greater one is given in pages, or streamed. */
const MOST_BYTES = 8 * 1024 * 1024;

/** An answer as it leaves. */
export interface Encoded {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | ByteStream | undefined;
}

/** @throws Error where the answer is none that the route declares */
export function encode(result: unknown, success: number, responses: ReadonlyMap<number, z.ZodType | ResponseSpec>): Encoded {
  const reply = result instanceof Reply ? result : new Reply(success, result);
  const spec = responses.get(reply.status);
  if (spec === undefined) throw new Error(`the route answers ${reply.status}, which its responses do not declare`);
  // What cannot be sent must fail before the commit.
  for (const [name, value] of Object.entries(reply.headers)) validateHeaderValue(name, value);
  const schema = spec instanceof z.ZodType ? spec : spec.schema;
  const contentType = spec instanceof z.ZodType ? 'application/json' : spec.contentType;
  if (contentType === undefined) return { status: reply.status, headers: reply.headers, body: undefined };
  let body: Encoded['body'];
  if (schema === undefined) {
    body = Buffer.isBuffer(reply.body) || isByteStream(reply.body) ? reply.body : String(reply.body);
  } else {
    const parsed = schema.safeParse(reply.body);
    if (!parsed.success) {
      const places = parsed.error.issues.map(({ path, code }) => `${path.map(String).join('.')} (${code})`);
      throw new Error(`the answer does not fit its schema at ${places.join(', ')}`);
    }
    body = JSON.stringify(parsed.data);
  }
  if (!isByteStream(body)) refuseGreat(Buffer.byteLength(body));
  const charset = contentType.startsWith('text/') ? '; charset=utf-8' : '';
  return { status: reply.status, headers: { 'content-type': `${contentType}${charset}`, ...reply.headers }, body };
}

function refuseGreat(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new Error(
    `the answer has ${bytes} bytes; more than ${MOST_BYTES} are not sent whole. ` +
      'Give a list in pages (limit and offset, or a cursor), and a file as an AsyncIterable of its parts.',
  );
}

import { validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { Reply, type ResponseSpec } from '../contract/route.js';

/** An answer as it leaves. */
export interface Encoded {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
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
  let body: string | Buffer;
  if (schema === undefined) {
    body = Buffer.isBuffer(reply.body) ? reply.body : String(reply.body);
  } else {
    const parsed = schema.safeParse(reply.body);
    if (!parsed.success) {
      const places = parsed.error.issues.map(({ path, code }) => `${path.map(String).join('.')} (${code})`);
      throw new Error(`the answer does not fit its schema at ${places.join(', ')}`);
    }
    body = JSON.stringify(parsed.data);
  }
  const charset = contentType.startsWith('text/') ? '; charset=utf-8' : '';
  return { status: reply.status, headers: { 'content-type': `${contentType}${charset}`, ...reply.headers }, body };
}

import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { Reply } from '../contract/reply.js';
import type { ResponseSpec } from '../contract/responses.js';
import { type ByteStream, isByteStream } from './stream.js';

/** Maximum size of an answer that is sent as a whole; larger ones must be paged or streamed. */
const MOST_BYTES = 8 * 1024 * 1024;

/** An answer in the form in which it is sent. */
export interface Encoded {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | ByteStream | undefined;
  /** HTML that may be compressed. */
  compressed?: boolean;
}

export type Responses = ReadonlyMap<number, z.ZodType | ResponseSpec>;

/** Statuses that never have a body, whatever is declared (RFC 9110 section 15). */
const BODILESS = [204, 205, 304];
/** Headers that belong to message framing or to the kernel: a route may not set them. */
const ofKernel = /^(?:connection|content-length|date|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|x-request-id)$/i;

/**
 * Converts a handler's result to the answer to send. Runs before the commit, so that nothing is stored if the answer cannot be sent.
 *
 * @throws Error if the route does not declare the answer, or it cannot be sent
 */
export function encode(result: unknown, success: number, responses: Responses): Encoded {
  const { status, body, headers } = result instanceof Reply ? result : new Reply(success, result);
  const spec = responses.get(status);
  if (spec === undefined) throw new Error(`the route answers ${status}, which its responses do not declare`);
  checkHeaders(headers, isByteStream(body));
  const schema = spec instanceof z.ZodType ? spec : spec.schema;
  const contentType = spec instanceof z.ZodType ? 'application/json' : spec.contentType;
  // A file of any type: see fileAnswers.
  if (contentType === '*/*') return fileAnswer(status, body, headers);
  if (contentType === undefined) return { status, headers, body: undefined };
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    throw new Error(`the route sets a content-type, but its responses declare ${contentType}`);
  }
  const charset = contentType.startsWith('text/') ? '; charset=utf-8' : '';
  const encoded = schema === undefined ? bytesOf(body, contentType) : jsonOf(body, schema);
  if (!isByteStream(encoded)) refuseGreat(Buffer.byteLength(encoded));
  const compressed = !(spec instanceof z.ZodType) && spec.compressed === true;
  return { status, headers: { 'content-type': `${contentType}${charset}`, ...headers }, body: encoded, compressed };
}

/** Sets headers so that no browser runs a file or shows it within the portal's pages, whatever its content and the route's headers. */
function fileAnswer(status: number, body: unknown, headers: Record<string, string>): Encoded {
  const { 'content-type': type, 'content-disposition': disposition = 'attachment', ...rest } = headers;
  if (type === undefined) throw new Error('the answer is a file (*/*) without a content-type: return what files.open gives');
  const bytes = bytesOf(body, type);
  if (!isByteStream(bytes)) refuseGreat(Buffer.byteLength(bytes));
  const safe = { 'content-security-policy': FILE_POLICY, 'x-content-type-options': 'nosniff' };
  return { status, headers: { ...rest, 'content-type': type, 'content-disposition': disposition, ...safe }, body: bytes };
}

const FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

function refuseGreat(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new Error(
    `the answer has ${bytes} bytes; more than ${MOST_BYTES} must be streamed. ` +
      'Return a list in pages (limit and offset, or a cursor), and a file as an AsyncIterable of its parts.',
  );
}

/** The body as bytes or a stream. */
function bytesOf(body: unknown, contentType: string): string | Buffer | ByteStream {
  if (typeof body === 'string' || Buffer.isBuffer(body) || isByteStream(body)) return body;
  // Koa would send other byte arrays as JSON.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new Error(
    `the route answers ${contentType} with ${kindOf(body)}: return text, bytes or a stream of bytes, or give the response a schema`,
  );
}

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name;
  return name === undefined || name === 'Object' ? 'an object' : `an object of the class ${name}`;
};

function jsonOf(body: unknown, schema: z.ZodType): string {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, code }) => `${path.map(String).join('.')} (${code})`);
    throw new Error(`the answer does not fit its schema at ${places.slice(0, 20).join(', ')}`);
  }
  let json: string | undefined;
  try {
    json = JSON.stringify(parsed.data);
  } catch (error) {
    throw new Error(`the answer cannot be written as JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (json === undefined) throw new Error(`the answer cannot be written as JSON: ${kindOf(parsed.data)}`);
  return json;
}

function checkHeaders(headers: Record<string, unknown>, streamed: boolean): void {
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    if (typeof value !== 'string') throw new Error(`the route sets the header ${name} to ${kindOf(value)}: use a string`);
    validateHeaderValue(name, value);
    // Only the route can know the length of a stream.
    if (streamed && /^content-length$/i.test(name) && /^\d{1,15}$/.test(value)) continue;
    if (ofKernel.test(name)) throw new Error(`the route sets the header ${name}, which only the kernel may set: remove it`);
  }
}

/** @throws Error if a route declares a response that HTTP does not allow */
export function checkResponses(responses: Responses): void {
  for (const [status, spec] of responses) {
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new Error(`responses declares the status ${status}: use those from 200 to 599`);
    }
    const says = spec instanceof z.ZodType || spec.contentType !== undefined;
    if (says && BODILESS.includes(status))
      throw new Error(`responses declares a body for ${status}, which never has one: use nothing()`);
  }
}

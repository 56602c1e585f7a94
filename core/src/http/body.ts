import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { Problem } from '../contract/problem.js';
import { collectPairs } from './pairs.js';

export const DEFAULT_BODY_LIMIT = 1_048_576;
const MOST_FIELDS = 1_000;

/** Maximum number of values in a JSON body, by its maximum size in bytes: parsing and checking a value costs more than reading a byte. */
const mostValuesIn = (limit: number): number => Math.max(1_000, Math.floor(limit / 50));

const FORM = 'application/x-www-form-urlencoded';

const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');

/** Encodings in which a zero byte is part of a character. */
const isWide = (contentType = ''): boolean => /charset="?(utf-?(16|32)|ucs-?[24]|iso-10646)/i.test(contentType);

const malformed = (detail: string): Problem =>
  new Problem({ type: 'malformed-body', status: 400, title: 'Malformed body', detail });

/**
 * Reads a request's body: an object for JSON or form fields, or a Buffer for other media types that the route accepts.
 *
 * @throws Problem 413, 415 or 400
 */
export async function readBody(request: IncomingMessage, accepted: readonly string[], limit: number): Promise<unknown> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limit) throw tooLarge(limit);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' && length === 0 && request.headers['transfer-encoding'] === undefined) return undefined;
  if (!accepted.includes(type)) {
    throw new Problem({
      type: 'unsupported-media-type',
      status: 415,
      title: 'Unsupported media type',
      detail: `Send ${accepted.join(' or ')}${type === '' ? '; the request names no Content-Type' : `, not ${type}`}.`,
    });
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem({
      type: 'unsupported-encoding',
      status: 415,
      title: 'Unsupported encoding',
      detail: 'Send the body uncompressed.',
    });
  }
  const bytes = await read(request, limit);
  if (type === FORM) return formFields(bytes);
  if (!isJson(type)) {
    if (type.startsWith('text/') && !isWide(request.headers['content-type']) && bytes.includes(0)) {
      throw malformed('The text contains a NUL character (U+0000), which cannot be stored; leave it out.');
    }
    return bytes;
  }
  const text = decode(bytes);
  const most = mostValuesIn(limit);
  if (holdsMoreValues(text, most)) {
    throw new Problem({
      type: 'body-too-large',
      status: 413,
      title: 'Body too large',
      detail: `At most ${most} values (members and items) are accepted here; send them in parts.`,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(`The body is not JSON: ${(error as Error).message.replace(/"[^"]*"(?:\.\.\.)?/g, '…').slice(0, 120)}`);
  }
}

const tooLarge = (limit: number): Problem =>
  new Problem({
    type: 'body-too-large',
    status: 413,
    title: 'Body too large',
    detail: `At most ${limit} bytes are accepted here.`,
    headers: { connection: 'close' },
  });

async function read(request: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit });
  } catch (error) {
    const { type } = error as { type?: string };
    if (type === 'entity.too.large') throw tooLarge(limit);
    throw malformed('The body ended before its announced length.');
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** Repeated names become arrays, as in a query. A route that expects a single value refuses them through its schema. */
function formFields(bytes: Buffer): Record<string, string | string[]> {
  const text = decode(bytes);
  if (text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) throw malformed(`The form has more than ${MOST_FIELDS} fields.`);
  return collectPairs(new URLSearchParams(text));
}

const [QUOTE, COMMA, BRACKET, BACKSLASH, BRACE] = Array.from('",[\\{', (sign) => sign.charCodeAt(0));

/** Counts commas and opening brackets outside strings before parsing; this is an upper bound of the number of values. */
function holdsMoreValues(text: string, most: number): boolean {
  // Each value takes at least two characters, including its comma or bracket.
  if (text.length < most * 2) return false;
  let found = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) inString = !inString;
    else if (inString) at += code === BACKSLASH ? 1 : 0;
    else if (code === COMMA || code === BRACKET || code === BRACE) {
      found += 1;
      if (found > most) return true;
    }
  }
  return false;
}

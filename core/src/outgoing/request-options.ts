import { randomBytes } from 'node:crypto';
import { traceIdOf } from '../context/span.js';
import { type HttpOptions, HttpRefused } from '../contract/http.js';

const TIMEOUT_MS = 10_000;
const MOST_TIMEOUT_MS = 600_000;
const BYTES = 1024 ** 2;
const MOST_BYTES = 64 * 1024 ** 2;
const MOST_TRIES = 5;
const MOST_HEADER_BYTES = 16 * 1024;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** RFC 9110 section 9.2.2. */
const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];
/** Headers of the connection (RFC 9110 section 7.6.1), of message framing, or naming another host. */
const ofConnection =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|via|forwarded|x-forwarded-.*|proxy-.*|sec-.*)$/;
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Visible ASCII, spaces and tabs (RFC 9110 section 5.5, without obs-text). */
const fieldValue = /^[\t\x20-\x7e]*$/;

/** Checked options of a call, with defaults applied. */
export interface CheckedOptions {
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | URLSearchParams | null;
  timeoutMs: number;
  maxBytes: number;
  retries: number;
  redirects: number;
  traceparent: string | undefined;
}

/** @throws HttpRefused that says what is wrong, without the value */
export function checkOptions(options: HttpOptions, host: string): CheckedOptions {
  const refuse = (what: string) => new HttpRefused('invalid-option', what, host);
  const { method = 'GET', body, idempotencyKey } = options;
  if (!methods.includes(method)) throw refuse(`The method must be one of ${methods.join(', ')}.`);
  if (body !== undefined && ['GET', 'HEAD'].includes(method)) throw refuse(`${method} has no body.`);
  const limited = (name: 'timeoutMs' | 'maxBytes' | 'retries' | 'redirects', least: number, most: number, usual: number) => {
    const value = options[name] ?? usual;
    if (!Number.isInteger(value) || value < least || value > most) throw refuse(`${name} must be from ${least} to ${most}.`);
    return value;
  };
  const repeatable = idempotent.includes(method) || idempotencyKey !== undefined;
  const retries = limited('retries', 0, MOST_TRIES, repeatable ? 1 : 0);
  if (retries > 0 && !repeatable) throw refuse(`${method} is not retried without an idempotencyKey.`);
  const headers = checkHeaders(options.headers ?? {}, refuse);
  if (idempotencyKey !== undefined) Object.assign(headers, checkHeaders({ 'idempotency-key': idempotencyKey }, refuse));
  return {
    method,
    headers,
    body: body ?? null,
    retries,
    timeoutMs: limited('timeoutMs', 1, MOST_TIMEOUT_MS, TIMEOUT_MS),
    maxBytes: limited('maxBytes', 0, MOST_BYTES, BYTES),
    redirects: limited('redirects', 0, MOST_TRIES, 0),
    traceparent: options.trace === undefined ? undefined : traceparentOf(options.trace),
  };
}

function checkHeaders(given: Readonly<Record<string, string>>, refuse: (what: string) => HttpRefused): Record<string, string> {
  const headers: Record<string, string> = {};
  let size = 0;
  for (const [written, value] of Object.entries(given)) {
    const name = written.toLowerCase();
    if (!token.test(name)) throw refuse('The name of a header contains invalid characters.');
    if (ofConnection.test(name)) throw refuse(`Plugins may not set the header ${name}.`);
    if (typeof value !== 'string' || !fieldValue.test(value)) {
      throw refuse(`The header ${name} is not text, or contains line breaks or characters outside ASCII.`);
    }
    size += name.length + value.length + 4;
    headers[name] = value;
  }
  if (size > MOST_HEADER_BYTES) throw refuse(`The headers take more than ${MOST_HEADER_BYTES} bytes.`);
  return headers;
}

/** W3C Trace Context section 3.2. A UUID is used as trace id; other ids are hashed. */
const traceparentOf = (id: string): string => `00-${traceIdOf(id)}-${randomBytes(8).toString('hex')}-01`;

import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Agent } from 'undici';
import { HttpFailed, type HttpFailure, HttpRefused } from '../contract/http.js';
import { mayReach, type OutgoingPolicy } from './policy.js';

const CONNECT_MS = 10_000;
/** Maximum number of connections of one plugin to one origin. */
const CONNECTIONS = 16;
const HEADER_BYTES = 16 * 1024;
const certificate = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;
/** Codes of undici, Node's HTTP parser and zlib for answers that are not valid HTTP or not compressed as declared. */
const malformed =
  /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_|UND_ERR_INVALID|Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING|ERR_STREAM_PREMATURE)/;

export type Resolve = typeof resolve;

/** Options of connections. */
export interface ConnectionOptions {
  policy: OutgoingPolicy;
  /** The operator named the hosts, so they may be private. */
  trusted: boolean;
  /** Resolves names; tests pass their own function. */
  resolve?: Resolve | undefined;
  /** Certificates to trust in addition to Node's own, in PEM. */
  ca?: string | undefined;
}

/** Loaded with the first call, because it takes memory and most portals make no calls for a while. */
const undici = () => import('undici');

/**
 * Creates a pool of kept-alive connections. Names are resolved here, once for each connection, and a connection is made only to a checked
 * address: DNS answers that change afterwards have no effect.
 */
export async function openAgent({ policy, trusted, resolve: look = resolve, ca }: ConnectionOptions): Promise<Agent> {
  const lookup: LookupFunction = (host, options, done) => {
    look(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '');
      const usable = found.filter(({ address }) => mayReach(policy, host.toLowerCase(), address, trusted));
      const [first] = usable;
      if (first === undefined) return done(new HttpRefused('private-address', leadsInside(host), host), '');
      if (options.all === true) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
  const { Agent: Pool } = await undici();
  return new Pool({
    connect: { lookup, timeout: CONNECT_MS, ...(ca === undefined ? {} : { ca }) },
    connections: CONNECTIONS,
    maxHeaderSize: HEADER_BYTES,
    // Every call has its own deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

const leadsInside = (host: string): string =>
  `${host} resolves to private addresses only. The operator can allow it: by name under http in ilearn.config.ts, or in OUTGOING_PRIVATE.`;

/** One request in the form in which it is sent. */
export interface Sent {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | URLSearchParams | null;
  signal: AbortSignal;
  maxBytes: number;
}

/**
 * Sends one request and reads its answer. Does not follow redirects.
 *
 * @throws HttpRefused if the host resolves to private addresses; HttpFailed; the reason of the signal
 */
export async function exchange(agent: Agent, { url, method, headers, body, maxBytes, signal }: Sent): Promise<Response> {
  const host = url.host;
  const { fetch } = await undici();
  // Closes the connection when the rest of the answer is not needed.
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  try {
    signal.throwIfAborted();
    const request = { method, headers, body, redirect: 'manual', signal: ending.signal } as const;
    const answer = await fetch(url, { ...request, dispatcher: agent });
    const bytes = await readAtMost(answer.body, maxBytes);
    if (bytes === null) {
      throw new HttpFailed('too-large', `${host} answered with more than ${maxBytes} bytes`, host, { status: answer.status });
    }
    return responseOf(answer, bytes);
  } catch (error) {
    end();
    if (signal.aborted) throw signal.reason;
    if (error instanceof HttpFailed) throw error;
    throw explain(error, host);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Null if the body is larger. */
async function readAtMost(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** The decompressed answer as Node's own Response. */
function responseOf(
  { status, statusText, headers }: Awaited<ReturnType<typeof import('undici').fetch>>,
  bytes: Uint8Array<ArrayBuffer>,
) {
  const kept = [...headers].filter(([name]) => !['content-encoding', 'content-length', 'transfer-encoding'].includes(name));
  const empty = [204, 205, 304].includes(status);
  return new Response(empty ? null : bytes, { status, statusText, headers: kept });
}

function explain(error: unknown, host: string): HttpRefused | HttpFailed {
  const causes: { code?: unknown; name?: unknown }[] = [];
  for (let each = error as { cause?: unknown } | null; typeof each === 'object' && each !== null && causes.length < 5; ) {
    if (each instanceof HttpRefused) return each;
    causes.push(each as { code?: unknown });
    each = each.cause as typeof each;
  }
  const code = String(causes.find((each) => typeof each.code === 'string')?.code ?? '');
  const reason: HttpFailure = certificate.test(code) ? 'insecure' : isMalformed(code, causes) ? 'bad-answer' : 'unreachable';
  const why = code === '' ? '' : ` (${code})`;
  const message = {
    insecure: `${host} has no valid certificate for this name${why}`,
    'bad-answer': `${host} answered with what is not valid HTTP${why}`,
    unreachable: `${host} could not be reached${why}`,
  }[reason];
  // The cause is left out, because error messages of libraries quote addresses and headers.
  return new HttpFailed(reason, message, host, { cause: Object.assign(new Error(message), { code }) });
}

/** `RangeError`: an invalid status, such as 999. */
const isMalformed = (code: string, causes: readonly { name?: unknown }[]): boolean =>
  malformed.test(code) || causes.some(({ name }) => name === 'HTTPParserError' || name === 'RangeError');

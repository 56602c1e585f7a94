import { lookup as resolve } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { blockListOf, inList, isLoopbackAddress, isPublicAddress } from './addresses.js';

const PATIENCE_MS = 10_000;
const LARGEST_BYTES = 1_048_576;

/** The portal's policy does not allow to call this address. The message says why. */
export class OutgoingRefused extends Error {
  override name = 'OutgoingRefused';
}

/** Options of `outgoingFetch`, as of `fetch`. */
export interface OutgoingOptions {
  method?: string;
  headers?: HeadersInit;
  body?: string | Uint8Array;
  signal?: AbortSignal | null;
  /** Largest answer in bytes; default 1 MiB. Reading more fails. */
  largestBytes?: number;
}

/** What this process may call besides the public internet over https. */
interface Policy {
  /** The portal is reached on this machine only; so are its tools, over http too. */
  local: boolean;
  hosts: ReadonlySet<string>;
  ranges: ReturnType<typeof blockListOf>;
}

const policyOf = (local: boolean, allowed: readonly string[]): Policy => ({
  local,
  hosts: new Set(allowed.filter((one) => isIP(one.split('/')[0] as string) === 0).map((one) => one.toLowerCase())),
  ranges: blockListOf(allowed.filter((one) => isIP(one.split('/')[0] as string) !== 0)),
});

let policy = policyOf(false, []);

/** Set by the portal of this process from `PUBLIC_URL` and `OUTGOING_PRIVATE`. */
export function setOutgoingPolicy(portalUrl: string, allowed: readonly string[]): void {
  const { hostname } = new URL(portalUrl);
  policy = policyOf(hostname === 'localhost' || (isIP(bareHost(hostname)) !== 0 && isLoopbackAddress(hostname)), allowed);
}

const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const mayReach = (host: string, address: string): boolean =>
  isPublicAddress(address) ||
  (policy.local && isLoopbackAddress(address)) ||
  policy.hosts.has(host) ||
  inList(policy.ranges, address);

/**
 * Why the portal's policy refuses an address; null if it does not. Looks at the address only: host names are resolved and checked with each call.
 */
export function outgoingRefusal(address: string | URL): string | null {
  if (!URL.canParse(address)) return 'It is not an address.';
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && policy.local)) return 'It must be https.';
  if (username !== '' || password !== '') return 'It must not hold a user name or password.';
  const host = bareHost(hostname);
  if (isIP(host) !== 0 ? mayReach(host, host) : policy.local || policy.hosts.has(host) || !/(^|\.)localhost\.?$/.test(host))
    return null;
  return 'It leads to a private address. The operator can allow it in OUTGOING_PRIVATE.';
}

/**
 * Resolves a name to addresses that may be called. The checked address is the one connected to, so that a changed DNS answer cannot slip
 * in.
 */
const lookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '');
    const usable = found.filter(({ address }) => mayReach(host.toLowerCase(), address));
    const [first] = usable;
    if (first === undefined) return done(new OutgoingRefused('the host leads to private addresses only'), '');
    if (options.all === true) done(null, usable);
    else done(null, first.address, first.family);
  });
};

/**
 * Calls another service: over https and on the public internet, unless the operator allows more (`OUTGOING_PRIVATE`). Does not follow redirects.
 * Gives up after ten seconds, or when the signal is aborted. Use it for every address that somebody typed (OWASP: server-side request forgery).
 *
 * @throws OutgoingRefused if the policy does not allow the address
 */
export async function outgoingFetch(address: string | URL, options: OutgoingOptions = {}): Promise<Response> {
  const refusal = outgoingRefusal(address);
  if (refusal !== null) throw new OutgoingRefused(refusal);
  const { method = 'GET', headers, body, signal, largestBytes = LARGEST_BYTES } = options;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const url = new URL(address);
  const answer = await send(
    url,
    {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      lookup,
      // No keep-alive: a connection of another call may lead elsewhere.
      agent: false,
      signal: signal == null ? limit : AbortSignal.any([signal, limit]),
    },
    body,
  );
  const status = answer.statusCode ?? 0;
  const empty = [204, 205, 304].includes(status);
  const bytes = await readAtMost(answer, largestBytes);
  const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  return new Response(empty ? null : new Uint8Array(bytes), { status, headers: pairs });
}

function send(url: URL, options: RequestOptions, body: string | Uint8Array | undefined): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, done);
    request.on('error', failed);
    request.end(body);
  });
}

async function readAtMost(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > limit) {
      answer.destroy();
      throw new Error(`the answer is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

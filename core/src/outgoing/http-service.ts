import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';
import type { z } from 'zod';
import { refuseNetwork } from '../context/network-watch.js';
import { currentSpan, inSpan } from '../context/span.js';
import { type Http, HttpFailed, type HttpOptions, HttpRefused } from '../contract/http.js';
import type { Logger } from '../contract/services.js';
import type { ClientMetrics } from './client-metrics.js';
import { exchange } from './exchange.js';
import { HostBreaker } from './host-breaker.js';
import { type HostRule, ruleFor } from './hosts.js';
import { isPrivateHost, isThisMachine, type OutgoingPolicy } from './policy.js';
import { type CheckedOptions, checkOptions } from './request-options.js';

const BACKOFF_MS = 200;
const REDIRECTS = [301, 302, 303, 307, 308];
const RETRIED = [429, 502, 503, 504];
const HOST_LABEL_OF_NAMED = 'named';

export interface HttpServiceParts {
  plugin: string;
  rules: readonly HostRule[];
  /** Its manifest has `named`. */
  named: boolean;
  policy: OutgoingPolicy;
  agentFor(trusted: boolean): Promise<Agent>;
  log: Logger;
  metrics: ClientMetrics;
  /** Sent as `user-agent`. */
  agentName: string;
}

/** The destination of a call. */
interface Destination {
  url: URL;
  label: string;
  trusted: boolean;
}

/** The service `http` of one plugin. */
export class HttpService implements Http {
  readonly #breaker = new HostBreaker();

  constructor(private readonly parts: HttpServiceParts) {}

  /** Number of hosts with an open breaker. */
  static openBreakers(service: HttpService): number {
    return service.#breaker.open.length;
  }

  refusal(url: string | URL): string | null {
    try {
      this.#destination(url);
      return null;
    } catch (error) {
      if (error instanceof HttpRefused) return error.message;
      throw error;
    }
  }

  fetch(url: string | URL, options: HttpOptions = {}): Promise<Response> {
    return this.#measured(url, options, async (answer) => answer);
  }

  json<S extends z.ZodType>(url: string | URL, schema: S, options: HttpOptions = {}): Promise<z.output<S>> {
    const headers = { accept: 'application/json', ...options.headers };
    return this.#measured(url, { ...options, headers }, (answer, host) => readJson(answer, schema, host));
  }

  /** Sends a request, counts it, and logs a failure; in a span of its own, if the caller has one. */
  #measured<T>(address: string | URL, options: HttpOptions, read: (answer: Response, host: string) => Promise<T>): Promise<T> {
    const span = currentSpan()?.child('client', options.method ?? 'GET') ?? null;
    if (span === null) return this.#counted(address, options, read, () => {});
    return inSpan(span, () =>
      this.#counted(address, options, read, (host, result, status) => {
        Object.assign(span.attributes, {
          'http.request.method': options.method ?? 'GET',
          'server.address': host,
          'ilearn.plugin': this.parts.plugin,
          ...(status === undefined ? {} : { 'http.response.status_code': status }),
        });
        if (status === undefined || status >= 400) span.failed = status === undefined ? result : String(status);
      }),
    );
  }

  async #counted<T>(
    address: string | URL,
    options: HttpOptions,
    read: (answer: Response, host: string) => Promise<T>,
    told: (host: string, result: string, status: number | undefined) => void,
  ): Promise<T> {
    const { plugin, log, metrics } = this.parts;
    const began = performance.now();
    let place = { host: 'unknown', label: 'unknown' };
    const end = (
      result: string,
      failure?: { reason: string; status?: number | undefined; code?: string | undefined },
      status = failure?.status,
    ) => {
      const ms = Math.round(performance.now() - began);
      told(place.host, result, status);
      metrics.call(plugin, place.label, result, ms / 1000);
      const trace = options.trace === undefined ? {} : { trace: options.trace };
      if (failure !== undefined)
        log.warn({ plugin, host: place.host, ms, ...failure, ...trace }, 'a call to another service failed');
    };
    try {
      const to = this.#destination(address);
      place = { host: to.url.host, label: to.label };
      refuseNetwork(to.url.hostname);
      const checked = checkOptions(options, to.url.host);
      const answer = await this.#call(to, checked, options.signal ?? null);
      const value = await read(answer, to.url.host);
      const { status } = answer;
      end(`${Math.floor(status / 100)}xx`, status >= 500 || status === 429 ? { reason: 'status', status } : undefined, status);
      return value;
    } catch (error) {
      if (error instanceof HttpRefused) end(error.reason, { reason: error.reason });
      else if (error instanceof HttpFailed) {
        const { code } = (error.cause ?? {}) as { code?: string };
        end(error.reason, { reason: error.reason, status: error.status, code });
      } else if (options.signal?.aborted === true) end('aborted');
      throw error;
    }
  }

  /** @throws HttpRefused */
  #destination(address: string | URL): Destination {
    if (!URL.canParse(address)) throw new HttpRefused('invalid-address', 'It is not an address.', 'unknown');
    const url = new URL(address);
    const { protocol, host, hostname, username, password } = url;
    const { policy, rules, named, plugin } = this.parts;
    const refuse = (reason: HttpRefused['reason'], message: string) => new HttpRefused(reason, message, host);
    if (protocol !== 'https:' && protocol !== 'http:') throw refuse('invalid-address', 'It must be https.');
    if (username !== '' || password !== '') {
      throw refuse('invalid-address', 'It must not contain a user name or password.');
    }
    const rule = ruleFor(rules, url);
    if (rule === undefined && !named) {
      const remedy = `Name it under http.hosts in the manifest of ${plugin}, or have the operator name it under http in ilearn.config.ts.`;
      throw refuse('host-not-declared', `${plugin} may not call ${host}. ${remedy}`);
    }
    const trusted = rule?.trusted ?? false;
    const plain = rule?.protocol === 'http:' || (policy.local && isThisMachine(hostname));
    if (protocol === 'http:' && !plain) throw refuse('not-https', 'It must be https.');
    if (protocol === 'https:' && rule?.protocol === 'http:') {
      throw refuse('host-not-declared', `The operator allows ${host} over http only.`);
    }
    if (isPrivateHost(policy, hostname, trusted)) {
      throw refuse('private-address', 'It points to a private address. The operator can allow it in OUTGOING_PRIVATE.');
    }
    return { url, label: rule?.label ?? HOST_LABEL_OF_NAMED, trusted };
  }

  /** Follows redirects under one deadline. */
  async #call(first: Destination, options: CheckedOptions, given: AbortSignal | null): Promise<Response> {
    const { host } = first.url;
    const late = new HttpFailed('timeout', `${host} did not answer within ${options.timeoutMs} ms`, host);
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(late), options.timeoutMs);
    const pass = () => ending.abort(given?.reason);
    given?.addEventListener('abort', pass, { once: true });
    try {
      given?.throwIfAborted();
      const deadline = performance.now() + options.timeoutMs;
      const own = { 'user-agent': this.parts.agentName, accept: '*/*', ...options.headers };
      let headers: Record<string, string> =
        options.traceparent === undefined ? own : { ...own, traceparent: options.traceparent };
      let to = first;
      for (let hops = 0; ; hops += 1) {
        const answer = await this.#tries(to, { ...options, headers }, ending.signal, deadline);
        const next = locationOf(answer, to.url);
        if (next === null || options.redirects === 0 || !['GET', 'HEAD'].includes(options.method)) return answer;
        if (hops >= options.redirects) {
          throw new HttpFailed('redirect', `${host} redirects more than ${options.redirects} times`, host, {
            status: answer.status,
          });
        }
        const from = to;
        to = this.#redirected(from, next);
        if (to.url.origin !== from.url.origin) headers = withoutSecrets(headers);
      }
    } finally {
      clearTimeout(timer);
      given?.removeEventListener('abort', pass);
    }
  }

  /** @throws HttpRefused */
  #redirected(from: Destination, url: URL): Destination {
    if (from.url.protocol === 'https:' && url.protocol !== 'https:') {
      throw new HttpRefused('not-https', 'It redirects from https to http.', url.host);
    }
    const to = this.#destination(url);
    // A host found in data does not extend the permission to the hosts to which it redirects.
    if (to.label === HOST_LABEL_OF_NAMED && to.url.host !== from.url.host) {
      throw new HttpRefused('host-not-declared', `It redirects to another host, ${url.host}.`, url.host);
    }
    return to;
  }

  async #tries(to: Destination, options: CheckedOptions, signal: AbortSignal, deadline: number): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#try(to, options, signal);
      const answer = outcome instanceof Response ? outcome : null;
      const again = answer === null ? isWorthRetrying(outcome as HttpFailed) : RETRIED.includes(answer.status);
      const wait = retryAfterMs(answer) ?? BACKOFF_MS * 2 ** attempt * (0.5 + Math.random() / 2);
      if (again && attempt < options.retries && performance.now() + wait < deadline) {
        await sleep(wait, undefined, { signal }).catch(() => {
          throw signal.reason;
        });
        continue;
      }
      if (outcome instanceof Response) return outcome;
      throw outcome;
    }
  }

  /** Returns the answer, or the failure. @throws HttpRefused; the reason of the signal if the caller aborted it */
  async #try(to: Destination, options: CheckedOptions, signal: AbortSignal): Promise<Response | HttpFailed> {
    const { url, trusted } = to;
    const { host } = url;
    const origin = `${url.protocol}//${host}`;
    if (!this.#breaker.enter(origin)) {
      return new HttpFailed('breaker-open', `${host} failed several times in a row, and is not called for 30 seconds`, host);
    }
    try {
      const agent = await this.parts.agentFor(trusted);
      const { method, headers, body, maxBytes } = options;
      const answer = await exchange(agent, { url, method, headers, body, maxBytes, signal });
      this.#breaker.record(origin, answer.status >= 500);
      return answer;
    } catch (error) {
      const ofHost = error instanceof HttpFailed && ['unreachable', 'insecure', 'timeout', 'bad-answer'].includes(error.reason);
      if (ofHost) this.#breaker.record(origin, true);
      else this.#breaker.forget(origin);
      if (error instanceof HttpFailed && error.reason !== 'timeout') return error;
      throw error;
    }
  }
}

/** @throws HttpFailed */
async function readJson<S extends z.ZodType>(answer: Response, schema: S, host: string): Promise<z.output<S>> {
  const { status } = answer;
  if (!answer.ok) throw new HttpFailed('status', `${host} answered with status ${status}`, host, { status });
  let value: unknown;
  try {
    value = await answer.json();
  } catch {
    throw new HttpFailed('bad-answer', `${host} did not answer with JSON`, host, { status });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues
    .slice(0, 3)
    .map(({ path, code }) => `${path.map(String).join('.') || 'the whole'} (${code})`);
  throw new HttpFailed('bad-answer', `${host} answered with unexpected JSON: ${places.join(', ')}`, host, { status });
}

const isWorthRetrying = ({ reason }: HttpFailed): boolean => reason === 'unreachable';

/** The target of a redirect; null for any other answer. An invalid `Location` is not a redirect. */
function locationOf({ status, headers }: Response, base: URL): URL | null {
  const location = headers.get('location');
  if (!REDIRECTS.includes(status) || location === null || !URL.canParse(location, base)) return null;
  return new URL(location, base);
}

/** `Retry-After` (RFC 9110 section 10.2.3) in milliseconds: seconds, or a date, which counts from the answer's own `Date`. */
function retryAfterMs(answer: Response | null): number | null {
  const text = answer?.headers.get('retry-after') ?? null;
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const ms = Date.parse(text) - Date.parse(answer?.headers.get('date') ?? '');
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Headers that another origin may receive: any other header may be secret, such as an API key. */
const withoutSecrets = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => ['accept', 'accept-language', 'user-agent'].includes(name)));

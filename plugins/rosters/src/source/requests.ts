import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';
import { type Failure, SourceFailed } from './failure.js';
import type { SourceSettings } from './settings.js';

const megabyte = 1024 * 1024;
/** Some servers now and then need more than twenty seconds for a page. */
const timeoutMs = 60_000;
/** A token is a text without spaces (RFC 6750 §2.1); more than this is none. */
const mostOfToken = 20_000;

export interface Credentials extends Pick<SourceSettings, 'tokenAddress' | 'authentication' | 'scope' | 'clientId'> {
  secret: string;
}

/** Requests to one server with a token, which is asked for once more when the server no longer accepts it. */
export class Requests {
  readonly #http: Http;
  readonly #credentials: Credentials;
  readonly #signal: AbortSignal;
  #token: string | null = null;
  #renewed = false;

  constructor(http: Http, credentials: Credentials, signal: AbortSignal) {
    this.#http = http;
    this.#credentials = credentials;
    this.#signal = signal;
  }

  /**
   * Gets a list.
   *
   * @returns the JSON and headers; the status if it is 400, 403 or 404, of which the caller may know more
   * @throws SourceFailed
   */
  async get(url: URL): Promise<{ status: number; body: unknown; headers: Headers }> {
    this.#token ??= await this.#ask();
    const response = await this.#send(url, { headers: { authorization: `Bearer ${this.#token}`, accept: 'application/json' } });
    if (response.status === 401) {
      if (this.#renewed) throw new SourceFailed('unauthorised');
      this.#renewed = true;
      this.#token = null;
      return this.get(url);
    }
    if ([400, 403, 404, 422].includes(response.status)) return { status: response.status, body: null, headers: response.headers };
    checkStatus(response);
    return { status: 200, body: await jsonOf(response, 'malformed'), headers: response.headers };
  }

  /** A token by client credentials (RFC 6749 §4.4). */
  async #ask(): Promise<string> {
    const { tokenAddress, authentication, scope, clientId, secret } = this.#credentials;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== '') body.set('scope', scope);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (authentication === 'body') {
      body.set('client_id', clientId);
      body.set('client_secret', secret);
    } else {
      // RFC 6749 §2.3.1: both are form-encoded first.
      const pair = [clientId, secret].map((part) => new URLSearchParams({ '': part }).toString().slice(1)).join(':');
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const response = await this.#send(new URL(tokenAddress), { method: 'POST', body, headers });
    if ([400, 401, 403].includes(response.status)) throw new SourceFailed('token-refused');
    checkStatus(response);
    const token = ((await jsonOf(response, 'token-malformed')) as { access_token?: unknown } | null)?.access_token;
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || token.length > mostOfToken)
      throw new SourceFailed('token-malformed');
    return token;
  }

  async #send(url: URL, options: Parameters<Http['fetch']>[1]): Promise<Response> {
    const retries = options?.method === 'POST' ? 0 : 3;
    try {
      return await this.#http.fetch(url, { ...options, timeoutMs, retries, maxBytes: 16 * megabyte, signal: this.#signal });
    } catch (error) {
      if (error instanceof HttpRefused && error.reason !== 'invalid-option') throw new SourceFailed('address-refused');
      if (error instanceof HttpFailed) throw new SourceFailed(ofHttp[error.reason] ?? 'unreachable');
      throw error;
    }
  }
}

const ofHttp: Partial<Record<HttpFailed['reason'], Failure>> = {
  insecure: 'insecure',
  timeout: 'timeout',
  'too-large': 'too-large',
  'bad-answer': 'malformed',
  redirect: 'refused',
};

function checkStatus({ status, headers }: Response): void {
  if (status === 200) return;
  if (status === 429 || status === 503) {
    throw new SourceFailed('busy', secondsOf(headers));
  }
  if (status === 404) throw new SourceFailed('not-found');
  throw new SourceFailed(status >= 500 ? 'server-error' : 'refused');
}

/** `Retry-After` (RFC 9110 §10.2.3): seconds, or a date, which is compared with that of the answer. */
function secondsOf(headers: Headers): number | null {
  const text = headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.parse(headers.get('date') ?? '')) / 1_000;
  return seconds > 0 ? Math.ceil(seconds) : null;
}

async function jsonOf(response: Response, failure: Failure): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new SourceFailed(failure);
  }
}

import type { KeyObject } from 'node:crypto';
import { randomUUID, sign } from 'node:crypto';

/** How an app proves who it is, and what its token is for. */
export interface ConnectOptions {
  /** Address of the portal. */
  url: string;
  clientId: string;
  /** A secret, or the private key (ES256, P-256) whose public part is registered. */
  secret: string | { key: KeyObject; kid: string };
  /** Default: all that the portal approved. */
  scopes?: readonly string[];
  /** Instellingsnummer of the only school. */
  school?: string;
  /** For tests and proxies; default the global `fetch`. */
  fetch?: typeof fetch;
}

/** The portal refused a token. */
export class AccessRefused extends Error {
  constructor(
    /** Code of RFC 6749 §5.2: `invalid_client`, `invalid_scope` … */
    readonly code: string,
    description: string,
    /** The portal's answer. */
    readonly response: Response,
  ) {
    super(description);
    this.name = 'AccessRefused';
  }
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** A token is replaced this long before its end, so that no request meets it. */
const marginMs = 30_000;

/** Keeps one token, and gets another when it is about to end. */
export class Access {
  readonly #options: ConnectOptions;
  #token: Promise<string> | null = null;
  #until = 0;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  /** @throws AccessRefused */
  token(): Promise<string> {
    if (this.#token === null || performance.now() > this.#until) {
      this.#until = Number.POSITIVE_INFINITY;
      this.#token = this.#ask();
      this.#token.catch(() => this.forget());
    }
    return this.#token;
  }

  forget(): void {
    this.#token = null;
  }

  async #ask(): Promise<string> {
    const { url, scopes, school, fetch: call = fetch } = this.#options;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...this.#proof() });
    if (scopes !== undefined) form.set('scope', scopes.join(' '));
    if (school !== undefined) form.set('school', school);
    // A redirect would take the secret to another address.
    const response = await call(new URL('/api/api/token', url), { method: 'POST', body: form, redirect: 'error' });
    const body = (await response.json().catch(() => ({}))) as Record<string, string> & { expires_in: number };
    if (!response.ok) {
      throw new AccessRefused(body['error'] ?? `${response.status}`, body['error_description'] ?? response.statusText, response);
    }
    this.#until = performance.now() + Math.max(0, body.expires_in * 1000 - marginMs);
    return body['access_token'] as string;
  }

  #proof(): Record<string, string> {
    const { clientId, secret, url } = this.#options;
    if (typeof secret === 'string') return { client_id: clientId, client_secret: secret };
    const now = Math.floor(Date.now() / 1000);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = { iss: clientId, sub: clientId, aud: new URL(url).origin, jti: randomUUID(), iat: now, exp: now + 120 };
    const text = `${encode({ alg: 'ES256', kid: secret.kid })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: secret.key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    return { client_assertion_type: assertionType, client_assertion: `${text}.${signature}` };
  }
}

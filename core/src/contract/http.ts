import type { z } from 'zod';
import { brand } from './brand.js';

/**
 * The hosts that a plugin calls over HTTP, and what it sends them. `ilearn plan` and the register of processing activities show it. A
 * plugin without it in its manifest has no service `http`.
 */
export interface HttpDeclaration {
  /** The purpose of the calls, as shown in the register: `looking up words`. Translated by the message `privacy.outgoing-http.purpose`. */
  purpose: string;
  /** The data about people that it sends: `no data about people`. Translated by the message `privacy.outgoing-http.sends`. */
  sends: string;
  /**
   * Names of public hosts, each with a port if it is not 443: `api.example.org`, `api.example.org:8443`; `*.example.org` stands for every host
   * with one label in that place. They are called over https.
   */
  hosts?: readonly string[];
  /**
   * Why the operator names hosts, under `http` in `ilearn.config.ts`. These may be private, and called over http if the operator writes
   * `http://`.
   */
  operator?: string;
  /** Why hosts are found in data that administrators enter. Then every public host may be called. */
  named?: string;
  /**
   * Why it opens connections without the service `http`, for a protocol other than HTTP; without this, `ilearn plugin check` reports them.
   * The destinations of these connections are not restricted.
   */
  sockets?: string;
}

/** Methods of outgoing requests. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Options of `http.fetch`. */
export interface HttpOptions {
  /** Default `GET`. */
  method?: HttpMethod;
  /** Headers other than those of the connection itself, such as `host` and `content-length`. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | URLSearchParams;
  /** Aborts the call, which then throws the signal's reason. Pass the `signal` of `outside.call`. */
  signal?: AbortSignal | null;
  /** Time limit of the whole call, including retries, redirects and the answer's body, in milliseconds, up to 600 000; default 10 000. */
  timeoutMs?: number;
  /** Maximum size of the answer's body in bytes, decompressed, up to 64 MiB; default 1 MiB. */
  maxBytes?: number;
  /**
   * Number of retries, up to 5, if the host cannot be reached, or answers with status 429, 502, 503 or 504. Waits as long as `Retry-After`
   * says; without it, longer each time. If the wait would exceed `timeoutMs`, there is no further try. Default 1 for idempotent methods
   * (RFC 9110 section 9.2.2) and if there is an `idempotencyKey`, otherwise 0.
   */
  retries?: number;
  /** Sent as `Idempotency-Key` with each try, so that the other service does the work only once; in a job, use `message.id`. */
  idempotencyKey?: string;
  /**
   * Maximum number of redirects to follow, up to 5; default 0: the redirect itself is the answer. Only for GET and HEAD, over https, and to
   * hosts that the plugin may call; for a plugin with `named`, only on the same host. Another origin gets no headers except `accept`,
   * `accept-language` and `user-agent`.
   */
  redirects?: number;
  /** Id of the request or message that causes this call. Sent as `traceparent` (W3C Trace Context) to the first host, which can log it. */
  trace?: string;
}

/** Calls services outside the portal: hosts that the manifest declares under `http` or the operator names. */
export interface Http {
  /**
   * Sends a request and resolves once the whole answer has arrived, whatever its status. The host name is resolved once, and the connection
   * is made to the address that was checked. Private addresses are refused unless the operator allows them.
   *
   * @throws HttpRefused if the request is not allowed; nothing was sent
   * @throws HttpFailed if there is no usable answer
   * @throws the reason of `signal`
   */
  fetch(url: string | URL, options?: HttpOptions): Promise<Response>;
  /**
   * Sends a request and resolves to the JSON of its answer, parsed by the schema.
   *
   * @throws HttpFailed also for a status other than 2xx, and for an answer that the schema refuses
   */
  json<S extends z.ZodType>(url: string | URL, schema: S, options?: HttpOptions): Promise<z.output<S>>;
  /** Why `fetch` would refuse an address; null if it would not. Names are not resolved, so a name may still lead to a private address. */
  refusal(url: string | URL): string | null;
}

/** The additional service of a plugin with `http` in its manifest: `interface Cradle extends KernelCradle, HttpCradle`. */
export interface HttpCradle {
  http: Http;
}

/** The `http` of a cradle; undefined if it has none. */
// biome-ignore lint/suspicious/noExplicitAny: where the cradle is any, so are its services
export type HttpOf<Cradle> = 0 extends 1 & Cradle ? any : Cradle extends HttpCradle ? Http : undefined;

/**
 * Why a request was not sent.
 *
 * - `invalid-address`: not an http or https URL, or one with a user name or password
 * - `not-https`: http, to a host that the operator did not name with `http://`
 * - `host-not-declared`: neither the manifest nor the operator names the host and port
 * - `private-address`: the host is, or leads to, an address outside the public internet
 * - `invalid-option`: a method, header, body or limit that is not allowed
 */
export type HttpRefusal = 'invalid-address' | 'not-https' | 'host-not-declared' | 'private-address' | 'invalid-option';

/**
 * Why there is no usable answer.
 *
 * - `unreachable`: the name is unknown, or the connection was refused or lost
 * - `insecure`: the certificate is not valid for the host
 * - `timeout`: the whole answer did not arrive within `timeoutMs`
 * - `too-large`: the answer is larger than `maxBytes`
 * - `bad-answer`: it is not valid HTTP, its compression is broken, or its JSON is not as expected
 * - `redirect`: there are more redirects than `redirects` allows
 * - `status`: `http.json` got a status other than 2xx
 * - `breaker-open`: the host failed five times in a row; it is not called for 30 seconds
 */
export type HttpFailure =
  | 'unreachable'
  | 'insecure'
  | 'timeout'
  | 'too-large'
  | 'bad-answer'
  | 'redirect'
  | 'status'
  | 'breaker-open';

/** A request that the plugin may not send. The message may name the host, but never path, query or headers. */
export class HttpRefused extends Error {
  constructor(
    readonly reason: HttpRefusal,
    message: string,
    readonly host: string,
  ) {
    super(message);
    this.name = 'HttpRefused';
  }
}
brand(HttpRefused);

/** A request without a usable answer. The message may name the host, but never path, query or headers. */
export class HttpFailed extends Error {
  /** The answer's status, if there is one. */
  readonly status: number | undefined;

  constructor(
    readonly reason: HttpFailure,
    message: string,
    readonly host: string,
    options: { status?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpFailed';
    this.status = options.status;
  }
}
brand(HttpFailed);

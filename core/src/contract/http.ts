import type { z } from 'zod';
import { brand } from './brand.js';

/**
 * Which hosts a plugin calls over HTTP, and what it sends them. `ilearn plan` and the register of processing activities show it. Without this
 * in its manifest, a plugin has no service `http`.
 */
export interface HttpDeclaration {
  /** What it calls them for, as the register says it: `looking up words`. Translated by the message `privacy.outgoing-http.purpose`. */
  purpose: string;
  /** What it sends of people: `no data about people`. Translated by the message `privacy.outgoing-http.sends`. */
  sends: string;
  /**
   * Names of public hosts, each with a port if it is not 443: `api.example.org`, `api.example.org:8443`; `*.example.org` stands for every host
   * with one label in that place. They are called over https.
   */
  hosts?: readonly string[];
  /** Why the operator names hosts, under `http` in `ilearn.config.ts`. These may be private, and reached over http if the operator says so. */
  operator?: string;
  /** Why hosts are found in data that administrators enter. Then every public host may be called. */
  named?: string;
  /**
   * Why it opens connections without the service `http`, which `ilearn plugin check` otherwise refuses: a protocol other than HTTP. Nothing
   * limits where these lead.
   */
  sockets?: string;
}

/** Methods of outgoing requests. */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Options of `http.fetch`. */
export interface HttpOptions {
  /** Default `GET`. */
  method?: HttpMethod;
  /** Not those of the connection itself, such as `host` and `content-length`. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | URLSearchParams;
  /** Ends the call; it then throws the signal's reason. Give it the `signal` of `outside.call`. */
  signal?: AbortSignal | null;
  /** Time for the whole call, with retries, redirects and the answer's body, in milliseconds, up to 600 000; default 10 000. */
  timeoutMs?: number;
  /** Largest body of the answer in bytes, decompressed, up to 64 MiB; default 1 MiB. */
  maxBytes?: number;
  /**
   * Tries after the first, up to 5, where there is no answer, or one with status 429, 502, 503 or 504. Waits longer each time, and as long as
   * `Retry-After` says; where that exceeds `timeoutMs`, there is no further try. Default 1 for idempotent methods (RFC 9110 section 9.2.2) and
   * where there is an `idempotencyKey`, else 0.
   */
  retries?: number;
  /** Sent as `Idempotency-Key` with each try, so that the other service does the work once: `message.id` of a job. */
  idempotencyKey?: string;
  /**
   * Number of redirects that are followed, up to 5; default 0: the redirect is the answer. Only of GET and HEAD, over https, and to hosts that
   * the plugin may call; a plugin with `named` stays on the host. Another origin gets no headers but `accept` and `accept-language`.
   */
  redirects?: number;
  /** Id of the request or message for which this call is made. Sent as `traceparent` (W3C Trace Context) to the first host, which can log it. */
  trace?: string;
}

/** Calls services outside the portal: hosts that the manifest declares under `http` or the operator names. */
export interface Http {
  /**
   * Sends a request and resolves once the whole answer has arrived, whatever its status. The name of the host is resolved once, and the address
   * that was checked is the one that is connected to. Private addresses are refused unless the operator allows them.
   *
   * @throws HttpRefused if the request is not allowed; nothing was sent
   * @throws HttpFailed if there is no answer, or none that can be used
   * @throws the reason of `signal`
   */
  fetch(url: string | URL, options?: HttpOptions): Promise<Response>;
  /**
   * Sends a request and resolves to the JSON of its answer, as the schema parsed it.
   *
   * @throws HttpFailed also for a status other than 2xx, and for an answer that the schema refuses
   */
  json<S extends z.ZodType>(url: string | URL, schema: S, options?: HttpOptions): Promise<z.output<S>>;
  /** Why `fetch` would refuse an address; null if it would not. A name is not resolved: it may still lead to a private address. */
  refusal(url: string | URL): string | null;
}

/** What the cradle of a plugin with `http` in its manifest has more: `interface Cradle extends KernelCradle, HttpCradle`. */
export interface HttpCradle {
  http: Http;
}

/** The `http` of a cradle; undefined where it has none. */
// biome-ignore lint/suspicious/noExplicitAny: where the cradle is any, so are its services
export type HttpOf<Cradle> = 0 extends 1 & Cradle ? any : Cradle extends HttpCradle ? Http : undefined;

/**
 * Why a request was not sent.
 *
 * - `invalid-address`: no URL of http or https, or one with a user name or password
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
 * - `timeout`: not all of it came within `timeoutMs`
 * - `too-large`: the answer is larger than `maxBytes`
 * - `bad-answer`: it is no valid HTTP, its compression is broken, or its JSON is not as expected
 * - `redirect`: it leads further than `redirects` allows
 * - `status`: `http.json` got a status other than 2xx
 * - `breaker-open`: the host failed five times in a row; it is left alone for 30 seconds
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

/** A request that the plugin may not send. The message names the host at most, never path, query or headers. */
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

/** A request without a usable answer. The message names the host at most, never path, query or headers. */
export class HttpFailed extends Error {
  /** The answer's status, where there is one. */
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

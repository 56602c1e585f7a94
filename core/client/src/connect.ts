import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Access, AccessRefused, type ConnectOptions } from './access.js';

/** The portal answered with a problem (RFC 9457). */
export class CallFailed extends Error {
  constructor(
    readonly status: number,
    /** `/problems/missing-scope` and so on; empty if the answer was no problem. */
    readonly type: string,
    detail: string,
  ) {
    super(`${status}: ${detail}`);
    this.name = 'CallFailed';
  }
}

interface Call {
  params?: Record<string, string | undefined>;
  query?: Record<string, unknown> | URLSearchParams;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | null;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const passing = [429, 502, 503, 504];
const mostTries = 4;
const longestWaitMs = 60_000;

/** Calls of a portal for one app. */
export class Connection {
  readonly #options: ConnectOptions;
  readonly #access: Access;
  /** Address of the page after an answer. */
  readonly #next = new WeakMap<object, string>();

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#access = new Access(options);
  }

  /**
   * The routes of a plugin, with their types: `plugin<typeof directory>('directory')`, with the type of `@ilearn/plugin-directory/client`. A route
   * that changed is an error of the compiler at each call. Calls are tried again when the budget is spent or the portal is away; writes carry an
   * `Idempotency-Key`, so that they are done once.
   *
   * @throws CallFailed, AccessRefused
   */
  plugin<Client>(id: string): Client {
    const calls = methods.map((method) => [
      method,
      async (path: string, call: Call = {}) => this.#call(method.toUpperCase(), `/api/${id}${addressOf(path, call)}`, call),
    ]);
    return Object.fromEntries(calls) as Client;
  }

  /** The pages of a list: the first one, and those to which its answers lead. */
  async *pages<Page extends object>(first: Promise<Page>): AsyncGenerator<Page, void> {
    for (let page = (await first) as Page; ; ) {
      yield page;
      const next = this.#next.get(page);
      if (next === undefined) return;
      page = (await this.#call('GET', next, {})) as Page;
    }
  }

  async #call(method: string, address: string, { body, headers = {}, signal }: Call): Promise<unknown> {
    const once = method === 'GET' ? {} : { 'idempotency-key': `"${randomUUID()}"` };
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = {
      method,
      headers: { ...content, ...once, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? null,
    };
    for (let tries = 1; ; tries += 1) {
      const { response, error } = await this.#send(address, init).then(
        (response) => ({ response, error: null }),
        (error: unknown) => ({ response: error instanceof AccessRefused ? error.response : null, error }),
      );
      if (error === null && response?.ok === true) return this.#read(response);
      // A token that ended, not one that was refused.
      const ended = error === null && response?.status === 401;
      if (ended) this.#access.forget();
      const again = response === null || ended || passing.includes(response.status);
      if (!again || tries >= mostTries || signal?.aborted === true) throw error ?? (await failureOf(response as Response));
      await pause(waitOf(response, tries), undefined, signal === undefined || signal === null ? {} : { signal });
    }
  }

  /** @throws AccessRefused; TypeError if the portal cannot be reached */
  async #send(address: string, { headers, ...init }: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const { url, fetch: call = fetch } = this.#options;
    const token = await this.#access.token();
    return call(new URL(address, url), { ...init, headers: { ...headers, authorization: `Bearer ${token}` } });
  }

  async #read(response: Response): Promise<unknown> {
    if (response.status === 204) return undefined;
    const body: unknown = await response.json();
    const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    if (next !== undefined && typeof body === 'object' && body !== null) this.#next.set(body, next);
    return body;
  }
}

export const connect = (options: ConnectOptions): Connection => new Connection(options);

/** @throws Error for a path parameter without a value, or with one that cannot be part of a path */
function addressOf(path: string, { params = {}, query = {} }: Call): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === '') throw new Error(`The path ${path} needs the parameter ${name}.`);
    // As part of a path, these would name another route.
    if (value === '.' || value === '..') throw new Error(`The parameter ${name} cannot be ${value}.`);
    return encodeURIComponent(value);
  });
  const given = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const pairs = given.flatMap(([name, value]) =>
    [value]
      .flat()
      .flatMap((each): [string, string][] => (each === undefined || each === null || each === '' ? [] : [[name, String(each)]])),
  );
  return pairs.length === 0 ? filled : `${filled}?${new URLSearchParams(pairs)}`;
}

async function failureOf(response: Response): Promise<CallFailed> {
  const problem = (await response.json().catch(() => ({}))) as { type?: string; title?: string; detail?: string };
  return new CallFailed(response.status, problem.type ?? '', problem.detail ?? problem.title ?? response.statusText);
}

/** As long as the portal says, otherwise longer each time. */
function waitOf(response: Response | null, tries: number): number {
  const asked = Number(response?.headers.get('retry-after') ?? Number.NaN) * 1000;
  const own = response?.status === 401 ? 0 : 250 * 2 ** tries;
  return Math.min(Number.isNaN(asked) ? own : asked, longestWaitMs);
}

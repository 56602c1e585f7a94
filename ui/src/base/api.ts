import { takeEarly } from './early.js';
import { translate } from './i18n.js';
import { loadWordsOf, type ProblemWords, wordsOfAnswer } from './problem-words.js';
import { session } from './session.js';

/** One item of `errors` in a problem response: a fault in the input of a request. */
export interface FieldError {
  in?: string;
  /** JSON Pointer (RFC 6901) into the part of the request named by `in`. */
  pointer: string;
  message: string;
}

/** A problem response (RFC 9457); `status` is 0 if there was no response. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: FieldError[];
  /** Identifies the request in the server's log. */
  readonly requestId: string | undefined;
  /** The parsed response, with the members specific to the problem type. */
  readonly body: Record<string, unknown>;

  /** Of the request that was answered; undefined if a page made the problem, in its own words. */
  readonly #method: string | undefined;

  /** @param method of the request, if this is the server's answer */
  constructor(status: number, body: Record<string, unknown>, method?: string) {
    const title = typeof body.title === 'string' ? body.title : translate('ui', 'problem.unexpected');
    const detail = typeof body.detail === 'string' ? body.detail : undefined;
    const type = typeof body.type === 'string' ? body.type : 'about:blank';
    super(method === undefined ? (detail ?? title) : sentencesOf(wordsOfAnswer({ status, type, method })));
    this.name = 'ApiProblem';
    this.status = status;
    this.type = type;
    this.#method = method;
    this.title = title;
    this.detail = detail;
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldError[]) : [];
    this.requestId = typeof body.requestId === 'string' ? body.requestId : undefined;
    this.body = body;
  }

  /**
   * What to show to people, in the interface's language. The server's `title` and `detail` are English: they are left to developers.
   * `message` has the same words in one line.
   */
  get words(): ProblemWords {
    const { status, type, title, detail } = this;
    return this.#method === undefined ? { title, detail } : wordsOfAnswer({ status, type, method: this.#method });
  }

  /** The message for a field, by its JSON Pointer (`/title`). */
  errorAt(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.message;
  }
}

const sentencesOf = ({ title, detail }: ProblemWords): string =>
  [title, detail].flatMap((text) => (text === undefined ? [] : /[.!?…]$/.test(text) ? text : `${text}.`)).join(' ');

/** A value in a query; empty values (`null`, `undefined`, `''`) are left out. */
export type QueryValue = string | number | boolean | null | undefined;

/** Options of a request through {@link api}. */
export interface RequestOptions {
  /** Empty values (`null`, `undefined`, `''`) are left out; a list repeats the parameter. */
  query?: Record<string, QueryValue | readonly QueryValue[]> | URLSearchParams;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
}

function addressOf(path: string, query: RequestOptions['query']): string {
  if (!query) return path;
  const search = query instanceof URLSearchParams ? query : new URLSearchParams();
  if (!(query instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && one !== undefined && one !== '') search.append(name, String(one));
      }
    }
  }
  const text = search.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Called when the kernel answers 401 to a signed-in person, and when a live connection says that the session ended; set by the shell.
 * Resolves to true if the same person signed in again, so that the request can be repeated: a request with status 401 did nothing.
 */
export const onUnauthorised: { handler: (() => Promise<boolean>) | undefined } = { handler: undefined };

/**
 * Called when the kernel requires a recent sign-in for a sensitive act; set by the shell. Resolves to true if the same person signed in
 * again, so that the request can be repeated, and to false if they gave up.
 */
export const onSignInAgain: { handler: (() => Promise<boolean>) | undefined } = { handler: undefined };

let writing = 0;

/** Whether a request that changes something awaits its response. */
export const isWriting = (): boolean => writing > 0;

/** Whether the kernel, not a plugin, refused: a plugin's types name the plugin (`/problems/login/wrong-credentials`). */
const isKernelProblem = (answer: unknown): boolean =>
  !/\/problems\/[^/]+\/.+/.test(String((answer as { type?: unknown } | null)?.type));

async function send<T>(method: string, path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
  if (method === 'GET') return request<T>(method, path, body, options);
  writing += 1;
  try {
    return await request<T>(method, path, body, options);
  } finally {
    writing -= 1;
  }
}

async function request<T>(method: string, path: string, body: unknown, options: RequestOptions): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  let payload: BodyInit | null = null;
  if (body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams) payload = body;
  else if (body !== undefined) {
    headers['content-type'] ??= 'application/json';
    payload = JSON.stringify(body);
  }
  let response: Response;
  try {
    const address = addressOf(path, options.query);
    const early = method === 'GET' ? takeEarly(address) : undefined;
    response = await (early ??
      fetch(address, { method, headers, body: payload, credentials: 'same-origin', signal: options.signal ?? null }));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiProblem(0, {
      type: 'ui/offline',
      title: translate('ui', 'problem.offline'),
      detail: translate('ui', 'problem.offlineDetail'),
    });
  }
  const answer = await bodyOf(response);
  if (response.ok) return answer as T;
  if (response.status === 401 && isKernelProblem(answer)) {
    if (session.value && (await onUnauthorised.handler?.())) return request<T>(method, path, body, options);
    throw new ApiProblem(401, {
      ...(answer as object),
      title: translate('ui', 'problem.signInFirst'),
      detail: translate('ui', 'problem.signInFirstDetail'),
    });
  }
  if (response.status === 403 && (answer as { type?: unknown } | null)?.type === '/problems/sign-in-again') {
    if (await onSignInAgain.handler?.()) return request<T>(method, path, body, options);
  }
  const members = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
  await loadWordsOf(members['type']);
  throw new ApiProblem(response.status, members, method);
}

/** The portal's API. Returns parsed JSON (`undefined` if empty); throws {@link ApiProblem} for every status except 2xx. */
export const api = {
  get: <T>(path: string, options?: RequestOptions): Promise<T> => send<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions): Promise<T> => send<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options?: RequestOptions): Promise<T> => send<T>('PUT', path, body, options),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions): Promise<T> => send<T>('PATCH', path, body, options),
  delete: <T>(path: string, body?: unknown, options?: RequestOptions): Promise<T> => send<T>('DELETE', path, body, options),
};

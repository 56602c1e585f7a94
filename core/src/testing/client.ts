/** A response to a request of `TestClient`. */
export interface Answer {
  status: number;
  /** Parsed if the response is JSON, otherwise text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  body: any;
  /** The body as received. */
  bytes: Uint8Array;
  headers: Headers;
}

/** The body of a request of `TestClient`: one of `body`, `form`, `multipart` and `raw`. */
export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Sent as multipart/form-data, with its files. */
  multipart?: FormData;
  /** Sent unchanged. */
  raw?: Uint8Array | string;
  headers?: Record<string, string>;
}

const monitored = new Set(['/metrics', '/health/ready']);

/** An HTTP client with cookies, which sends the same headers as a browser on a page of the portal. Does not follow redirects. */
export class TestClient {
  #cookies = new Map<string, string>();
  /** Sent with every request. */
  readonly headers: Record<string, string> = {};

  /**
   * @param origin of its pages: the portal's public address
   * @param monitorToken sent to `/metrics` and `/health/ready`, unless a request sets `authorization` itself
   */
  constructor(
    private readonly url: string,
    private readonly origin = url,
    private readonly monitorToken?: string,
  ) {}

  setCookie(name: string, value: string): this {
    this.#cookies.set(name, value);
    return this;
  }

  setHeader(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  async request(
    method: string,
    path: string,
    { body, form, multipart, raw, headers = {} }: RequestOptions = {},
  ): Promise<Answer> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const content =
      form !== undefined
        ? { payload: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
        : raw !== undefined
          ? { payload: raw, type: 'application/json' }
          : body !== undefined
            ? { payload: JSON.stringify(body), type: 'application/json' }
            : null;
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' || method === 'HEAD' ? {} : { origin: this.origin }),
        ...(cookies === '' ? {} : { cookie: cookies }),
        ...(content === null ? {} : { 'content-type': content.type }),
        ...(this.monitorToken !== undefined && monitored.has(path) ? { authorization: `Bearer ${this.monitorToken}` } : {}),
        ...this.headers,
        ...headers,
      },
      ...(content === null ? {} : { body: content.payload as string | Uint8Array<ArrayBuffer> }),
      ...(multipart === undefined ? {} : { body: multipart }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, body: json ? JSON.parse(text) : text, bytes, headers: response.headers };
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('GET', path, options);
  }
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('POST', path, { body, ...options });
  }
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('PUT', path, { body, ...options });
  }
  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> {
    return this.request('PATCH', path, { body, ...options });
  }
  delete(path: string, options?: RequestOptions): Promise<Answer> {
    return this.request('DELETE', path, options);
  }
}

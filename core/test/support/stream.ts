import { until } from './redis.js';

export interface StreamedEvent {
  event: string;
  id: string;
  data: any;
}

/** A client of server-sent events that keeps what it gets; it does not come back by itself. */
export class Stream {
  readonly events: StreamedEvent[] = [];
  /** The id that a browser would send as Last-Event-ID. */
  lastId = '';
  retry: number | null = null;
  status = 0;
  problem: any = null;
  ended = false;
  readonly #abort = new AbortController();
  #text = '';

  /** Resolves once it is answered. */
  static async open(
    url: string,
    cookie: string | undefined,
    topics: readonly string[],
    options: StreamOptions = {},
  ): Promise<Stream> {
    const stream = new Stream();
    await stream.#open(url, cookie, topics, options);
    return stream;
  }

  /** The messages alone, as `<payload's kind>`, or their payloads. */
  get messages(): any[] {
    return this.events.filter(({ event }) => event === 'message').map(({ data }) => data.payload);
  }

  has(event: string): boolean {
    return this.events.some((each) => each.event === event);
  }

  ready(): Promise<void> {
    return until(`the stream is ready (${this.status} ${JSON.stringify(this.problem)})`, () => this.has('ready'));
  }

  closed(): Promise<void> {
    return until('the stream has ended', () => this.ended);
  }

  close(): void {
    this.#abort.abort();
  }

  async #open(
    url: string,
    cookie: string | undefined,
    topics: readonly string[],
    { lastId, query = {}, headers = {} }: StreamOptions,
  ) {
    this.lastId = lastId ?? '';
    const search = new URLSearchParams([...topics.map((topic) => ['topic', topic]), ...Object.entries(query)]);
    const response = await fetch(`${url}/live?${search}`, {
      headers: {
        accept: 'text/event-stream',
        ...(cookie === undefined ? {} : { cookie: `ilearn=${cookie}` }),
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
        ...headers,
      },
      signal: this.#abort.signal,
    });
    this.status = response.status;
    if (response.status !== 200) {
      this.problem = await response.json();
      this.ended = true;
      return;
    }
    void this.#read(response)
      .catch(() => {})
      .finally(() => {
        this.ended = true;
      });
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      this.#text += decoder.decode(bytes, { stream: true });
      for (let end = this.#text.indexOf('\n\n'); end !== -1; end = this.#text.indexOf('\n\n')) {
        this.#take(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 2);
      }
    }
  }

  #take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (name !== '') fields.set(name, value);
    }
    const retry = fields.get('retry');
    if (retry !== undefined) this.retry = Number(retry);
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data !== undefined)
      this.events.push({ event: fields.get('event') ?? 'message', id: this.lastId, data: JSON.parse(data) });
  }
}

export interface StreamOptions {
  lastId?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomBytes } from 'node:crypto';

/** `server`: a request; `client`: a statement or a call of another service; `consumer`: one try of a message. */
export type SpanKind = 'server' | 'client' | 'consumer';

/** Attributes hold ids, codes and numbers, never names, addresses of people, payloads or SQL values. */
export type Attributes = Record<string, string | number | boolean>;

/** Where ended spans go. */
export interface SpanSink {
  put(span: Span): void;
}

/** One piece of work, measured: a span of OpenTelemetry. */
export class Span {
  /** Milliseconds since 1970, to the microsecond. */
  startedAt = now();
  endedAt = 0;
  readonly attributes: Attributes = {};
  /** Ids of the messages that it published. */
  readonly published: string[] = [];
  /** Code or name of the error, if it failed. */
  failed: string | null = null;
  /** Nothing was done: it is not sent. */
  isEmpty = false;

  constructor(
    private readonly sink: SpanSink,
    readonly kind: SpanKind,
    public name: string,
    /** 32 hexadecimal digits. */
    readonly traceId: string,
    /** The span of which it is a part. */
    public parentId: string | null = null,
    /** 16 hexadecimal digits. */
    public id = newId(),
  ) {}

  child(kind: SpanKind, name: string): Span {
    return new Span(this.sink, kind, name, this.traceId, this.id);
  }

  /** Ends it now, or `ms` milliseconds after it began. */
  end(ms?: number): void {
    this.endedAt = ms === undefined ? now() : this.startedAt + ms;
    if (!this.isEmpty) this.sink.put(this);
  }
}

/** Begins traces: of requests and messages. Some are left out if the operator wants a sample only. */
export class Tracer {
  /** @param ratio of the traces that are recorded, 0 to 1; all processes choose the same ones */
  constructor(
    private readonly sink: SpanSink,
    private readonly ratio: number,
  ) {}

  /** Null if the trace of this request is not recorded. */
  request(requestId: string): Span | null {
    const traceId = traceIdOf(requestId);
    return this.#records(traceId) ? new Span(this.sink, 'server', 'request', traceId) : null;
  }

  /** One try of a message; {@link describeTry} says which. Null if it is not recorded. */
  message(messageId: string): Span | null {
    const traceId = traceIdOf(messageId);
    return this.#records(traceId) ? new Span(this.sink, 'consumer', 'message', traceId, null, rootSpanIdOf(traceId)) : null;
  }

  #records(traceId: string): boolean {
    return this.ratio >= 1 || Number.parseInt(traceId.slice(-12), 16) / 2 ** 48 < this.ratio;
  }
}

/** What receives the spans and metrics of a process. */
export interface Telemetry {
  /** Null if traces are off. */
  readonly tracer: Tracer | null;
  /** Sends these metrics at intervals, in the form of prom-client. */
  measure(read: () => Promise<readonly MetricFamily[]>): void;
  /** Sends what is left, for a few seconds at most. */
  stop(): Promise<void>;
}

/** A metric with its series, as `getMetricsAsJSON` of prom-client returns it. */
export interface MetricFamily {
  name: string;
  help: string;
  /** `counter`, `gauge`, `histogram` or `summary`. */
  type: unknown;
  values?: readonly { value: number; labels: Readonly<Record<string, string | number | undefined>>; metricName?: string }[];
}

/** The id of a trace (W3C Trace Context section 3.2.2.3): a UUID without dashes as it is, other ids hashed. */
export function traceIdOf(id: string): string {
  const bare = id.replaceAll('-', '').toLowerCase();
  const isTraceId = /^[0-9a-f]{32}$/.test(bare) && !/^0+$/.test(bare);
  return isTraceId ? bare : createHash('sha256').update(id).digest('hex').slice(0, 32);
}

/** The id of the span of a message's first try, known before it begins, so that the request that published the message can link to it. */
export const rootSpanIdOf = (traceId: string): string => traceId.slice(16);

const spans = new AsyncLocalStorage<Span>();

/** The span in which this code runs; null if there is none, or traces are off. */
export const currentSpan = (): Span | null => spans.getStore() ?? null;

/** Runs `fn` in a span, and ends the span. Without a span, just runs it. */
export async function inSpan<T>(span: Span | null, fn: () => Promise<T>): Promise<T> {
  if (span === null) return fn();
  try {
    return await spans.run(span, fn);
  } catch (error) {
    span.failed ??= failureOf(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Code or class of an error; messages may quote values. */
export function failureOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}

/** Attributes of OpenTelemetry's semantic conventions for messaging. Tries after the first are parts of the first. */
export function describeTry(
  span: Span,
  { id, plugin, kind, name, attempts }: { id: string; plugin: string; kind: string; name: string; attempts: number },
): void {
  span.isEmpty = false;
  span.name = `process ${plugin} ${kind} ${name}`;
  if (attempts > 0) {
    span.parentId = span.id;
    span.id = newId();
  }
  Object.assign(span.attributes, {
    'messaging.system': 'ilearn',
    'messaging.operation.type': 'process',
    'messaging.message.id': id,
    'ilearn.plugin': plugin,
    'ilearn.handler': `${kind} ${name}`,
    'ilearn.attempt': attempts + 1,
  });
}

const newId = (): string => randomBytes(8).toString('hex');
/** Milliseconds since 1970, to the microsecond; for measuring, as the clock of this process may be wrong. */
export const now = (): number => performance.timeOrigin + performance.now();

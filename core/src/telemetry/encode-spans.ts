import { type Attributes, rootSpanIdOf, type Span, type SpanKind, traceIdOf } from '../context/span.js';

/** An attribute in OTLP's JSON form (opentelemetry-proto, `common/v1/common.proto`). */
export interface KeyValue {
  key: string;
  value: { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
}

/** What sends: the resource and the scope of each request. */
export interface Source {
  resource: Attributes;
  version: string;
}

/** `SpanKind` of `trace/v1/trace.proto`. */
const kinds: Record<SpanKind, number> = { server: 2, client: 3, consumer: 5 };
const FAILED = 2;

export const encodeAttributes = (attributes: Attributes): KeyValue[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: encodeValue(value) }));

function encodeValue(value: string | number | boolean): KeyValue['value'] {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Nanoseconds since 1970, as text because they are larger than the integers of JSON. @param ms milliseconds since 1970 */
export const nanoseconds = (ms: number): string => `${BigInt(Math.round(ms * 1_000)) * 1_000n}`;

/** The body of `POST /v1/traces`: `ExportTraceServiceRequest`. Ids are hexadecimal, as OTLP's JSON wants them. */
export const encodeSpans = (spans: readonly Span[], { resource, version }: Source) => ({
  resourceSpans: [
    {
      resource: { attributes: encodeAttributes(resource) },
      scopeSpans: [{ scope: { name: '@ilearn/core', version }, spans: spans.map(encodeSpan) }],
    },
  ],
});

function encodeSpan({ traceId, id, parentId, name, kind, startedAt, endedAt, attributes, published, failed }: Span) {
  return {
    traceId,
    spanId: id,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: encodeAttributes(failed === null ? attributes : { ...attributes, 'error.type': failed }),
    links: published.map((message) => {
      const trace = traceIdOf(message);
      return { traceId: trace, spanId: rootSpanIdOf(trace) };
    }),
    status: failed === null ? {} : { code: FAILED, message: failed },
  };
}

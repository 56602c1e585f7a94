import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const require = createRequire(import.meta.url);
/** The messages of OTLP as OpenTelemetry generates them from its own protocol definition. */
const { opentelemetry } = require(join(dirname(require.resolve('@opentelemetry/otlp-transformer')), 'generated', 'root.js'));
const types: Record<string, any> = {
  '/v1/traces': opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest,
  '/v1/metrics': opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest,
};

/** Ids are hexadecimal in OTLP's JSON, bytes in its messages. */
const withBytes = (value: any): any =>
  Array.isArray(value)
    ? value.map(withBytes)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([key, each]) => [
            key,
            /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(String(each), 'hex') : withBytes(each),
          ]),
        )
      : value;

const flat = (attributes: any[] = []): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue)),
    ]),
  );

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, any>;
  links: { traceId: string; spanId: string }[];
  status: { code?: number };
}

/**
 * Takes OTLP over HTTP in JSON, as a collector does. What it takes must be exactly a message of OTLP: it is written as protobuf, read back
 * and compared, so that a misspelt member does not pass.
 */
export async function startOtlpReceiver() {
  const received = {
    spans: [] as ReceivedSpan[],
    metrics: new Map<string, any>(),
    resources: [] as Record<string, unknown>[],
    headers: [] as Record<string, unknown>[],
    bodies: [] as string[],
    faults: [] as string[],
  };
  /** Statuses to answer with, before it takes requests again. */
  const refusals: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const status = refusals.shift();
      if (status !== undefined) return response.writeHead(status, { 'retry-after': '0' }).end();
      try {
        take(request.url ?? '', gunzipSync(Buffer.concat(chunks)).toString());
        received.headers.push(request.headers);
      } catch (error) {
        received.faults.push(String(error));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const take = (path: string, body: string) => {
    const type = types[path];
    if (type === undefined) throw new Error(`no such path: ${path}`);
    received.bodies.push(body);
    const json = JSON.parse(body);
    const given = withBytes(json);
    const read = type.decode(type.encode(type.fromObject(given)).finish());
    const back = JSON.stringify(sorted(type.toObject(read, { longs: String, bytes: Buffer })));
    const sent = JSON.stringify(sorted(given));
    if (back !== sent) throw new Error(`not OTLP: sent ${sent.slice(0, 400)}, read ${back.slice(0, 400)}`);
    for (const { resource, scopeSpans } of json.resourceSpans ?? []) {
      received.resources.push(flat(resource.attributes));
      for (const { spans } of scopeSpans)
        received.spans.push(...spans.map((span: any) => ({ ...span, attributes: flat(span.attributes) })));
    }
    for (const { scopeMetrics } of json.resourceMetrics ?? [])
      for (const { metrics } of scopeMetrics) for (const metric of metrics) received.metrics.set(metric.name, metric);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...received,
    refusals,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

/** Members in a fixed order, empty ones left out: protobuf does not tell an empty list from none. */
function sorted(value: any): any {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0) && each !== 0 && each !== '0')
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

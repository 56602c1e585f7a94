import { z } from 'zod';

/** Where spans and metrics are sent, by OTLP over HTTP. */
export interface TelemetrySettings {
  /** Without `/v1/traces`. */
  endpoint: string;
  headers: Record<string, string>;
  serviceName: string;
  /** Attributes of the process in addition to its service, version and instance. */
  resource: Record<string, string>;
  traces: boolean;
  metrics: boolean;
  /** Of the traces that are recorded: 0 to 1. */
  ratio: number;
  /** Between two sendings of metrics. */
  intervalMs: number;
}

const optional = (value: unknown) => (value === '' ? undefined : value);
const exporter = z.preprocess(optional, z.enum(['otlp', 'none']).default('otlp'));

/** `key=value,key=value` with percent-encoded values, as the OpenTelemetry specification has it; null if it is not that. */
function readPairs(text: string): Record<string, string> | null {
  const pairs: Record<string, string> = {};
  for (const each of text.split(',').filter((part) => part.trim() !== '')) {
    const at = each.indexOf('=');
    if (at < 1) return null;
    try {
      pairs[each.slice(0, at).trim()] = decodeURIComponent(each.slice(at + 1).trim());
    } catch {
      return null;
    }
  }
  return pairs;
}

const pairs = z.preprocess(
  optional,
  z
    .string()
    .default('')
    .transform((text, context) => {
      const read = readPairs(text);
      if (read !== null) return read;
      context.addIssue({ code: 'custom', message: 'is not a list such as name=value,name=value' });
      return z.NEVER;
    }),
);

/** The variables of OpenTelemetry that the portal knows. */
export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.preprocess(
    optional,
    z
      .url({ protocol: /^https?$/, error: 'is not an http(s) address such as http://collector.lan:4318' })
      .refine(
        (url) => new URL(url).username === '' && new URL(url).password === '',
        'must not have a user or password: use headers',
      )
      .optional(),
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.preprocess(
    optional,
    z.literal('http/json', 'must be http/json, which the portal speaks').optional(),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.refine(
    (headers) =>
      Object.entries(headers).every(([name, value]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value)),
    'has a name or value that cannot be a header',
  ),
  OTEL_SERVICE_NAME: z.preprocess(optional, z.string().default('ilearn')),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_TRACES_EXPORTER: exporter,
  OTEL_METRICS_EXPORTER: exporter,
  OTEL_TRACES_SAMPLER_ARG: z.preprocess(optional, z.coerce.number().min(0).max(1).default(1)),
  OTEL_METRIC_EXPORT_INTERVAL: z.preprocess(optional, z.coerce.number().int().min(1_000).max(3_600_000).default(60_000)),
};

const shape = z.object(telemetryVariables);

/** Undefined without an endpoint: telemetry is off. */
export const telemetryOf = (read: z.output<typeof shape>): TelemetrySettings | undefined =>
  read.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : {
        endpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
        headers: read.OTEL_EXPORTER_OTLP_HEADERS,
        serviceName: read.OTEL_SERVICE_NAME,
        resource: read.OTEL_RESOURCE_ATTRIBUTES,
        traces: read.OTEL_TRACES_EXPORTER === 'otlp',
        metrics: read.OTEL_METRICS_EXPORTER === 'otlp',
        ratio: read.OTEL_TRACES_SAMPLER_ARG,
        intervalMs: read.OTEL_METRIC_EXPORT_INTERVAL,
      };

import { type MetricFamily, now } from '../context/span.js';
import { encodeAttributes, nanoseconds, type Source } from './encode-spans.js';

type Series = NonNullable<MetricFamily['values']>[number];

/** `AGGREGATION_TEMPORALITY_CUMULATIVE` of `metrics/v1/metrics.proto`. */
const CUMULATIVE = 2;
/** Labels that prom-client adds to the series of histograms and summaries. */
const ofSeries = ['le', 'quantile'];

interface Times {
  startTimeUnixNano: string;
  timeUnixNano: string;
}

/**
 * The body of `POST /v1/metrics`: `ExportMetricsServiceRequest`. Names and labels are those of `/metrics`.
 *
 * @param startedAt when the process began to count, in milliseconds since 1970
 */
export function encodeMetrics(families: readonly MetricFamily[], { resource, version }: Source, startedAt: number, at = now()) {
  const times = { startTimeUnixNano: nanoseconds(startedAt), timeUnixNano: nanoseconds(at) };
  const metrics = families.flatMap((family) => encodeFamily(family, times) ?? []);
  return {
    resourceMetrics: [
      {
        resource: { attributes: encodeAttributes(resource) },
        scopeMetrics: [{ scope: { name: '@ilearn/core', version }, metrics }],
      },
    ],
  };
}

/** Null if it has no series. */
function encodeFamily({ name, help, type, values = [] }: MetricFamily, times: Times) {
  if (values.length === 0) return null;
  const about = { name, description: help };
  const points = () => values.map(({ labels, value }) => ({ ...encodePoint(labels, times), asDouble: value }));
  if (type === 'counter') {
    return { ...about, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: points() } };
  }
  if (type === 'gauge') return { ...about, gauge: { dataPoints: points() } };
  const grouped = [...groupByLabels(values).values()];
  if (type === 'histogram') {
    const dataPoints = grouped.map((series) => encodeHistogram(name, series, times));
    return { ...about, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } };
  }
  return { ...about, summary: { dataPoints: grouped.map((series) => encodeSummary(name, series, times)) } };
}

const encodePoint = (labels: Series['labels'], times: Times) => ({ ...times, attributes: encodeAttributes(known(labels)) });

const known = (labels: Series['labels']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) =>
      value === undefined || ofSeries.includes(key) ? [] : [[key, String(value)]],
    ),
  );

function groupByLabels(values: readonly Series[]): Map<string, Series[]> {
  const groups = new Map<string, Series[]>();
  for (const each of values) {
    const key = JSON.stringify(known(each.labels));
    const group = groups.get(key) ?? [];
    group.push(each);
    groups.set(key, group);
  }
  return groups;
}

const sumOf = (series: readonly Series[], metricName: string): number =>
  series.find((each) => each.metricName === metricName)?.value ?? 0;

/** Prometheus counts cumulatively up to each bound; OTLP counts each bucket alone, the last one above all bounds. */
function encodeHistogram(name: string, series: readonly Series[], times: Times) {
  const buckets = series.filter(({ labels }) => labels['le'] !== undefined);
  const bounded = buckets
    .filter(({ labels }) => labels['le'] !== '+Inf')
    .sort((one, other) => Number(one.labels['le']) - Number(other.labels['le']));
  const count = sumOf(series, `${name}_count`);
  const upTo = [...bounded.map(({ value }) => value), count];
  return {
    ...encodePoint(series[0]?.labels ?? {}, times),
    count: String(count),
    sum: sumOf(series, `${name}_sum`),
    bucketCounts: upTo.map((value, index) => String(value - (upTo[index - 1] ?? 0))),
    explicitBounds: bounded.map(({ labels }) => Number(labels['le'])),
  };
}

function encodeSummary(name: string, series: readonly Series[], times: Times) {
  const quantiles = series.filter(({ labels }) => labels['quantile'] !== undefined);
  return {
    ...encodePoint(series[0]?.labels ?? {}, times),
    count: String(sumOf(series, `${name}_count`)),
    sum: sumOf(series, `${name}_sum`),
    quantileValues: quantiles.map(({ labels, value }) => ({ quantile: Number(labels['quantile']), value })),
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { jobFor, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readSettings } from '../dist/config/settings.js';
import { Tracer } from '../dist/context/span.js';
// @ts-expect-error: a plain script without types
import { freePort } from '../scripts/system.mjs';
import { none, plugin, sql } from './support/fixtures.js';
import { type ReceivedSpan, startOtlpReceiver } from './support/otlp-receiver.js';

const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;
const child = 'Lotte Peeters';
const metricsToken = 'token of the monitors';
const seen: { traceparent?: string | undefined } = {};
let failures = 1;
let service: ReturnType<typeof createServer>;
let address: string;

const traced = () =>
  plugin('traced', {
    tables: { leaves: none },
    migrations: [sql('0001_leaves', 'create table leaves (id serial primary key, label text not null)')],
    events: { fallen: z.object({ label: z.string() }) },
    on: {
      'traced.fallen': async ({ services: { knex } }: any) => {
        await knex('leaves').where('label', child).count();
        if (failures-- > 0) throw new TypeError(`${child} is not there`);
      },
    },
    http: { purpose: 'a test', sends: 'no data about people', operator: 'a test' },
    jobs: {
      rake: jobFor<any>()({
        payload: z.object({}),
        outside: {
          call: async ({ http, message }: any) => (await http.fetch(`${address}/leaves`, { trace: message.id })).status,
        },
        handler: async () => {},
      }),
    },
    routes: [
      routeFor<any>()({
        method: 'POST',
        path: '/leaves/:label',
        summary: 'Lets a leaf fall',
        permission: 'public',
        params: z.object({ label: z.string() }),
        responses: { 200: z.object({}) },
        handler: async ({ params, services: { knex, events, jobs } }) => {
          await knex('leaves').insert(params);
          await knex.raw(`select count(*) from leaves where label = '${child}'`);
          await events.publish('fallen', params);
          await jobs.enqueue('rake', {});
          return {};
        },
      }),
      routeFor<any>()({
        method: 'GET',
        path: '/broken',
        summary: 'Breaks',
        permission: 'public',
        responses: { 200: z.object({}) },
        handler: async ({ services: { knex } }) => {
          await knex('nowhere').first();
          return {};
        },
      }),
    ],
  });

let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let portal: TestPlatform;
const telemetry = (more = {}) => ({
  endpoint: receiver.endpoint,
  headers: { 'x-api-key': 'secret of the collector' },
  serviceName: 'portal of the north',
  resource: { 'deployment.environment.name': 'test' },
  traces: true,
  metrics: true,
  ratio: 1,
  intervalMs: 1_000,
  ...more,
});
const open = (settings: object) =>
  createTestPlatform({
    plugins: [traced()],
    settings: { logLevel: 'info', ...settings } as any,
    http: { traced: { hosts: [address] } },
  });
beforeAll(async () => {
  service = createServer((request, response) => {
    seen.traceparent = request.headers.traceparent as string | undefined;
    response.end();
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  address = `http://localhost:${(service.address() as AddressInfo).port}`;
  receiver = await startOtlpReceiver();
  portal = await open({ telemetry: telemetry(), metricsToken });
});
afterAll(async () => {
  await portal?.stop();
  await receiver?.stop();
  service?.close();
});

const spans = async (matches: (span: ReceivedSpan) => boolean, count = 1): Promise<ReceivedSpan[]> => {
  await vi.waitFor(() => expect(receiver.spans.filter(matches).length).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
  return receiver.spans.filter(matches);
};

test('a request is traced to its statements, messages, their tries and calls, under the id that the answer carries', async () => {
  const answer = await portal.client().post(`/api/traced/leaves/${encodeURIComponent(child)}`);
  expect(answer.status).toBe(200);
  await portal.drain();
  const requestId = answer.headers.get('x-request-id') as string;
  const trace = requestId.replaceAll('-', '');
  const [request] = (await spans(({ traceId, kind }) => traceId === trace && kind === SERVER)) as [ReceivedSpan];
  expect(request).toMatchObject({
    name: 'POST /api/traced/leaves/:label',
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/traced/leaves/:label',
      'http.response.status_code': 200,
      'ilearn.plugin': 'traced',
      'ilearn.request_id': requestId,
    },
    status: {},
  });
  const statements = receiver.spans.filter(({ traceId, kind }) => traceId === trace && kind === CLIENT);
  expect(statements.every(({ parentSpanId }) => parentSpanId === request.spanId)).toBe(true);
  expect(statements.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['INSERT traced', 'SELECT traced', 'INSERT kernel', 'COMMIT kernel']),
  );
  expect(statements.find(({ name }) => name === 'SELECT traced')?.attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.query.text': 'select count(*) from leaves where label = ?',
    'db.response.returned_rows': 1,
  });
  for (const { startTimeUnixNano, endTimeUnixNano } of statements)
    expect(BigInt(startTimeUnixNano)).toBeLessThanOrEqual(BigInt(endTimeUnixNano));

  // Two messages: the event, whose first try fails, and the job, which calls another service.
  expect(request.links).toHaveLength(2);
  const tries = await spans(
    ({ traceId, kind }) => kind === CONSUMER && request.links.some((link) => link.traceId === traceId),
    3,
  );
  const fallen = tries.filter(({ name }) => name === 'process traced event traced.fallen');
  expect(fallen.map(({ attributes, status }) => [attributes['ilearn.attempt'], attributes['error.type'], status.code])).toEqual([
    [1, 'TypeError', 2],
    [2, undefined, undefined],
  ]);
  expect(fallen[1]?.parentSpanId).toBe(fallen[0]?.spanId);
  for (const link of request.links) expect(tries).toContainEqual(expect.objectContaining(link));
  const [rake] = tries.filter(({ name }) => name === 'process traced job rake') as [ReceivedSpan];
  const [call] = await spans(({ parentSpanId, name }) => parentSpanId === rake.spanId && name === 'GET');
  expect(call?.attributes).toMatchObject({ 'server.address': address.slice(7), 'http.response.status_code': 200 });
  expect(seen.traceparent?.split('-')[1]).toBe(rake.traceId);
  const logged = portal.log
    .map((line) => JSON.parse(line))
    .find(({ msg, route }) => msg === 'request' && route?.includes('leaves'));
  expect(logged.requestId).toBe(requestId);
});

test('what fails says with which code, and an unknown address names no path', async () => {
  expect((await portal.client().get('/api/traced/broken')).status).toBe(500);
  await portal.client().get('/api/traced/of/Lotte%20Peeters');
  const [broken] = await spans(({ name }) => name === 'GET /api/traced/broken');
  expect(broken).toMatchObject({ status: { code: 2 }, attributes: { 'http.response.status_code': 500 } });
  const [statement] = await spans(({ parentSpanId }) => parentSpanId === broken?.spanId);
  expect(statement?.attributes).toMatchObject({ 'db.response.status_code': '42P01', 'error.type': '42P01' });
  expect((await spans(({ attributes }) => attributes['http.response.status_code'] === 404))[0]?.name).toMatch(/^GET/);
});

test('metrics are those of /metrics, with buckets that add up', async () => {
  await vi.waitFor(() => expect(receiver.metrics.has('ilearn_handler_seconds')).toBe(true), { timeout: 20_000 });
  const names = [...receiver.metrics.keys()];
  expect(names).toEqual(
    expect.arrayContaining([
      'ilearn_http_request_seconds',
      'ilearn_plugin_state',
      'ilearn_database_connections',
      'nodejs_heap_size_used_bytes',
    ]),
  );
  const { histogram } = receiver.metrics.get('ilearn_http_request_seconds');
  for (const { count, bucketCounts, explicitBounds } of histogram.dataPoints) {
    expect(bucketCounts.map(Number).reduce((sum: number, each: number) => sum + each, 0)).toBe(Number(count));
    expect(bucketCounts).toHaveLength(explicitBounds.length + 1);
  }
  const handlers = receiver.metrics.get('ilearn_handler_seconds').histogram.dataPoints;
  expect(handlers.map(({ attributes }: any) => attributes.map(({ value }: any) => value.stringValue).join(' ')).sort()).toEqual([
    'traced event traced.fallen done',
    'traced event traced.fallen failed',
    'traced job rake done',
  ]);
});

test('dashboard and alert rules name metrics and labels that exist', async () => {
  const answer = await fetch(`${portal.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  const served = await answer.text();
  const families = [...served.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const folder = join(import.meta.dirname, '..', 'deploy', 'monitoring');
  const texts = ['alerts.yml', 'grafana-dashboard.json'].map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const text of texts) {
    const named = new Set(text.match(/\b(?:ilearn|nodejs|process)_[a-z0-9_]+\b/g));
    expect(named.size).toBeGreaterThan(8);
    expect([...named].filter((name) => !families.includes(name))).toEqual([]);
  }
  const states = [...served.matchAll(/ilearn_database_connections\{state="(\w+)"\}/g)].map(([, state]) => state);
  expect(states.sort()).toEqual(['idle', 'total', 'waiting']);
});

test('nothing that is sent names people, values, sessions or paths; requests of monitors and files are not traced', async () => {
  await portal.client().get('/health/ready');
  await portal.client().get('/metrics');
  await portal.client().get('/assets/none.js');
  await portal.client().post(`/api/traced/leaves/last`);
  await portal.drain();
  await spans(({ name }) => name === 'POST /api/traced/leaves/:label', 2);
  expect(receiver.faults).toEqual([]);
  const sent = receiver.bodies.join('\n');
  for (const secret of [child, 'Lotte', encodeURIComponent(child), '127.0.0.1"', 'cookie', 'secret of the collector'])
    expect(sent, secret).not.toContain(secret);
  expect(receiver.spans.filter(({ attributes }) => /health|metrics|assets/.test(String(attributes['http.route'])))).toEqual([]);
  expect(receiver.resources[0]).toMatchObject({ 'service.name': 'portal of the north', 'deployment.environment.name': 'test' });
  expect(receiver.headers.every((headers) => headers['x-api-key'] === 'secret of the collector')).toBe(true);
});

test('a collector that refuses or is away costs spans, one line of the log, and nothing else', async () => {
  const before = receiver.spans.length;
  receiver.refusals.push(503, 429);
  await portal.client().post('/api/traced/leaves/late');
  await vi.waitFor(() => expect(receiver.spans.length).toBeGreaterThan(before), { timeout: 20_000 });
  const away = await open({ telemetry: telemetry({ endpoint: `http://127.0.0.1:${await freePort()}`, intervalMs: 500 }) });
  const started = performance.now();
  for (let count = 0; count < 5; count += 1) expect((await away.client().post('/api/traced/leaves/gone')).status).toBe(200);
  const complaint = () => away.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('collector'));
  await vi.waitFor(() => expect(complaint()).toHaveLength(1), { timeout: 20_000 });
  expect(complaint()[0]).toMatchObject({ level: 40, cause: 'ECONNREFUSED' });
  await away.drain();
  await away.stop();
  expect(complaint()).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(30_000);
});

describe('settings', () => {
  const read = (environment: Record<string, string>) => readSettings({ ...environment }, '/');

  test('telemetry is off without an endpoint, and its code is only loaded on demand', () => {
    expect(read({ OTEL_SERVICE_NAME: 'portal' }).settings?.telemetry).toBeUndefined();
    const source = join(import.meta.dirname, '..', 'src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('telemetry'),
    );
    const importing = files.filter((name) => /^import (?!type).*\/telemetry\//m.test(readFileSync(join(source, name), 'utf8')));
    expect(importing).toEqual([]);
  });

  test('the variables of OpenTelemetry say where to and how much', () => {
    const { settings } = read({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.be/otlp/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc%3D, x-tenant=1',
      OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=schools',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
      OTEL_METRICS_EXPORTER: 'none',
    });
    expect(settings?.telemetry).toEqual({
      endpoint: 'https://collector.example.be/otlp',
      headers: { authorization: 'Basic abc=', 'x-tenant': '1' },
      serviceName: 'ilearn',
      resource: { 'service.namespace': 'schools' },
      traces: true,
      metrics: false,
      ratio: 0.1,
      intervalMs: 60_000,
    });
  });

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:secret@collector.lan'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%0d%0ab'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_TRACES_EXPORTER', 'console'],
  ])('%s=%s is refused by name', (name, value) => {
    const { settings, faults } = read({ [name]: value });
    expect([settings, faults.map(({ where }) => where)]).toEqual([null, [name]]);
    expect(JSON.stringify(faults)).not.toContain(value);
  });

  test('a sample holds the same traces in every process', () => {
    const put = () => {};
    const [one, other, all] = [0.3, 0.3, 1].map((ratio) => new Tracer({ put }, ratio)) as [Tracer, Tracer, Tracer];
    const ids = Array.from({ length: 2_000 }, () => crypto.randomUUID());
    const kept = ids.filter((id) => one.request(id) !== null);
    expect(kept).toEqual(ids.filter((id) => other.request(id) !== null));
    expect(kept.length).toBeGreaterThan(450);
    expect(kept.length).toBeLessThan(750);
    expect(ids.every((id) => all.message(id) !== null)).toBe(true);
  });
});

import type { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Http,
  type HttpDeclaration,
  type HttpFailed,
  type HttpOptions,
  HttpRefused,
  outgoingRefusal,
  routeFor,
} from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { createJiti } from 'jiti';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isPublicAddress } from '../dist/outgoing/addresses.js';
import { HostBreaker } from '../dist/outgoing/host-breaker.js';
import { policyOf, setOutgoingPolicy } from '../dist/outgoing/policy.js';
import { checkOperatorHosts } from '../dist/plugins/check-http.js';
import { checkManifest } from '../dist/plugins/check-manifest.js';
import { cert } from './support/certificate.js';
import { PortalFolder } from './support/command.js';
import { lotte, plugin } from './support/fixtures.js';
import { type Counted, hostileAnswers, serve, serveRaw } from './support/outgoing-servers.js';
import { until } from './support/redis.js';

const about = { purpose: 'a test', sends: 'no data about people' };

/** Answers of DNS by name: one list for each look-up, the last for all further ones. */
const dns = new Map<string, string[][]>();
const looked: string[] = [];
const resolve = ((host: string, _: object, done: (error: Error | null, found?: object[]) => void) => {
  looked.push(host);
  if (host.startsWith('hangs.')) return;
  const lists = dns.get(host) ?? [];
  const found = (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  setImmediate(() =>
    found.length === 0
      ? done(error)
      : done(
          null,
          found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
  );
}) as unknown as typeof lookup;

let tool: Counted;
/** The same port on another address. */
let inner: Counted;
let secure: Counted;
let portal: TestPlatform;
const raw = new Map<string, Counted>();
const http = (id = 'calling'): Http => portal.platform.runner.httpOf(id) as Http;
const at = (path = '/', server = tool) => `http://127.0.0.1:${server.port}${path}`;
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: HttpFailed | HttpRefused) => error.reason ?? String(error),
  );
const faultsOf = (http: object): string[] => {
  const definition = plugin('wrong', { http: http as HttpDeclaration });
  const { faults } = checkManifest({ definition, origin: 'wrong', rawConfig: {} });
  return faults.map(({ where, message }) => `${where}: ${message}`);
};
const linesOf = (place: string) => portal.log.map((line) => JSON.parse(line)).filter(({ host }) => host === place);

beforeAll(async () => {
  tool = await serve((request, response, count) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const to = searchParams.get('to') ?? '';
    if (pathname === '/away') response.writeHead(Number(searchParams.get('status') ?? 302), { location: to }).end();
    else if (pathname === '/loop') response.writeHead(302, { location: '/loop' }).end();
    else if (pathname === '/busy') response.writeHead(count < 3 ? 503 : 200, { 'retry-after': '0' }).end('{"n":1}');
    else if (pathname === '/later') response.writeHead(429, { 'retry-after': '3600' }).end();
    // By a clock that is a day behind.
    else if (pathname === '/dated') {
      const [date, after] = ['Thu, 26 Nov 2026 10:00:00 GMT', `Thu, 26 Nov 2026 ${to}:00:00 GMT`];
      response.writeHead(count < 2 ? 503 : 200, { date, 'retry-after': after }).end('{"n":1}');
    } else if (pathname === '/broken') response.writeHead(500).end();
    else if (pathname === '/absent') response.writeHead(404).end();
    else if (pathname === '/cut' && count === 1) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end('{"n":1}');
  });
  inner = await serve((_, response) => response.end('inner'), { address: '127.0.0.2', port: tool.port });
  secure = await serve(
    (request, response) => {
      if (request.url === '/down') response.writeHead(302, { location: `http://127.0.0.1:${tool.port}/` }).end();
      else response.end('secure');
    },
    { secure: true },
  );
  for (const [name, talk] of hostileAnswers) raw.set(name, await serveRaw(talk));
  const ofOperator = [tool, ...raw.values()].map(({ port }) => `http://127.0.0.1:${port}`);
  const call = async ({ http }: { http: Http }) => (await http.fetch(at('/'))).status;
  const calling = plugin('calling', {
    http: {
      ...about,
      hosts: ['api.school.test', `api.school.test:${secure.port}`, `*.wild.test:${secure.port}`, `other.test:${secure.port}`],
      operator: 'a test',
    },
    routes: [
      routeFor<any>()({
        method: 'POST',
        path: '/outside',
        summary: 'Calls',
        permission: 'public',
        body: z.object({ url: z.string() }),
        responses: { 200: z.object({ status: z.int() }) },
        outside: { call: async ({ http, body }) => (await http.fetch(body.url, { timeoutMs: 200, retries: 0 })).status },
        handler: ({ result }) => ({ status: result }),
      }),
    ],
    start: async (input) => void input.announce(`status ${await call(input as never)}`),
  });
  const named = plugin('named', { http: { ...about, named: 'a test', operator: 'a test' } });
  portal = await createTestPlatform({
    plugins: [calling, named, plugin('silent')],
    settings: { publicUrl: 'https://leren.example', outgoingPrivate: ['127.0.0.1'] },
    http: {
      calling: { hosts: [...ofOperator, `inner.test:${tool.port}`] },
      named: { hosts: [`http://inside.test:${tool.port}`] },
    },
    outgoing: { resolve, ca: cert },
  });
});
afterAll(async () => {
  await portal?.stop();
  for (const each of [tool, inner, secure, ...raw.values()]) each?.stop();
});

/** Addresses of this machine, a private network or a provider, however they are spelt. */
const inside = [
  ...['127.0.0.2', '10.0.0.1', '172.16.3.4', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '0'],
  ...['2130706434', '0x7f000002', '0x7f.2', '0177.0.0.2', '017700000002', '127.2', '224.0.0.1', '255.255.255.255'],
  ...['[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[ff02::1]', '[::ffff:127.0.0.2]', '[::ffff:7f00:2]'],
  ...['[::ffff:a00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::a00:1]', '[2002:7f00:1::]', '[2001:db8::1]'],
  ...[
    '[fd00:ec2::254]',
    '１２７.０.０.２',
    '127。0。0。2',
    'localhost',
    'localhost.',
    'LOCALHOST',
    'tools.localhost',
    '127.0.0.2.',
  ],
];

describe('attack 14: a call to another service', () => {
  test('does not reach a private network, whatever the spelling of the address', async () => {
    for (const host of inside) {
      expect(await reasonOf(http('named').fetch(`https://${host}/`)), host).toBe('private-address');
      expect(http('named').refusal(`https://${host}/`), host).not.toBeNull();
    }
    expect(inner.asked).toEqual([]);
  });

  test('reaches only hosts that the manifest or the operator names', async () => {
    dns.set('api.school.test', [['127.0.0.1']]);
    dns.set('a.wild.test', [['127.0.0.1']]);
    const { port } = secure;
    for (const address of [
      `https://api.school.test:${port}/`,
      `https://API.school.test:${port}/`,
      `https://a.wild.test:${port}/`,
    ])
      expect(await (await http().fetch(address)).text(), address).toBe('secure');
    const before = looked.length;
    const refused: [string, string][] = [
      ['https://school.test/', 'host-not-declared'],
      ['https://api.school.test./', 'host-not-declared'],
      ['https://api.school.test:8443/', 'host-not-declared'],
      ['https://xapi.school.test/', 'host-not-declared'],
      ['https://a.api.school.test/', 'host-not-declared'],
      [`https://wild.test:${port}/`, 'host-not-declared'],
      [`https://a.b.wild.test:${port}/`, 'host-not-declared'],
      [`https://.wild.test:${port}/`, 'host-not-declared'],
      [`https://127.0.0.1:${tool.port}/`, 'host-not-declared'],
      ['https://8.8.8.8/', 'host-not-declared'],
      ['https://evil.example/?api.school.test', 'host-not-declared'],
      ['https://evil.example\\@api.school.test/', 'host-not-declared'],
      ['https://api.school.test@evil.example/', 'invalid-address'],
      ['https://user:word@api.school.test/', 'invalid-address'],
      ['http://api.school.test/', 'not-https'],
      [`http://api.school.test:${port}/`, 'not-https'],
      ...['file:///etc/passwd', 'ftp://api.school.test/', 'data:,x', 'ws://api.school.test/', 'x', ''].map(
        (address): [string, string] => [address, 'invalid-address'],
      ),
    ];
    for (const [address, reason] of refused) expect(await reasonOf(http().fetch(address)), address).toBe(reason);
    expect(looked.length).toBe(before);
  });

  test('issue 10, rebinding DNS: connects to the address that was checked, whatever DNS answers afterwards', async () => {
    const url = `https://api.school.test:${secure.port}/`;
    const { port } = tool;
    const over = (host: string) => `http://${host}:${port}/`;
    // A public host that begins to lead inside after the check.
    dns.set('inside.test', [['127.0.0.1'], ['127.0.0.2']]);
    looked.length = 0;
    expect((await http('named').fetch(over('inside.test'))).status).toBe(200);
    expect(looked).toEqual(['inside.test']);
    // The other order: the first answer counts, and a second look-up that would help does not happen.
    const turning: [string[][], string][] = [
      [[['10.0.0.1'], ['127.0.0.1']], 'private-address'],
      [[['::ffff:10.0.0.1'], ['127.0.0.1']], 'private-address'],
      [[['64:ff9b::a00:1'], ['127.0.0.1']], 'private-address'],
      [[['169.254.169.254'], ['127.0.0.1']], 'private-address'],
      [[['0.0.0.0'], ['127.0.0.1']], 'private-address'],
      [[['::1', '127.0.0.2'], ['127.0.0.1']], 'private-address'],
      // Of several addresses only those that may be called are.
      [[['10.0.0.1', '127.0.0.1']], 'answered'],
    ];
    for (const [index, [answers, reason]] of turning.entries()) {
      const host = `turn-${index}.wild.test`;
      dns.set(host, answers);
      looked.length = 0;
      const outcome = await reasonOf(http().fetch(`https://${host}:${secure.port}/`, { retries: 3 }));
      expect([host, outcome, looked]).toEqual([host, reason, [host]]);
    }
    // A host that the operator named may be private, but no metadata of a cloud.
    dns.set('inner.test', [['169.254.169.254']]);
    expect(await reasonOf(http().fetch(`https://inner.test:${port}/`))).toBe('private-address');
    expect(inner.asked).toEqual([]);
    expect(await (await http().fetch(url)).text()).toBe('secure');
  });

  test('accepts only a certificate for the host', async () => {
    dns.set('other.test', [['127.0.0.1']]);
    expect(await reasonOf(http().fetch(`https://other.test:${secure.port}/`))).toBe('insecure');
  });

  test('follows redirects only if asked, and only within its hosts, its number and https', async () => {
    const to = (target: string, status = 302) => at(`/away?status=${status}&to=${encodeURIComponent(target)}`);
    expect((await http().fetch(to('/'))).status).toBe(302);
    expect((await http().fetch(to('/', 308), { redirects: 1 })).status).toBe(200);
    expect(await (await http().fetch(to(`https://api.school.test:${secure.port}/`), { redirects: 2 })).text()).toBe('secure');
    const refused: [string, string][] = [
      ['/loop', 'redirect'],
      [`http://127.0.0.2:${tool.port}/`, 'host-not-declared'],
      ['http://169.254.169.254/latest/meta-data', 'host-not-declared'],
      ['https://evil.example/', 'host-not-declared'],
      ['//evil.example/', 'host-not-declared'],
      ['http://api.school.test/', 'not-https'],
      ['file:///etc/passwd', 'invalid-address'],
    ];
    for (const [target, reason] of refused)
      expect(await reasonOf(http().fetch(to(target), { redirects: 3 })), target).toBe(reason);
    expect(await reasonOf(http().fetch(`https://api.school.test:${secure.port}/down`, { redirects: 3 }))).toBe('not-https');
    // What a body was sent to stays the one that gets it.
    expect((await http().fetch(to('/', 307), { method: 'POST', body: 'x', redirects: 3 })).status).toBe(307);
    expect(inner.asked).toEqual([]);
  });

  test('an IPv4 address is recognised in any spelling', () => {
    setOutgoingPolicy(policyOf('https://leren.example', []));
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))), fc.nat(5), (parts, way) => {
        const dotted = parts.join('.');
        const [a = 0, b = 0, c = 0, d = 0] = parts;
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const hex = (value: number) => value.toString(16);
        const spelt = [
          dotted,
          String(number),
          `0x${hex(number)}`,
          parts.map((part) => `0${part.toString(8)}`).join('.'),
          `[::ffff:${dotted}]`,
          `[::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
        ][way];
        expect(outgoingRefusal(`https://${spelt}/`) === null, spelt).toBe(isPublicAddress(dotted));
      }),
      { numRuns: 500 },
    );
    for (const address of ['8.8.8.8', '193.190.198.1', '2a02:a03f::1', '2606:4700::1111'])
      expect(isPublicAddress(address)).toBe(true);
  });

  test('may reach what OUTGOING_PRIVATE allows, and over http only while the portal is on this machine', () => {
    setOutgoingPolicy(policyOf('https://leren.example', ['10.1.0.0/16', 'tools.school.lan', 'fd12::/16', '192.168.7.7']));
    for (const address of ['https://10.1.2.3/', 'https://[fd12::9]/', 'https://192.168.7.7/', 'https://tools.school.lan/'])
      expect(outgoingRefusal(address), address).toBeNull();
    for (const address of ['https://10.2.0.1/', 'https://[fd13::9]/', 'https://192.168.7.8/', 'http://10.1.2.3/'])
      expect(outgoingRefusal(address), address).not.toBeNull();
    setOutgoingPolicy(policyOf('http://localhost:3000', []));
    for (const host of ['127.0.0.1', 'localhost', '127.1', '[::ffff:127.0.0.1]'])
      expect(outgoingRefusal(`http://${host}/`), host).toBeNull();
    expect(outgoingRefusal('http://10.0.0.1/')).not.toBeNull();
  });
});

describe('an answer', () => {
  test.each(hostileAnswers)('of %s ends the call', async (name, _, reason) => {
    const server = raw.get(name) as Counted;
    const call = http().fetch(at('/x?key=secret', server), {
      timeoutMs: reason === 'timeout' ? 300 : 20_000,
      maxBytes: 65_536,
      retries: 0,
    });
    expect(await reasonOf(call)).toBe(reason);
    await until('the connection ends', async () => server.open.size === 0);
  });

  test('is decompressed, and read up to the allowed size', async () => {
    expect(await reasonOf(http().fetch(at(), { maxBytes: 6 }))).toBe('too-large');
    expect(await (await http().fetch(at(), { maxBytes: 7 })).text()).toBe('{"n":1}');
    expect(await http().json(at(), z.object({ n: z.int() }))).toEqual({ n: 1 });
    expect(await reasonOf(http().json(at(), z.object({ n: z.string() })))).toBe('bad-answer');
    expect(await reasonOf(http().json(at('/absent'), z.object({})))).toBe('status');
    expect((await http().fetch(at('/absent'))).status).toBe(404);
  });
});

test('a request stays within its options, and errors and log contain no secrets', async () => {
  const wrong: [string, object][] = [
    ['CONNECT', { method: 'CONNECT' }],
    ['TRACE', { method: 'TRACE' }],
    ['a body of GET', { body: 'secret' }],
    ['a line break in a value', { headers: { 'x-a': 'secret\r\nx-b: 1' } }],
    ['a line break in a name', { headers: { 'x-a: 1\r\nx-b': 'secret' } }],
    ['a NUL', { headers: { 'x-a': 'secret\0' } }],
    ...[
      'host',
      'Host',
      'content-length',
      'transfer-encoding',
      'connection',
      'upgrade',
      'proxy-authorization',
      'x-forwarded-for',
      'te',
    ].map((name): [string, object] => [name, { headers: { [name]: 'secret' } }]),
    ['headers of 20 KiB', { headers: { 'x-a': 'secret'.repeat(4_000) } }],
    ['POST tried again', { method: 'POST', retries: 1 }],
    ['a line break in the key', { method: 'POST', idempotencyKey: 'secret\r\n' }],
    ['retries', { retries: 1_000 }],
    ['time', { timeoutMs: Number.POSITIVE_INFINITY }],
    ['size', { maxBytes: 1024 ** 4 }],
    ['redirects', { redirects: 50 }],
  ];
  for (const [what, options] of wrong) {
    const error = await http()
      .fetch(at('/x?key=secret'), options as HttpOptions)
      .catch((thrown: unknown) => thrown);
    expect(error, what).toBeInstanceOf(HttpRefused);
    expect((error as HttpRefused).reason, what).toBe('invalid-option');
    expect(`${(error as Error).stack} ${JSON.stringify(error)}`, what).not.toContain('secret');
  }
  const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret', accept: 'text/plain' };
  const trace = '0190f3d4-7c00-7000-8000-000000000001';
  const target = `https://api.school.test:${secure.port}/`;
  await http().fetch(at(`/away?to=${encodeURIComponent(target)}`), { headers, redirects: 1, trace });
  expect(tool.headers.at(-1)).toMatchObject({
    ...headers,
    traceparent: expect.stringMatching(/^00-0190f3d47c0070008000000000000001-[0-9a-f]{16}-01$/),
  });
  expect(Object.keys(secure.headers.at(-1) ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
  expect(JSON.stringify(secure.headers.at(-1))).not.toMatch(/secret|traceparent/);
  await http().fetch(at());
  expect(tool.headers.at(-1)).not.toHaveProperty('traceparent');
  expect(portal.log.join('')).not.toContain('secret');
});

test('retries what may be repeated, after the time that the server asks for', async () => {
  const count = (path: string) => tool.asked.filter((each) => each.startsWith(path)).length;
  expect((await http().fetch(at('/busy?a'), { retries: 2 })).status).toBe(200);
  expect(count('/busy')).toBe(3);
  expect((await http().fetch(at('/later'), { retries: 2 })).status).toBe(429);
  expect(count('/later')).toBe(1);
  expect((await http().fetch(at('/dated?to=10'), { retries: 1 })).status).toBe(200);
  expect(count('/dated')).toBe(2);
  expect((await http().fetch(at('/absent?once'), { retries: 2 })).status).toBe(404);
  expect(count('/absent?once')).toBe(1);
  // A connection that is lost: repeated with the same key, and without one not at all.
  expect((await http().fetch(at('/cut'), { method: 'POST', body: 'x', idempotencyKey: 'a-1' })).status).toBe(200);
  const keys = tool.asked.flatMap((path, index) => (path === '/cut' ? [tool.headers[index]?.['idempotency-key']] : []));
  expect(keys).toEqual(['a-1', 'a-1']);
  const before = tool.asked.length;
  const closed = raw.get('a closed connection') as Counted;
  const connections = closed.connections;
  expect(await reasonOf(http().fetch(at('/', closed), { method: 'POST', body: 'x' }))).toBe('unreachable');
  expect([closed.connections - connections, tool.asked.length - before]).toEqual([1, 0]);
});

test('does not wait for DNS beyond its time limit', async () => {
  expect(await reasonOf(http().fetch(`https://hangs.wild.test:${secure.port}/`, { timeoutMs: 100 }))).toBe('timeout');
});

test('ends when the caller aborts, with the caller’s reason', async () => {
  const ending = new AbortController();
  const silent = raw.get('nothing') as Counted;
  const call = http().fetch(at('/', silent), { signal: ending.signal });
  setTimeout(() => ending.abort(new Error('enough')), 50);
  await expect(call).rejects.toThrow('enough');
  await expect(http().fetch(at(), { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
});

test('a failing host is not called for a while by this plugin; others may call it', async () => {
  const broken = await serve((_, response) => response.writeHead(500).end());
  const sound = await serve((_, response) => response.end());
  const hosts = [broken, sound].map(({ port }) => `http://127.0.0.1:${port}`);
  const users = ['first', 'second'].map((id) => plugin(id, { http: { ...about, operator: 'a test' } }));
  const other = await createTestPlatform({ plugins: users, http: { first: { hosts }, second: { hosts } } });
  try {
    const of = (id: string) => other.platform.runner.httpOf(id) as Http;
    for (let n = 0; n < 5; n++) expect((await of('first').fetch(at('/a?b=c', broken))).status).toBe(500);
    expect(await reasonOf(of('first').fetch(at('/', broken)))).toBe('breaker-open');
    expect(broken.asked.length).toBe(5);
    expect((await of('first').fetch(at('/', sound))).status).toBe(200);
    expect((await of('second').fetch(at('/', broken))).status).toBe(500);
    const figures: string = (await other.client().get('/metrics')).body;
    const host = `http://127.0.0.1:${broken.port}`;
    expect(figures).toContain(`ilearn_http_client_seconds_count{plugin="first",host="${host}",result="5xx"} 5`);
    expect(figures).toContain(`ilearn_http_client_seconds_count{plugin="first",host="${host}",result="breaker-open"} 1`);
    expect(figures).toContain('ilearn_http_client_breakers_open{plugin="first"} 1');
    expect(figures).toContain('ilearn_http_client_breakers_open{plugin="second"} 0');
    // Connections are kept, and ended with the portal.
    expect(broken.connections).toBeLessThan(6);
    expect(broken.open.size).toBeGreaterThan(0);
    const lines = other.log.map((line) => JSON.parse(line)).filter(({ reason }) => reason !== undefined);
    expect(lines.map(({ plugin: id, host: place, reason, status, ms }) => [id, place, reason, status, typeof ms])).toEqual([
      ...Array.from({ length: 5 }, () => ['first', `127.0.0.1:${broken.port}`, 'status', 500, 'number']),
      ['first', `127.0.0.1:${broken.port}`, 'breaker-open', undefined, 'number'],
      ['second', `127.0.0.1:${broken.port}`, 'status', 500, 'number'],
    ]);
  } finally {
    await other.stop();
    await until('the connections end', async () => broken.open.size === 0);
    await expect(other.platform.runner.httpOf('first')?.fetch(at('/', sound))).rejects.toThrow('stopped');
    broken.stop();
    sound.stop();
  }
});

test('a breaker lets one call through after half a minute, and closes when that succeeds', () => {
  let now = 0;
  const breaker = new HostBreaker(() => now);
  const fail = () => breaker.enter('a') && breaker.record('a', true) === undefined;
  for (let n = 0; n < 4; n++) fail();
  breaker.record('a', false);
  for (let n = 0; n < 5; n++) expect(fail()).toBe(true);
  expect([breaker.enter('a'), breaker.enter('b'), breaker.open]).toEqual([false, true, ['a']]);
  now = 29_999;
  expect(breaker.enter('a')).toBe(false);
  now = 30_000;
  expect([breaker.enter('a'), breaker.enter('a')]).toEqual([true, false]);
  breaker.record('a', true);
  expect(breaker.enter('a')).toBe(false);
  now = 60_000;
  expect(breaker.enter('a')).toBe(true);
  breaker.forget('a');
  expect(breaker.enter('a')).toBe(true);
  breaker.record('a', false);
  expect([breaker.enter('a'), breaker.enter('a'), breaker.open]).toEqual([true, true, []]);
});

describe('the service http', () => {
  test('is available outside units of work, and refused inside one like any network access', async () => {
    expect(portal.announcements).toContain('status 200');
    const { body } = await portal.client().post('/api/calling/outside', { url: at() });
    expect(body).toEqual({ status: 200 });
    const before = tool.asked.length;
    await expect(portal.work('calling', ({ http }) => http.fetch(at()))).rejects.toThrow(
      /uses the network .* inside a unit of work/,
    );
    // A `catch` does not hide it.
    await expect(
      portal.work('calling', async ({ http, knex }) => {
        await http.fetch(at()).catch(() => {});
        await knex.raw('select 1');
      }),
    ).rejects.toThrow();
    expect(tool.asked.length).toBe(before);
  });

  test('becomes an answer of the route when it fails: 504 after a timeout, otherwise 502', async () => {
    const ask = (server: string) => portal.client().post('/api/calling/outside', { url: at('/x?key=secret', raw.get(server)) });
    expect(await ask('headers that never end')).toMatchObject({ status: 504, body: { type: '/problems/outside-too-slow' } });
    expect(await ask('a closed connection')).toMatchObject({ status: 502, body: { type: '/problems/outside-failed' } });
    expect(linesOf(`127.0.0.1:${raw.get('headers that never end')?.port}`).at(-1)).toMatchObject({
      plugin: 'calling',
      reason: 'timeout',
    });
    expect(portal.log.join('')).not.toContain('secret');
  });

  test('is not available to a plugin whose manifest declares no http', async () => {
    expect(http('silent')).toBeUndefined();
    class Asks {
      constructor({ http: asked }: any) {
        void asked;
      }
    }
    const wrong = createTestPlatform({ plugins: [plugin('wrong', { services: { asks: Asks } })] });
    await expect(wrong).rejects.toThrow(/nothing provides "http".*\n?.*the hosts that it calls: http: \{ hosts:/);
  });

  test('accepts only host names in the manifest, and the operator’s only if the manifest allows it', async () => {
    for (const host of [
      'https://api.example.org',
      'api.example.org/v1',
      'localhost',
      '10.0.0.1',
      '[::1]',
      '*.be',
      'a.*.example.org',
      'API.example.org',
      'api.example.org:0',
      'api.example.org:99999',
      'x.localhost',
      '*',
      '',
    ]) {
      expect(faultsOf({ ...about, hosts: [host] }), host).toEqual([`http.hosts.0: "${host}" is not a public host.`]);
    }
    expect(faultsOf(about)).toEqual(['http: It names no host.']);
    expect(faultsOf({ hosts: ['api.example.org'] })).toEqual(['http.purpose: is not text', 'http.sends: is not text']);
    const loaded = [
      plugin('takes', { http: { ...about, operator: 'a test' } }),
      plugin('calls', { http: { ...about, hosts: ['a.example.org'] } }),
    ];
    const found = checkOperatorHosts(
      {
        takse: { hosts: [] },
        calls: { hosts: ['b.example.org'] },
        takes: { hosts: ['https://10.1.2.3:8443', 'sms', '[fd12::1]:99', 'http://a/b', 'a b', '*.school.lan', '*.10.0.0.1'] },
      },
      loaded.map((definition) => ({ definition, origin: definition.id, rawConfig: {} })),
      true,
    );
    expect(found.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      'http.takse: There is no plugin "takse". Did you mean "takes"?',
      'http.calls: The plugin calls does not let the operator add hosts.',
      ...['http://a/b', 'a b', '*.10.0.0.1'].map(
        (host, index) => `http.takes.hosts.${[3, 4, 6][index]}: "${host}" is not a host.`,
      ),
    ]);
  });

  test('is listed in the register with hosts, purpose and what is sent, in each language', async () => {
    const { privacy, runner } = portal.platform;
    const { register } = await runner.run({}, ({ unit }) => privacy.register(unit));
    expect(register.plugins.find(({ id }) => id === 'calling')?.outgoing).toMatchObject({
      hosts: expect.arrayContaining(['api.school.test', `http://127.0.0.1:${tool.port}`]),
      ...about,
    });
    expect(register.plugins.find(({ id }) => id === 'named')?.outgoing?.further).toEqual(['a test']);
    expect(register.plugins.find(({ id }) => id === 'silent')).toBeUndefined();
  });
});

test('the plugin of docs/plugins.md works as written', async () => {
  const page = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /### The service `http`[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('dictionary', 'index.ts', source);
  const { default: dictionary } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'dictionary', 'index.ts'),
  );
  await folder.remove();
  const words = await serve((_, response) => response.end('{ "meaning": "a fruit", "more": 1 }'));
  const dictionaryUrl = `http://127.0.0.1:${words.port}`;
  const other = await createTestPlatform({
    plugins: [dictionary],
    config: { dictionary: { dictionary: dictionaryUrl } },
    http: { dictionary: { hosts: [dictionaryUrl] } },
  });
  try {
    const answer = await (await other.signIn(lotte)).get('/api/dictionary/words/appel%20%2F');
    expect(answer).toMatchObject({ status: 200, body: { meaning: 'a fruit' } });
    expect(words.asked).toEqual(['/words/appel%20%2F']);
    expect(words.headers[0]?.['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  } finally {
    await other.stop();
    words.stop();
  }
});

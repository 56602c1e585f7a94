import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import dns, { resolve4 } from 'node:dns/promises';
import { Agent, createServer, get, type Server } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get as getHttps } from 'node:https';
import { type AddressInfo, connect, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { jobFor, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';
import { until } from './support/redis.js';

const route = routeFor<any>();
let server: Server;
let url: string;
let port: number;
const agent = new Agent({ keepAlive: true });

const body = (address: string, options = {}) =>
  new Promise<void>((resolve, reject) => {
    get(address, options, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
const settled = (emitter: { once(event: string, fn: (error?: unknown) => void): unknown }, event: string) =>
  new Promise<void>((resolve) => {
    emitter.once(event, () => resolve());
    emitter.once('error', () => resolve());
  });

/** Ways to use the network; each is tried as code that catches whatever it throws. */
const ways: Record<string, () => unknown> = {
  fetch: async () => (await fetch(url)).text(),
  'fetch, over a connection that is kept alive': async () => (await fetch(url)).text(),
  'http.get': () => body(url, { agent: false }),
  'http.get, over a connection that is kept alive': () => body(url, { agent }),
  'https.get': () => settled(getHttps(`https://127.0.0.1:${port}/`), 'response'),
  'net.connect': async () => {
    const socket = connect(port, '127.0.0.1');
    await settled(socket, 'connect');
    socket.destroy();
  },
  'a socket that connects': async () => {
    const socket = new Socket();
    socket.connect({ port, host: 'localhost' });
    await settled(socket, 'connect');
    socket.destroy();
  },
  'a local socket': () => settled(connect('/nowhere/at.all'), 'connect'),
  'tls.connect': () => settled(connectTls({ port, host: '127.0.0.1' }), 'secureConnect'),
  'http2.connect': async () => {
    const session = connectHttp2(url);
    await settled(session, 'connect');
    session.destroy();
  },
  'dns.lookup': () => new Promise((resolve) => lookup('localhost', resolve)),
  'dns.promises.lookup': () => dns.lookup('localhost'),
  'a name that is resolved': () => resolve4('localhost').catch(() => {}),
  'a resolver': () => new dns.Resolver({ timeout: 100, tries: 1 }).resolveTxt('localhost').catch(() => {}),
  'a datagram': () =>
    new Promise<void>((resolve) => {
      const socket = createSocket('udp4');
      const done = () => {
        socket.close();
        resolve();
      };
      try {
        socket.send('x', port, '127.0.0.1', done);
      } catch {
        done();
      }
    }),
};

const use = async (way: string) => {
  try {
    await ways[way]?.();
  } catch {
    // As code does that makes "unreachable" of every error.
  }
};

const job = jobFor<any>();
const post = { method: 'POST', permission: 'public', summary: 'A test' } as const;
const effect = { body: z.object({ way: z.string(), text: z.string() }), responses: { 200: z.object({ way: z.string() }) } };
const network = plugin('network', {
  tables: { effects: none },
  migrations: [sql('0001', 'create table effects (text text unique)')],
  routes: [
    route({
      ...post,
      ...effect,
      path: '/inside',
      handler: async ({ body: { way, text }, services: { knex } }) => {
        await knex('effects').insert({ text });
        await use(way);
        return { way };
      },
    }),
    route({
      ...post,
      ...effect,
      path: '/outside',
      outside: { call: async ({ body: { way } }) => use(way) },
      handler: async ({ body: { way, text }, services: { knex } }) => {
        await knex('effects').insert({ text });
        return { way };
      },
    }),
    route({
      ...post,
      ...effect,
      path: '/after',
      handler: async ({ body: { way, text }, services: { knex, unitOfWork } }) => {
        await knex('effects').insert({ text });
        unitOfWork.afterCommit(() => void use(way).then(() => after++));
        return { way };
      },
    }),
    route({
      method: 'GET',
      path: '/reading',
      summary: 'A test',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: z.array(z.string()) },
      handler: async ({ services: { knex } }) => {
        await use('fetch');
        return knex('effects').pluck('text');
      },
    }),
  ],
  events: { happened: z.object({ way: z.string() }) },
  jobs: {
    inside: job({
      payload: z.object({ way: z.string() }),
      retries: 0,
      handler: async ({ payload, services: { knex } }) => {
        await knex('effects').insert({ text: 'job' });
        await use(payload.way);
      },
    }),
  },
});
const listener = plugin('listener', {
  requires: { network: '^1.0.0' },
  on: { 'network.happened': ({ payload }) => use(payload.way) },
});

let after = 0;
let portal: TestPlatform;
beforeAll(async () => {
  server = createServer((_, response) => void response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  url = `http://127.0.0.1:${port}`;
  portal = await createTestPlatform({ plugins: [network, listener] });
});
afterAll(async () => {
  agent.destroy();
  await portal?.stop();
  server?.closeAllConnections();
  server?.close();
});
const environment = process.env['NODE_ENV'];
afterEach(async () => {
  process.env['NODE_ENV'] = environment;
  await portal.work('network', ({ knex }) => knex('effects').delete());
  portal.log.length = 0;
  portal.platform.gate.reset('network');
});

const ask = (path: string, way: string) => portal.client().post(`/api/network/${path}`, { way, text: way });
const effects = (): Promise<string[]> => portal.work('network', ({ knex }) => knex('effects').pluck('text'));
const lines = (about: string) => portal.log.filter((line) => line.includes(about));

describe('in tests and development', () => {
  test.each(Object.keys(ways))('%s inside a unit of work fails it, even if the code catches the error', async (way) => {
    await use(way);
    expect((await ask('inside', way)).status).toBe(500);
    expect(await effects()).toEqual([]);
    const [line = ''] = lines('request failed');
    expect(line).toContain('POST /api/network/inside uses the network');
    expect(line).toContain('outside.call');
  });

  test.each(Object.keys(ways))('%s is allowed outside one', async (way) => {
    expect((await ask('outside', way)).status).toBe(200);
    const before = after;
    await portal.work('network', ({ knex }) => knex('effects').delete());
    expect((await ask('after', way)).status).toBe(200);
    await until('what comes after the commit is done', () => after > before);
    expect(lines('uses the network')).toEqual([]);
  });

  test('a job, an event handler, a GET and work() of the portal itself are checked too, each by its name', async () => {
    await portal.work('network', async ({ jobs, events }) => {
      await jobs.enqueue('inside', { way: 'fetch' });
      await events.publish('happened', { way: 'http.get' });
    });
    await until('both have failed', () => lines('handler failed').length >= 2);
    expect(lines('network: job inside uses the network')).toHaveLength(1);
    expect(lines('listener: event network.happened uses the network')).not.toHaveLength(0);
    expect(await effects()).toEqual([]);
    const client = await portal.signIn(crypto.randomUUID());
    for (let each = 0; each < 2; each++) expect((await client.get('/api/network/reading')).status).toBe(500);
    await expect(portal.work('network', () => use('net.connect'))).rejects.toThrow('network uses the network (127.0.0.1)');
    await portal.platform.runner.run({}, ({ unit }) => unit.kernel('delete from kernel.messages'));
  });

  test('these functions otherwise behave unchanged for the rest of Node', async () => {
    expect(await promisify(lookup)('127.0.0.1')).toEqual({ address: '127.0.0.1', family: 4 });
    expect([lookup.name, lookup.length]).toEqual(['lookup', 3]);
  });
});

describe('in production', () => {
  test('it is allowed, and logged once for each place and host', async () => {
    process.env['NODE_ENV'] = 'production';
    for (const text of ['a', 'b', 'c']) {
      expect((await portal.client().post('/api/network/inside', { way: 'fetch', text })).status).toBe(200);
    }
    expect((await effects()).sort()).toEqual(['a', 'b', 'c']);
    const told = lines('the network is used inside a unit of work').map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      {
        level: 40,
        place: 'POST /api/network/inside',
        host: '127.0.0.1',
        plugin: 'network',
        remedy: expect.stringContaining('outside.call'),
      },
    ]);
    await portal.work('network', () => use('fetch'));
    expect(lines('the network is used inside a unit of work')).toHaveLength(2);
  });
});

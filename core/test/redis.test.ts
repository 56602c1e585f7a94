import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@ilearn/core/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRedisAddress } from '../dist/config/redis-address.js';
import { connectRedis } from '../dist/messages/engines/redis-connection.js';
import { spawnRedis } from '../scripts/redis.mjs';
import { freePort } from '../scripts/system.mjs';
import { monitor, PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { until } from './support/redis.js';

type Server = Awaited<ReturnType<typeof spawnRedis>>;
/** Tells in its log when a message came through, and which engine brought it. */
const echo = `
import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'echo', version: '1.0.0', privileges: ['queues'],
  jobs: {
    say: {
      payload: z.object({}),
      handler: async ({ services: { log, queues } }) => log.warn(await queues.engine(), 'came through'),
    },
  },
  start: async ({ work, announce }) => {
    await work(({ jobs }) => jobs.enqueue('say', {}));
    announce('enqueued');
  },
});
`;

const servers: Server[] = [];
const folder = mkdtempSync(join(tmpdir(), 'ilearn-redis-test-'));
const start = async (options: Parameters<typeof spawnRedis>[0]): Promise<Server> => {
  const server = await spawnRedis(options);
  servers.push(server);
  return server;
};
let portal: PortalFolder;
let postgres: { url: string; stop(): Promise<void> };
let database: { url: string; drop(): Promise<void> };
beforeAll(async () => {
  postgres = await serverForTests();
  database = await createDatabase(postgres.url);
  portal = new PortalFolder().pack('redis-echo', echo).compose('redis-echo');
  portal.environment['DATABASE_URL'] = database.url;
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await portal?.remove();
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
  await postgres?.stop();
});

/** Starts a portal on this Redis: a message goes through it, and it stops in order. */
async function goesThrough(redisUrl: string, environment: Record<string, string> = {}): Promise<void> {
  Object.assign(portal.environment, { REDIS_URL: redisUrl, ...environment });
  const run = portal.begin('start');
  try {
    await run.printed(/The portal is ready/);
    await until('a message came through', () => /came through/.test(run.err)).catch((error: Error) => {
      throw new Error(`${error.message}\n${run.err}`);
    });
    const line = run.err.split('\n').find((each) => each.includes('came through')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ name: 'bullmq', reachable: true });
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
  } finally {
    run.child.kill('SIGKILL');
  }
}

describe('a message goes through Redis', () => {
  test('with a password, in a separate database', async () => {
    const { port } = await start({ args: ['--requirepass', 'geheim@1'], asks: false });
    await goesThrough(`redis://:geheim%401@127.0.0.1:${port}/3`);
    const client = new Redis(`redis://:geheim%401@127.0.0.1:${port}`);
    expect(await client.info('keyspace')).toMatch(/^db3:/m);
    client.disconnect();
  });

  test('over TLS, with a certificate that must be trusted', async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...subject];
    execFileSync('openssl', made, { stdio: 'ignore' });
    const port = await freePort();
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
    await start({ port: 0, args: ['--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files], asks: false });
    await goesThrough(`rediss://localhost:${port}`, { NODE_EXTRA_CA_CERTS: certificate });

    // A certificate that nobody vouches for: the portal serves, and says that its queue is out of reach.
    delete portal.environment['NODE_EXTRA_CA_CERTS'];
    const distrustful = portal.begin('start');
    const url = await distrustful.printed(/ready at (\S+)/);
    expect(await (await fetch(`${url}/health/ready`, { headers: monitor })).json()).toMatchObject({
      status: 'ready',
      queue: 'unreachable',
    });
    distrustful.child.kill('SIGTERM');
    await distrustful.ended;
    expect(distrustful.err).toMatch(/Redis cannot be reached.*database/);
    expect(distrustful.err).not.toContain('came through');
  });

  test('with a master named by a Sentinel', async () => {
    const { port: master } = await start({});
    const port = await freePort();
    mkdirSync(join(folder, 'sentinel'));
    const file = join(folder, 'sentinel', 'sentinel.conf');
    writeFileSync(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor spoor 127.0.0.1 ${master} 1\n`);
    await start({ port, args: [file, '--sentinel'] });
    await goesThrough(`redis-sentinel://127.0.0.1:${port}/spoor?db=2`);
  });

  test('with one password for the sentinel and another for the server', async () => {
    const { port: master } = await start({ args: ['--requirepass', 'van de server'], asks: false });
    const port = await freePort();
    mkdirSync(join(folder, 'asking-sentinel'));
    const file = join(folder, 'asking-sentinel', 'sentinel.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `sentinel monitor spoor 127.0.0.1 ${master} 1`,
      'sentinel auth-pass spoor "van de server"',
      'requirepass "a+b&c=d%"',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    await start({ port, args: [file, '--sentinel'], asks: false });
    const address = `redis-sentinel://:van%20de%20server@127.0.0.1:${port}/spoor?db=2`;
    await goesThrough(`${address}&sentinelPassword=a+b%26c%3Dd%25`);
    // The sentinel does ask: without its password there is no way to the master.
    const without = connectRedis(parseRedisAddress(address), 'asking');
    const refused = new Promise<Error>((resolve) => without.once('error', resolve));
    expect((await refused).message).toMatch(/NOAUTH|[Aa]uthentication required|sentinels are unreachable/);
    expect(without.status).not.toBe('ready');
    without.disconnect();
  });

  test('with a cluster of three', async () => {
    const nodes: Server[] = [];
    for (let each = 0; each < 3; each++) nodes.push(await start({ args: ['--cluster-enabled', 'yes'] }));
    const clients = nodes.map(({ url }) => new Redis(url));
    const share = Math.ceil(16_384 / 3);
    for (const [index, client] of clients.entries()) {
      await client.call('cluster', 'addslotsrange', index * share, Math.min(16_383, (index + 1) * share - 1));
      if (index > 0) await client.call('cluster', 'meet', '127.0.0.1', `${nodes[0]?.port}`);
    }
    await until('the cluster stands', async () => {
      const states = await Promise.all(clients.map((client) => client.call('cluster', 'info')));
      return states.every((state) => /cluster_state:ok/.test(`${state}`) && /cluster_known_nodes:3/.test(`${state}`));
    });
    for (const client of clients) client.disconnect();
    await goesThrough(`redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`);
  });
});

describe('REDIS_URL', () => {
  test.each([
    ['redis://cache', { kind: 'single', hosts: [{ host: 'cache', port: 6379 }], database: 0, tls: false }],
    ['rediss://lien:g%40@cache:1/4', { username: 'lien', password: 'g@', database: 4, tls: true }],
    ['redis://geheim@[::1]:7000', { hosts: [{ host: '::1', port: 7000 }], username: undefined, password: 'geheim' }],
    [
      'redis-sentinel://a,b:5/spoor?db=7',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 5 },
        ],
        master: 'spoor',
        database: 7,
        sentinelPassword: undefined,
      },
    ],
    [
      'redis-sentinel://lien:x@a/spoor?sentinelUsername=wacht&sentinelPassword=a+b%26c',
      { username: 'lien', password: 'x', database: 0, sentinelUsername: 'wacht', sentinelPassword: 'a+b&c' },
    ],
    [
      'rediss-cluster://a:1,b:2',
      {
        kind: 'cluster',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        tls: true,
      },
    ],
  ])('%s is accepted', (text, expected) => expect(parseRedisAddress(text)).toMatchObject(expected));

  test.each([
    ['http://cache', 'is not an address such as redis://host:6379'],
    ['redis://:geheim@a,b', 'has several hosts: use redis-sentinel:// or redis-cluster://'],
    ['redis://:geheim@a:b', 'has a host that is not written host:port'],
    ['redis://:geheim@a:70000', 'has a host that is not written host:port'],
    ['redis://:geheim@a/nul', 'has a database that is not a number'],
    ['redis://:geheim%@a', 'write it as %25'],
    ['redis://:geheim@a?db=2', 'has an unknown option'],
    ['redis-sentinel://a/spoor?password=geheim', 'has an unknown option'],
    ['redis-sentinel://a/spoor?sentinelPassword=geheim%', 'write it as %25'],
    ['redis-sentinel://:geheim@a', "lacks the master's name"],
    ['redis-cluster://:geheim@a/2', 'a cluster has only one'],
  ])('%s is refused, and not repeated in the message', (text, reason) => {
    expect(() => parseRedisAddress(text)).toThrow(reason);
    expect(() => parseRedisAddress(text)).not.toThrow(/geheim/);
  });
});

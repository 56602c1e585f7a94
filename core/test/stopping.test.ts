import { Agent, get, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import { connect } from 'node:net';
import { nothing, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../scripts/system.mjs';
import { PortalFolder } from './support/command.js';
import { onPostgres } from './support/database.js';
import { none, plugin, sql } from './support/fixtures.js';
import { hasNginx, startNginx } from './support/nginx.js';
import { redisForTests, until } from './support/redis.js';

// How a portal stops: what a client, a proxy and a balancer see of it.
onPostgres();

let goOn = () => {};
const route = routeFor<any>();
const pages = plugin('pages', {
  tables: { notes: none },
  migrations: [sql('0001', 'create table notes (id int)')],
  routes: [
    route({
      method: 'GET',
      path: '/ping',
      summary: 'Answers',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: () => ({}),
    }),
    route({
      method: 'GET',
      path: '/slow',
      summary: 'Answers when the test lets it',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async () => {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return {};
      },
    }),
    route({
      method: 'POST',
      path: '/notes',
      summary: 'Keeps a number',
      permission: 'public',
      body: z.object({ id: z.int() }),
      responses: { 204: nothing('Kept') },
      handler: async ({ body, services: { knex } }) => {
        await knex('notes').insert(body);
      },
    }),
  ],
});

/** The same plugin for processes of their own. */
const pagesSource = `
import { definePlugin, nothing } from '@ilearn/core';
import { z } from 'zod';
export default definePlugin({
  id: 'pages', version: '1.0.0',
  tables: { notes: { tenant: { none: 'a test' } } },
  migrations: [{ name: '0001', up: 'create table notes (id int)', down: '' }],
  routes: [
    { method: 'GET', path: '/ping', summary: 'Answers', permission: 'public', responses: { 200: z.object({}) }, handler: () => ({}) },
    {
      method: 'POST', path: '/notes', summary: 'Keeps a number', permission: 'public',
      body: z.object({ id: z.int() }), responses: { 204: nothing('Kept') },
      handler: async ({ body, services: { knex } }) => { await knex('notes').insert(body); },
    },
  ],
});
`;

interface Answer {
  status: number;
  connection: string | undefined;
}

const ask = (url: string, agent: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }));
    }).on('error', reject);
  });

/** Warnings and errors, but for those of a machine that has too much else to do. */
const complaintsIn = (lines: readonly string[] = []): string[] =>
  lines.filter((line) => {
    if (line === '') return false;
    const { level, msg } = JSON.parse(line);
    return level >= 40 && !['slow', 'event loop blocked'].includes(msg);
  });

describe('a stopping portal', () => {
  let portal: TestPlatform | null = null;
  afterEach(async () => {
    goOn();
    await portal?.stop();
    portal = null;
  });

  test('answers requests on an open connection, announces its end, and reports 503 first', async () => {
    // A proxy's connections are kept open for a second after their last request.
    portal = await createTestPlatform({ plugins: [pages], settings: { trustProxy: true } });
    const [one, other, third] = [1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 })) as [Agent, Agent, Agent];
    for (const agent of [one, other, third])
      expect((await ask(`${portal.url}/api/pages/ping`, agent)).connection).toBe('keep-alive');
    const slow = ask(`${portal.url}/api/pages/slow`, one);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = portal.platform.stop();
    // From then on every answer is the last of its connection.
    await until('it takes no new connections', () =>
      ask(`${portal?.url}/health/live`, new Agent()).then(
        () => false,
        () => true,
      ),
    );
    expect(await ask(`${portal.url}/api/pages/ping`, other)).toEqual({ status: 200, connection: 'close' });
    expect(await ask(`${portal.url}/health/ready`, third)).toEqual({ status: 503, connection: 'close' });
    await expect(ask(`${portal.url}/api/pages/ping`, new Agent())).rejects.toThrow('ECONNREFUSED');
    goOn();
    expect(await slow).toEqual({ status: 200, connection: 'close' });
    await stopped;
  });

  test('closes idle connections, and those without any request', async () => {
    portal = await createTestPlatform({ plugins: [pages] });
    const agent = new Agent({ keepAlive: true });
    await Promise.all([1, 2, 3].map(() => ask(`${portal?.url}/api/pages/ping`, agent)));
    const silent = connect(Number(new URL(portal.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => silent.once('close', resolve));
    await new Promise((resolve) => silent.once('connect', resolve));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    await portal.platform.stop();
    await closed;
    // Ten seconds are what it grants to a request under way.
    expect(performance.now() - began).toBeLessThan(5_000);
    agent.destroy();
  });

  test('waits for a request whose headers or body are still arriving', async () => {
    portal = await createTestPlatform({ plugins: [pages] });
    const { port } = new URL(portal.url);
    const body = JSON.stringify({ id: 7 });
    const send = request({
      port,
      method: 'POST',
      path: '/api/pages/notes',
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    });
    const status = new Promise((resolve, reject) => {
      send.on('response', (response) => resolve(response.statusCode));
      send.on('error', reject);
    });
    send.write(body.slice(0, 3));
    const half = connect(Number(port), '127.0.0.1');
    let received = '';
    half.on('data', (bytes) => {
      received += bytes;
    });
    half.write('GET /api/pages/ping HTTP/1.1\r\nhost: x');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = portal.platform.stop();
    await new Promise((resolve) => setTimeout(resolve, 500));
    send.end(body.slice(3));
    half.write('\r\n\r\n');
    expect(await status).toBe(204);
    await stopped;
    expect(received).toMatch(/^HTTP\/1.1 200 [\s\S]*connection: close/i);
  });
});

describe('operator 10', () => {
  test.runIf(hasNginx)(
    'a rolling restart of two webs behind nginx as documented loses no request, at 200 a second',
    async () => {
      const ports = [await freePort(), await freePort()];
      const home = await createTestPlatform({ plugins: [pages] });
      const folder = new PortalFolder().pack('pages', pagesSource).compose('pages');
      Object.assign(folder.environment, {
        DATABASE_URL: (await home.platform.home()).pool.options.connectionString,
        HOST: '127.0.0.1',
        PUBLIC_URL: 'https://localhost',
        TRUST_PROXY: 'true',
      });
      const begin = async (index: number) => {
        folder.environment['PORT'] = `${ports[index]}`;
        const run = folder.begin('start', '--only', 'web');
        await run.printed(/ready at/);
        return run;
      };
      const webs = [await begin(0), await begin(1)];
      const nginx = await startNginx(ports);
      const agent = new SecureAgent({ keepAlive: true, maxSockets: 32, rejectUnauthorized: false });
      const outcomes = new Map<string, number>();
      const told: number[] = [];
      let sent = 0;
      const send = (id: number) =>
        new Promise<void>((resolve) => {
          const write = id % 2 === 0;
          const note = (what: string) => {
            outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
            resolve();
          };
          const sending = requestSecurely(
            {
              port: nginx.port,
              agent,
              host: '127.0.0.1',
              method: write ? 'POST' : 'GET',
              path: write ? '/api/pages/notes' : '/api/pages/ping',
              headers: { host: 'localhost', ...(write ? { 'content-type': 'application/json' } : {}) },
            },
            (response) => {
              response.resume();
              if (response.statusCode === 204) told.push(id);
              response.on('end', () => note(`${response.statusCode}`));
            },
          );
          sending.on('error', (error) => note(error.message));
          sending.end(write ? JSON.stringify({ id }) : undefined);
        });
      const under: Promise<void>[] = [];
      const load = setInterval(() => under.push(send(sent++), send(sent++)), 10);
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      try {
        for (const index of [0, 1]) {
          await pause(1_000);
          const web = webs[index];
          web?.child.kill('SIGTERM');
          await web?.ended;
          expect([web?.code, complaintsIn(web?.err.split('\n'))]).toEqual([0, []]);
          webs[index] = await begin(index);
        }
        await pause(1_000);
        clearInterval(load);
        await Promise.all(under);
        expect(Object.fromEntries(outcomes)).toEqual({ 200: Math.floor(sent / 2), 204: Math.ceil(sent / 2) });
        const stored = await home.work('pages', ({ knex }) => knex('notes').pluck('id').orderBy('id'));
        expect(stored).toEqual(told.sort((a, b) => a - b));
      } finally {
        clearInterval(load);
        await Promise.all(under);
        agent.destroy();
        await nginx.stop();
        for (const web of webs) web.child.kill('SIGKILL');
        await folder.remove();
        await home.stop();
      }
    },
    120_000,
  );

  test.runIf(hasNginx)('nginx as documented hides what must not be public', async () => {
    const portal = await createTestPlatform({ plugins: [pages], settings: { publicUrl: 'https://localhost', trustProxy: true } });
    const port = Number(new URL(portal.url).port);
    const nginx = await startNginx([port, port]);
    const status = (path: string) =>
      new Promise((resolve, reject) => {
        requestSecurely({ port: nginx.port, host: '127.0.0.1', path, rejectUnauthorized: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    try {
      expect(await Promise.all(['/health/ready', '/health/live', '/metrics', '/api/pages/ping'].map(status))).toEqual([
        404, 404, 404, 200,
      ]);
    } finally {
      await nginx.stop();
      await portal.stop();
    }
  });

  test('a second SIGTERM aborts nothing, and the process ends with 0 once its requests have', async () => {
    const folder = new PortalFolder()
      .pack(
        'slow-pages',
        `import { definePlugin } from '@ilearn/core';
       import { z } from 'zod';
       export default definePlugin({ id: 'slow', version: '1.0.0', routes: [{
         method: 'GET', path: '/page', summary: 'Slow', permission: 'public', responses: { 200: z.object({}) },
         handler: async () => { await new Promise((resolve) => setTimeout(resolve, 1500)); return {}; },
       }] });`,
      )
      .compose('slow-pages');
    try {
      await folder.useServer();
      const run = folder.begin('start');
      const url = await run.printed(/ready at (\S+)/);
      const answer = fetch(`${url}/api/slow/page`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      run.child.kill('SIGTERM');
      await run.printed(/Stopping/);
      run.child.kill('SIGTERM');
      expect((await answer).status).toBe(200);
      await run.ended;
      expect([run.code, complaintsIn(run.err.split('\n'))]).toEqual([0, []]);
    } finally {
      await folder.remove();
    }
  });

  test('with STOP_DELAY_SECONDS a portal that got SIGTERM is not ready but accepts connections for that time', async () => {
    const folder = new PortalFolder().compose();
    folder.environment['STOP_DELAY_SECONDS'] = '2';
    try {
      await folder.useServer();
      const run = folder.begin('start');
      const url = await run.printed(/ready at (\S+)/);
      run.child.kill('SIGTERM');
      await run.printed(/Stopping/);
      const ready = await fetch(`${url}/health/ready`);
      expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'keep-alive']);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      await run.ended;
      expect(run.code).toBe(0);
    } finally {
      await folder.remove();
    }
  });
});

test('operator 21: a clean stop logs no warning', async () => {
  const redis = await redisForTests();
  try {
    for (const only of [undefined, 'web', 'worker'] as const) {
      const portal = await createTestPlatform({
        plugins: [pages],
        settings: { redisUrl: redis.url },
        ...(only === undefined ? {} : { only }),
      });
      await until('Redis answers', async () => (await portal.client().get('/health/ready')).body.queue === 'reachable');
      await portal.stop();
      expect(complaintsIn(portal.log)).toEqual([]);
    }
  } finally {
    await redis.stop();
  }
});

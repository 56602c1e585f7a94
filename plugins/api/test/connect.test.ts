import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccessRefused, CallFailed, connect } from '@ilearn/client';
import type { directory } from '@ilearn/plugin-directory/client';
import { schoolClass } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedApp, classesScope, createWorld, membersScope, type World } from './world.js';

let world: World;
let app: { id: string; secret: string };
beforeAll(async () => {
  world = await createWorld();
  app = await approvedApp(world);
  const { wissel, portal } = world;
  for (const name of ['1A', '1B', '2A', '2B']) await schoolClass(portal, { id: wissel.id }, { name });
  await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${app.id}`, { scopes: [classesScope] });
});
afterAll(() => world?.portal.stop());

const connection = (more: object = {}) =>
  connect({ url: world.portal.url, clientId: app.id, secret: app.secret, scopes: [classesScope], ...more });

test('a connection reads a list page by page, with one token', async () => {
  let tokens = 0;
  const one = connection({
    fetch: (url: URL, init: RequestInit) => {
      if (url.pathname.endsWith('/token')) tokens += 1;
      return fetch(url, init);
    },
  });
  const portal = one.plugin<typeof directory>('directory');
  const names: string[] = [];
  let pages = 0;
  for await (const { classes } of one.pages(portal.get('/classes', { query: { limit: 2 } }))) {
    names.push(...classes.map(({ name }) => name));
    pages += 1;
  }
  expect([names.sort(), pages, tokens]).toEqual([['1A', '1B', '2A', '2B', 'De Wissel 3A'], 3, 1]);
});

test('it signs with a key, and explains a refusal', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'own' };
  await world.developer.post(`/api/api/apps/${app.id}/keys`, { jwk });
  const one = connection({ secret: { key: privateKey, kid: 'own' } }).plugin<typeof directory>('directory');
  expect((await one.get('/schools')).schools).toHaveLength(1);
  await expect(one.get('/classes/:id', { params: { id: world.wissel.classId } })).rejects.toMatchObject({
    status: 403,
    type: '/problems/missing-scope',
  });
  await expect(one.get('/classes/:id', { params: { id: '' } })).rejects.toThrow('needs the parameter id');
  await expect(one.get('/classes/:id', { params: { id: '..' } })).rejects.toThrow('id cannot be ..');
  const refused = connection({ scopes: [membersScope] })
    .plugin<typeof directory>('directory')
    .get('/schools');
  await expect(refused).rejects.toThrow(AccessRefused);
  await expect(refused).rejects.toThrow(`no school has switched on ${membersScope}`);
});

test('it gets a new token when the old one was ended', async () => {
  const one = connection().plugin<typeof directory>('directory');
  await one.get('/schools');
  await world.developer.post(`/api/api/apps/${app.id}/end-tokens`);
  expect((await one.get('/schools')).schools).toHaveLength(1);
});

type Caller = { post(path: string, call: object): Promise<unknown> };

/** Runs with a connection to a server that stands in for a portal in trouble. */
async function toServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  run: (one: Caller) => Promise<void>,
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(connection({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }).plugin<Caller>('library'));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a write that is tried again carries the same key, and a budget that is spent is waited for', async () => {
  const seen: { key: string | undefined; status: number }[] = [];
  const answers = [503, 429, 201, 400];
  const tokens = [429, 200];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const isToken = request.url === '/api/api/token';
    const status = (isToken ? tokens : answers).shift() ?? 500;
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
    if (isToken) return response.end('{"access_token":"t","expires_in":600,"error":"temporarily_unavailable"}');
    seen.push({ key: request.headers['idempotency-key'] as string | undefined, status });
    return response.end(status === 201 ? '{"id":"1"}' : '{"type":"/problems/x","title":"X","detail":"no"}');
  };
  await toServer(answer, async (one) => {
    expect(await one.post('/things', { body: { a: 1 } })).toEqual({ id: '1' });
    expect(seen.map(({ status }) => status)).toEqual([503, 429, 201]);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    expect(seen[0]?.key).toMatch(/^"[0-9a-f-]{36}"$/);
    await expect(one.post('/things', { body: {} })).rejects.toThrow(CallFailed);
    expect(seen.at(-1)?.key).not.toBe(seen[0]?.key);
  });
});

test('a secret follows no redirect', async () => {
  const paths: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    paths.push(request.url ?? '');
    response.writeHead(307, { location: '/elsewhere' }).end();
  };
  await toServer(answer, async (one) => {
    await expect(one.post('/things', { body: {}, signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(paths).toEqual(['/api/api/token']);
  });
});

import { connect } from 'node:net';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { web } from './support/web.js';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web] });
});
afterAll(() => portal?.stop());

/** The status of a request sent byte for byte. */
const raw = (lines: string[]): Promise<number> =>
  new Promise((done, failed) => {
    const socket = connect(Number(new URL(portal.url).port), '127.0.0.1', () => socket.end(`${lines.join('\r\n')}\r\n\r\n`));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('end', () => done(Number(text.split(' ')[1])));
    socket.on('error', failed);
  });

test('attack 17: a route answers only at its exact address', async () => {
  expect((await portal.client().get('/api/web/things')).status).toBe(200);
  for (const path of [
    '/api/web/THINGS',
    '/api/web/Things',
    '/api/web/things/',
    '/api/web//things',
    '/api/WEB/things',
    '/API/web/things',
    '/api/web/things;x',
    '/api/web/thing%73/',
    '/api/kernel/SESSION',
    '/api/kernel/session/',
    '/api/',
    '/api/openapi.json/',
    '/Metrics/',
    '/metrics/',
    '/health/ready/',
    '/health/READY',
  ])
    expect((await portal.client().get(path)).status, path).toBe(404);
});

test('attack 17: a request with two Host headers is refused', async () => {
  const { host } = new URL(portal.url);
  for (const path of ['/api/web/things', '/', '/health/live', '/assets/x.js']) {
    const head = [`GET ${path} HTTP/1.1`, 'Connection: close'];
    expect(await raw([...head, `Host: ${host}`, 'Host: evil.example'])).toBe(400);
    expect(await raw([...head, `Host: ${host}`, `Host: ${host}`])).toBe(400);
  }
});

test('attack 17: signing in from another site is refused, whichever header the browser sends', async () => {
  const person = { id: '33333333-3333-4333-8333-333333333333' };
  const attempt = async (headers: Record<string, string>) =>
    (
      await fetch(`${portal.url}/api/web/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(person),
      })
    ).status;
  for (const site of ['cross-site', 'same-site', 'none', 'nonsense']) {
    expect(await attempt({ 'sec-fetch-site': site }), site).toBe(403);
    expect(await attempt({ 'sec-fetch-site': site, origin: portal.url }), site).toBe(403);
  }
  expect(await attempt({ origin: 'https://evil.example' })).toBe(403);
  expect(await attempt({ origin: 'null' })).toBe(403);
  expect(await attempt({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await attempt({ origin: portal.url })).toBe(200);
});

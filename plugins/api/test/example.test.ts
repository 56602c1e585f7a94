import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../core/scripts/system.mjs';
import { approvedApp, classesScope, createWorld, givePath, progressScope, type World } from './world.js';

const server = fileURLToPath(new URL('../../../docs/examples/week-widget/server.mjs', import.meta.url));

let address: string;
let world: World;
let app: { id: string; secret: string };
let widget: ChildProcess;
beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  world = await createWorld({ http: { api: { hosts: [address] } } });
  app = await approvedApp(world);
  const types = ['myway.assignment-given', 'myway.assignment-withdrawn'];
  const { body } = await world.developer.post(`/api/api/apps/${app.id}/endpoints`, { url: `${address}/hook`, types });
  widget = spawn(process.execPath, [server], {
    env: {
      PORT: String(port),
      PORTAL_URL: world.portal.url,
      CLIENT_ID: app.id,
      CLIENT_SECRET: app.secret,
      SCHOOL: world.wissel.number,
      WEBHOOK_SECRET: body.secret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(widget, 'exit').then(([code]) => {
    throw new Error(`the example ended with ${code}`);
  });
  await Promise.race([once(widget.stdout as NodeJS.ReadableStream, 'data'), ended]);
});
afterAll(async () => {
  widget?.kill();
  await world?.portal.stop();
});

const page = async () => {
  const response = await fetch(address);
  return `${response.status} ${await response.text()}`;
};

test('the example shows the paths of a school that switched it on, and learns of new ones', async () => {
  const { wissel } = world;
  expect(await page()).toMatch(/^502 /);
  await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${app.id}`, { scopes: [classesScope, progressScope] });
  expect(await page()).toMatch(/^200 .*Er zijn geen leersporen/s);

  await givePath(world, wissel, 'Breuken <1>');
  await expect.poll(page, { timeout: 10_000 }).toContain('De Wissel 3A</strong> Breuken &#60;1&#62;');

  const forged = await fetch(`${address}/hook`, {
    method: 'POST',
    headers: { 'webhook-id': 'x', 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}`, 'webhook-signature': 'v1,AAAA' },
    body: '{}',
  });
  expect(forged.status).toBe(401);
});

import { routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { plugin } from './support/fixtures.js';

const route = routeFor<any>();
const spin = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

const busy = plugin('busy', {
  routes: [
    route({
      method: 'GET',
      path: '/spins',
      summary: 'Holds the process',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: () => {
        spin(600);
        return {};
      },
    }),
  ],
  jobs: { spin: { payload: z.object({}), handler: () => spin(600) } },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [busy], settings: { metricsToken: 'monitor' } });
});
afterAll(() => portal?.stop());

test('code that blocks the event loop is named in the log, and /metrics shows for how long', async () => {
  await portal.client().get('/api/busy/spins');
  const held = () => portal.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'event loop blocked');
  await expect.poll(held).not.toEqual([]);
  expect(held().some(({ ms, atWork }) => ms >= 250 && atWork.includes('busy: GET /api/busy/spins'))).toBe(true);
  const { body } = await portal.client().get('/metrics', { headers: { authorization: 'Bearer monitor' } });
  expect(Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(body)?.[1])).toBeGreaterThan(0.25);
  for (const name of ['p50', 'p99']) expect(body).toMatch(new RegExp(`nodejs_eventloop_lag_${name}_seconds \\d`));
});

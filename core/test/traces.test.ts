import { jobFor, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readableLine } from '../dist/foundation/log-lines.js';
import { plugin } from './support/fixtures.js';

let portal: TestPlatform;
const places = { in: '' };
const tell = ({ log }: any) => log.info({ step: 1 }, 'on my way');
const tracing = plugin('tracing', {
  events: { told: z.object({}) },
  on: { 'tracing.told': ({ services }: any) => tell(services) },
  jobs: { walk: jobFor<any>()({ payload: z.object({}), handler: ({ services }) => tell(services) }) },
  routes: [
    routeFor<any>()({
      method: 'POST',
      path: '/begin',
      summary: 'Begins',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async ({ services }) => {
        await services.jobs.enqueue('walk', {});
        await services.events.publish('told', {});
        return {};
      },
    }),
    routeFor<any>()({
      method: 'POST',
      path: '/broken',
      summary: 'Breaks',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async function handleBroken({ services }) {
        places.in = 'handleBroken';
        await services.knex('nowhere').select('nothing');
        return {};
      },
    }),
  ],
});
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [tracing], settings: { logLevel: 'info' } as any });
});
afterAll(() => portal?.stop());
const lines = () => portal.log.map((line: string) => JSON.parse(line));

test('newcomer 12: the own log lines of a job and a handler name both plugin and handler', async () => {
  expect((await portal.client().post('/api/tracing/begin')).status).toBe(200);
  await portal.drain();
  const told = lines().filter(({ msg }) => msg === 'on my way');
  expect(told.map(({ plugin: id, handler, step }) => [id, handler, step]).sort()).toEqual([
    ['tracing', 'event tracing.told', 1],
    ['tracing', 'job walk', 1],
  ]);
});

test('newcomer 12: a failing query tells the line of the plugin that made it', async () => {
  expect((await portal.client().post('/api/tracing/broken')).status).toBe(500);
  const failed = lines().find(({ msg }) => msg === 'request failed');
  expect(failed.err.message).toContain('nowhere');
  expect(failed.err.stack).toMatch(/handleBroken.*traces\.test\.ts:\d+/);
});

test('newcomer 12: at a terminal the log is lines for people', () => {
  const line = {
    level: 50,
    time: '2026-11-27T08:30:00.000Z',
    plugin: 'notes',
    route: '/a',
    msg: 'request failed',
    err: { message: 'no ink', stack: 'Error: no ink\n    at x' },
  };
  expect(readableLine(JSON.stringify(line))).toBe(
    '08:30:00 ERROR [notes] request failed route=/a message=no ink\n    Error: no ink\n        at x\n',
  );
});

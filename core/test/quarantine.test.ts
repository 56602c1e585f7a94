import { type PluginDefinition, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const ok = z.object({ ok: z.boolean() });
const ping = route({
  method: 'GET',
  path: '/ping',
  summary: 'Answers',
  permission: 'public',
  responses: { 200: ok },
  handler: () => ({ ok: true }),
});
const answering = (id: string, rest: Partial<PluginDefinition> = {}) => plugin(id, { routes: [ping], ...rest });

let portal: TestPlatform | undefined;
afterEach(async () => {
  await portal?.stop();
  portal = undefined;
});

/** A portal that does without any of these plugins, `sound` among them. */
async function boot(...plugins: PluginDefinition[]): Promise<TestPlatform> {
  portal = await createTestPlatform({
    plugins: [...plugins, answering('sound')],
    required: [],
    settings: { pluginStartSeconds: 1 },
  });
  return portal;
}
const ask = (path: string) => (portal as TestPlatform).client().get(path);

class Lost {
  constructor({ library }: any) {
    library.find();
  }
}
const table = { tables: { t: none }, migrations: [sql('0001', 'create table t (a int)')] };

describe.each<[phase: string, code: string, Partial<PluginDefinition>]>([
  ['check', 'faulty-manifest', { kernel: '^99.0.0' }],
  ['migrate', 'migration-failed', { ...table, migrations: [sql('0001', 'create table t (a int); creat')] }],
  ['services', 'service-failed', { services: { lost: Lost } }],
  [
    'start',
    'start-failed',
    {
      start: async () => {
        throw new Error('no connection to the moon');
      },
    },
  ],
  [
    'start',
    'start-timed-out',
    { start: ({ work }) => work(({ knex }) => knex.raw('select 1').then(() => new Promise(() => {}))) },
  ],
])('a plugin that fails at %s (%s)', (phase, code, fault) => {
  test('is out of service with those that require it, and the others serve', async () => {
    await boot(
      answering('bad', { ...table, ...fault }),
      answering('onbad', { requires: { bad: '^1.0.0' } }),
      answering('far', { requires: { onbad: '^1.0.0' } }),
    );
    const ready = await ask('/health/ready');
    expect([ready.status, ready.body.status]).toEqual([200, 'ready']);
    expect(ready.body.plugins).toEqual({
      sound: { state: 'started', version: '1.0.0' },
      bad: { state: 'quarantined', version: '1.0.0', phase, code },
      onbad: { state: 'quarantined', version: '1.0.0', phase, code: 'requires-what-is-out' },
      far: { state: 'quarantined', version: '1.0.0', phase, code: 'requires-what-is-out' },
    });
    for (const id of ['bad', 'onbad', 'far']) {
      const { status, body, headers } = await ask(`/api/${id}/ping`);
      expect([status, headers.get('retry-after')]).toEqual([503, '60']);
      expect(body).toMatchObject({ type: '/problems/plugin-quarantined', plugin: id, phase });
      // The cause is the operator's to read.
      expect(JSON.stringify(body)).not.toMatch(/creat|moon|library|\^99/);
    }
    expect((await ask('/api/sound/ping')).body).toEqual({ ok: true });
    expect((await ask('/metrics')).body).toContain('ilearn_plugin_state{plugin="bad",state="quarantined"} 1');
    const told = portal?.log.filter((line) => line.includes('"out of service"')).map((line) => JSON.parse(line));
    expect(told?.map((line) => line.plugin)).toEqual(['bad', 'onbad', 'far']);
    expect(told?.[0].causes[0]).toMatchObject({ message: expect.any(String), mend: expect.any(String) });
  });
});

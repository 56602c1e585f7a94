import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failing } from './failing.js';

const administrator = '33333333-3333-4333-8333-333333333333';
const teacher = '44444444-4444-4444-8444-444444444444';
const school = '11111111-1111-4111-8111-111111111111';

let portal: TestPlatform;
let admin: TestClient;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [operations, failing] });
  await portal.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  await portal.grant(teacher, [{ tenant: school, role: 'teacher' }]);
  admin = await portal.signIn(administrator);
});
afterAll(() => portal?.stop());

const list = async (state = 'failed') => (await admin.get(`/api/operations/queues?state=${state}`)).body;
const enqueue = (name: string, options?: object): Promise<string> =>
  portal.work('failing', ({ jobs }) => jobs.enqueue(name, { secret: 'Marieke' }, options));

describe('queues', () => {
  test('show what failed and what waits, without payloads', async () => {
    const failed = await enqueue('broken');
    const later = await enqueue('fine', { delaySeconds: 3600 });
    await portal.drain();
    const overview = await list();
    expect(overview).toMatchObject({
      engine: { name: 'database', reachable: true },
      counts: { failed: 1, delayed: 1, running: 0, retrying: 0, waiting: 0 },
      messages: [{ id: failed, plugin: 'failing', kind: 'job', name: 'broken', failures: 1, failure: 'RangeError' }],
    });
    expect((await list('delayed')).messages).toMatchObject([{ id: later, name: 'fine', state: 'delayed' }]);
    expect(JSON.stringify([overview, await list('delayed')])).not.toContain('Marieke');
  });

  test('let an administrator retry a failed message, retry all, or delete one', async () => {
    const [{ id }] = (await list()).messages;
    expect((await admin.post(`/api/operations/queues/failed/${id}/retry`)).status).toBe(204);
    await portal.drain();
    expect((await list()).messages).toMatchObject([{ id, failures: 1 }]);
    expect((await admin.post('/api/operations/queues/failed/retry')).body).toEqual({ count: 1 });
    await portal.drain();
    expect((await admin.delete(`/api/operations/queues/failed/${id}`)).status).toBe(204);
    expect((await admin.delete(`/api/operations/queues/failed/${id}`)).status).toBe(404);
    expect((await admin.post(`/api/operations/queues/failed/${id}/retry`)).status).toBe(404);
    expect((await list()).counts.failed).toBe(0);
  });

  test('do not delete or accelerate waiting messages', async () => {
    const [{ id }] = (await list('delayed')).messages;
    expect((await admin.delete(`/api/operations/queues/failed/${id}`)).status).toBe(404);
    expect((await admin.post(`/api/operations/queues/failed/${id}/retry`)).status).toBe(404);
    expect((await list('delayed')).messages).toHaveLength(1);
  });

  test('are available to portal administrators only', async () => {
    const other = await portal.signIn(teacher);
    for (const client of [other, portal.client()]) {
      const status = client === other ? 403 : 401;
      expect((await client.get('/api/operations/queues')).status).toBe(status);
      expect((await client.post('/api/operations/queues/failed/retry')).status).toBe(status);
    }
  });
});

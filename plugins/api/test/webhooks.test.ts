import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { waitAfter, waits } from '../dist/webhooks/schedule.js';
import { approvedApp, classesScope, createWorld, progressScope, type World } from './world.js';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let world: World;
let receiver: Server;
let address: string;
let app: { id: string };
let endpoint: string;
let secret: string;
const received: Received[] = [];
/** What the receiver answers. */
let answer: { status: number; headers?: Record<string, string> } = { status: 204 };
const types = ['api.grant-changed', 'directory.classes-changed', 'myway.step-done', 'myway.path-finished'];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  world = await createWorld({ http: { api: { hosts: [address] } } });
  app = await approvedApp(world);
  const { body } = await add({ url: `${address}/hook`, types });
  endpoint = body.endpoint.id;
  secret = body.secret;
  await grant([classesScope, progressScope]);
  await world.portal.drain();
});
beforeEach(async () => {
  answer = { status: 204 };
  // What an earlier test left to be tried again.
  await world.portal.work('api', ({ knex }) => knex('deliveries').where({ state: 'waiting' }).update({ state: 'failed' }));
  received.length = 0;
});
afterAll(async () => {
  await world?.portal.stop();
  receiver?.close();
});

const add = (body: object) => world.developer.post(`/api/api/apps/${app.id}/endpoints`, body);
const at = (rest = '') => `/api/api/apps/${app.id}/endpoints/${endpoint}${rest}`;
const grant = (scopes: string[], { id, principal } = world.wissel) =>
  principal.put(`/api/api/schools/${id}/apps/${app.id}`, { scopes });
const step = crypto.randomUUID();
const stepDone = ({ id, pupilId } = world.wissel) =>
  world.portal.work('myway', ({ events }) =>
    events.publish('step-done', {
      school: id,
      assignmentId: '00000000-0000-4000-8000-0000000000aa',
      stepId: step,
      pupilId,
      doneBy: 'pupil',
    }),
  );
const deliveries = async (query = '') =>
  (await world.developer.get(`/api/api/apps/${app.id}/deliveries${query}`)).body.deliveries;
const verify = (key: string, { headers, body }: Received) =>
  new Webhook(key).verify(body, headers as Record<string, string>) as { type: string; timestamp: string; data: object };
const one = async (): Promise<Received> => {
  await expect.poll(() => received.length).toBe(1);
  return received[0] as Received;
};

describe('a message', () => {
  test('has ids only, and a signature that an independent library verifies', async () => {
    await stepDone();
    const got = await one();
    const { wissel } = world;
    expect(verify(secret, got)).toEqual({
      type: 'myway.step-done',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      data: {
        school: wissel.id,
        assignmentId: '00000000-0000-4000-8000-0000000000aa',
        stepId: step,
        pupilId: wissel.pupilId,
        doneBy: 'pupil',
      },
    });
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(() => verify(other, got)).toThrow();
    expect(() => verify(secret, { ...got, body: got.body.replace('step-done', 'step-gone') })).toThrow();
    expect(() => verify(secret, { ...got, headers: { ...got.headers, 'webhook-timestamp': '1700000000' } })).toThrow();
    await expect.poll(async () => (await deliveries())[0]).toMatchObject({ state: 'delivered', tries: 1, lastStatus: 204 });
    expect(got.headers['webhook-id']).toBe((await deliveries())[0].id);
  });

  test('is signed with both secrets while one replaces the other', async () => {
    const { body } = await world.developer.post(at('/secret'), { overlapHours: 1 });
    await stepDone();
    const got = await one();
    for (const each of [secret, body.secret]) expect(verify(each, got).type).toBe('myway.step-done');
    await world.portal.work('api', ({ knex }) => knex('endpoints').update({ old_until: new Date(0) }));
    received.length = 0;
    await stepDone();
    const later = await one();
    expect(() => verify(secret, later)).toThrow();
    secret = body.secret;
    expect(verify(secret, later).type).toBe('myway.step-done');
  });

  test('is sent only for schools that granted its scope, and not after they took it back', async () => {
    await stepDone(world.brug);
    await grant([classesScope]);
    const told = verify(secret, await one());
    expect([told.type, told.data]).toEqual(['api.grant-changed', { school: world.wissel.id }]);
    await stepDone();
    await world.portal.drain();
    expect(received).toHaveLength(1);
    // Stored while the scope was granted, sent after it was not.
    await grant([classesScope, progressScope]);
    await world.portal.drain();
    answer = { status: 500 };
    await stepDone();
    await expect.poll(async () => (await deliveries('?state=waiting')).length).toBe(1);
    await grant([classesScope]);
    const [waiting] = await deliveries('?state=waiting');
    await world.developer.post(`/api/api/apps/${app.id}/deliveries/${waiting.id}/replay`);
    await expect.poll(async () => (await deliveries('?state=dropped')).length).toBe(1);
    answer = { status: 204 };
    await grant([classesScope, progressScope]);
  });
});

test('nothing is sent for an app that the portal stopped, nor without a secret to sign with', async () => {
  const { administrator, portal, wissel } = world;
  await administrator.post(`/api/api/apps/${app.id}/suspend`, { reason: 'Lekte gegevens' });
  await stepDone();
  expect((await wissel.principal.delete(`/api/api/schools/${wissel.id}/apps/${app.id}`)).status).toBe(204);
  await expect.poll(async () => (await deliveries('?state=dropped'))[0]?.type).toBe('api.grant-changed');
  const { body } = await world.developer.get(`/api/api/apps/${app.id}`);
  const { name, description, website, scopes } = body.app;
  await administrator.post(`/api/api/apps/${app.id}/approve`, { name, description, website, scopes });
  // As after the loss of the portal's key.
  const [{ secret: sealed }] = await portal.work('api', ({ knex }) => knex('endpoints').where({ id: endpoint }).select('secret'));
  await portal.work('api', ({ knex }) =>
    knex('endpoints')
      .where({ id: endpoint })
      .update({ secret: Buffer.alloc(60) }),
  );
  await grant([classesScope, progressScope]);
  await expect.poll(async () => (await deliveries('?state=waiting'))[0]?.lastFailure).toBe('no-secret');
  await portal.work('api', ({ knex }) => knex('endpoints').where({ id: endpoint }).update({ secret: sealed }));
  expect(received).toEqual([]);
});

describe('an endpoint that fails', () => {
  // A success resets the circuit breaker, which the failures of several tests in a row would open.
  beforeEach(async () => {
    await world.developer.post(at('/try-out'));
    await one();
    received.length = 0;
  });

  test.each([
    [500, {}, 'status'],
    [302, { location: '/elsewhere' }, 'status'],
  ])('with %d is tried again later, and its redirect is not followed', async (status, headers, failure) => {
    answer = { status, headers };
    await stepDone();
    await one();
    await expect.poll(async () => (await deliveries('?state=waiting'))[0]?.tries).toBe(1);
    const [waiting] = await deliveries('?state=waiting');
    expect(waiting).toMatchObject({ lastStatus: status, lastFailure: failure });
    const wait = Date.parse(waiting.nextAt) - Date.now();
    expect(wait).toBeGreaterThan(1_000);
    expect(wait).toBeLessThan(7_000);
    expect(received.map(({ path }) => path)).toEqual(['/hook']);
    // By hand, at once, with the same id.
    answer = { status: 200 };
    await world.developer.post(`/api/api/apps/${app.id}/deliveries/${waiting.id}/replay`);
    await expect.poll(() => received.length).toBe(2);
    expect(new Set(received.map((each) => each.headers['webhook-id']))).toEqual(new Set([waiting.id]));
    // Recorded after the receiver has answered.
    const tries = async () => (await world.developer.get(`/api/api/apps/${app.id}/deliveries/${waiting.id}/tries`)).body;
    await expect.poll(async () => (await tries()).map((each: { status: number }) => each.status)).toEqual([200, status]);
  });

  test('is tried again by itself', async () => {
    answer = { status: 503 };
    await stepDone();
    await one();
    answer = { status: 200 };
    await expect.poll(() => received.length, { timeout: 15_000 }).toBe(2);
    await expect.poll(async () => (await deliveries('?state=waiting')).length).toBe(0);
  });

  test('with 410 is stopped; what happens then is kept, and replayed by range', async () => {
    const from = new Date();
    answer = { status: 410 };
    await stepDone();
    await one();
    const shown = async () => (await world.developer.get(`/api/api/apps/${app.id}`)).body.endpoints[0];
    await expect.poll(async () => (await shown()).state).toBe('stopped');
    expect((await shown()).stoppedBecause).toBe('gone');
    await stepDone();
    await expect.poll(async () => (await deliveries('?state=held')).length).toBe(1);
    answer = { status: 200 };
    received.length = 0;
    await world.developer.patch(at(), { on: true });
    const range = { from: from.toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
    expect((await world.developer.post(at('/replay'), range)).body).toEqual({ replayed: 2, more: false });
    await expect.poll(() => received.length).toBe(2);
    for (const each of received) expect(verify(secret, each).type).toBe('myway.step-done');
  });

  test('that is switched off gets nothing, not even what is replayed', async () => {
    await world.developer.patch(at(), { on: false });
    const [{ id }] = await deliveries('?state=delivered');
    await world.developer.post(`/api/api/apps/${app.id}/deliveries/${id}/replay`);
    await expect.poll(async () => (await deliveries('?state=held'))[0]?.id).toBe(id);
    await stepDone();
    await world.portal.drain();
    expect(received).toEqual([]);
    await world.developer.patch(at(), { on: true });
  });

  test('is tried ten times over 76 hours, or as the receiver asks', () => {
    const plan = [...waits.keys()].map((index) => waitAfter(index + 1, null, 0) as number);
    expect(plan).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(plan.reduce((sum, wait) => sum + wait) / 3_600).toBeCloseTo(75.6, 1);
    expect(waitAfter(10, null, 0)).toBeNull();
    expect(waitAfter(1, 120, 0.5)).toBe(120);
    expect(waitAfter(1, 1e9, 0.5)).toBe(86_400);
  });
});

test('an address inside the network, or without https, is refused before anything is sent', async () => {
  const addresses = [
    'http://example.org/hook',
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/hook',
    'https://user:word@example.org/hook',
    'ftp://example.org/hook',
  ];
  for (const url of addresses) {
    const { status, body } = await add({ url, types });
    expect([url, status, body.type]).toEqual([url, 422, '/problems/api/address-refused']);
  }
});

test('a secret of an endpoint is stored encrypted, and shown once', async () => {
  const rows = await world.portal.work('api', ({ knex }) => knex('endpoints').select('secret'));
  for (const { secret: sealed } of rows) expect(sealed.toString('latin1')).not.toContain(secret.slice(6, 30));
  expect(JSON.stringify((await world.developer.get(`/api/api/apps/${app.id}`)).body)).not.toContain('whsec_');
});

test('the list of messages is paged without losing or repeating one', async () => {
  const ids = new Set<string>();
  let path: string | null = `/api/api/apps/${app.id}/deliveries?limit=3`;
  let pages = 0;
  while (path !== null) {
    const { body, headers } = await world.developer.get(path);
    for (const { id } of body.deliveries) ids.add(id);
    path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
    pages += 1;
  }
  const all = await deliveries('?limit=100');
  expect([...ids].sort()).toEqual(all.map(({ id }: { id: string }) => id).sort());
  expect(pages).toBeGreaterThan(2);
});

test('erasing a pupil removes the messages about them, and their tries', async () => {
  const { pupilId } = world.wissel;
  const count = (table: string) =>
    world.portal.work(
      'api',
      async ({ knex }) => (await knex(table).whereRaw('?? ::text like ?', [table, `%${pupilId}%`])).length,
    );
  expect(await count('deliveries')).toBeGreaterThan(3);
  await erase(world.portal, pupilId);
  expect(await count('deliveries')).toBe(0);
  const orphans = await world.portal.work('api', ({ knex }) =>
    knex('delivery_tries').whereNotExists(knex('deliveries').whereRaw('deliveries.id = delivery_tries.delivery_id')),
  );
  expect(orphans).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { createJiti } from 'jiti';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortalFolder } from './support/command.js';
import { lotte, north, south } from './support/fixtures.js';
import { outsideCalls, registry } from './support/machine-routes.js';

const scopes = ['registry.notes:read', 'registry.notes:write'];
let portal: TestPlatform;
let second: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [registry] });
  second = await createTestPlatform({ plugins: [registry], beside: portal });
});
afterAll(async () => {
  await second.stop();
  await portal.stop();
});

const notes = (): Promise<{ text: string }[]> => portal.work('registry', ({ knex }) => knex('notes').orderBy('id'));
const rateOf = ({ headers }: { headers: Headers }) =>
  Number(/^"client";r=(\d+);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]);

describe('K16: the budget of a machine', () => {
  test('is shared by all processes, and spent by cost; nothing of it is spent by a refused call', async () => {
    const of = { client: randomUUID(), scopes, tenants: [north], budget: 12 };
    const [one, other] = [portal.machine(of), portal.machine(of)];
    const elsewhere = (path: string) => fetch(new URL(path, second.url), { headers: headersOf(other) });
    const first = await one.get('/api/registry/dear');
    expect([first.status, first.headers.get('ratelimit-policy'), rateOf(first)]).toEqual([200, '"client";q=12;w=60', 7]);
    const next = await elsewhere('/api/registry/dear');
    expect([next.status, rateOf(next)]).toEqual([200, 2]);
    const refused = await one.get('/api/registry/dear');
    expect([refused.status, refused.body.type, refused.body['violated-policies']]).toEqual([
      429,
      '/problems/quota-exceeded',
      ['client'],
    ]);
    // Three units are missing, and one comes back every five seconds.
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(15);
    expect((await elsewhere('/api/registry/notes')).status).toBe(200);
  });

  test('holds for each tenant by itself: choosing tenants anew gives nothing more', async () => {
    const client = randomUUID();
    const spend = async (tenants: string[]) =>
      (await portal.machine({ client, scopes, tenants, budget: 5 }).get('/api/registry/dear')).status;
    expect(await spend([north])).toBe(200);
    expect(await spend([north, south])).toBe(429);
    expect(await spend([south])).toBe(200);
    expect(await spend([south])).toBe(429);
  });

  test('of one minute is all that twenty calls at once can spend, on two processes', async () => {
    const of = { client: randomUUID(), scopes, tenants: [north], budget: 8 };
    const headers = headersOf(portal.machine(of));
    const calls = Array.from({ length: 20 }, (_, index) =>
      fetch(new URL('/api/registry/notes', index % 2 === 0 ? portal.url : second.url), { headers }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    const served = statuses.filter((status) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(8);
    // One unit comes back in 7.5 seconds.
    expect(served).toBeLessThanOrEqual(10);
  });

  test('that is smaller than the cost of a call admits it when it is full', async () => {
    const machine = portal.machine({ scopes, tenants: [north], budget: 1 });
    expect((await machine.get('/api/registry/dear')).status).toBe(200);
    expect((await machine.get('/api/registry/notes')).status).toBe(429);
  });

  test('is charged for refusals, and no person has one', async () => {
    const machine = portal.machine({ scopes: [], tenants: [north], budget: 1 });
    expect((await machine.get('/api/registry/notes')).status).toBe(403);
    expect((await machine.get('/api/registry/notes')).status).toBe(429);
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    expect((await (await portal.signIn(lotte)).get('/api/registry/notes')).headers.get('ratelimit')).toBeNull();
  });
});

const headersOf = (client: TestClient): Record<string, string> => client.headers;

describe('K16: an Idempotency-Key', () => {
  const machine = (tenants = [north], client = randomUUID()) => portal.machine({ client, scopes, tenants });
  const write = (client: TestClient, key: string, body: object = { school: north, text: 'once' }, path = 'notes') =>
    client.post(`/api/registry/${path}`, body, { headers: { 'idempotency-key': key } });

  test('carries a write out once, and answers retries the same, on every process', async () => {
    const client = machine();
    const key = `"${randomUUID()}"`;
    const before = (await notes()).length;
    const first = await write(client, key);
    const again = await write(client, key);
    expect(first.status).toBe(201);
    expect([again.status, again.body, again.headers.get('x-row')]).toEqual([201, first.body, first.headers.get('x-row')]);
    const elsewhere = await fetch(new URL('/api/registry/notes', second.url), {
      method: 'POST',
      headers: { ...headersOf(client), 'idempotency-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ school: north, text: 'once' }),
    });
    expect([elsewhere.status, await elsewhere.json()]).toEqual([201, first.body]);
    expect((await notes()).length).toBe(before + 1);
  });

  test('with another body, address or method is a 422', async () => {
    const client = machine();
    const key = randomUUID();
    const { body } = await write(client, key);
    expect((await write(client, key, { school: north, text: 'other' })).body.type).toBe('/problems/idempotency-key-used');
    const headers = { 'idempotency-key': key };
    expect((await client.post('/api/registry/notes?x=1', { school: north, text: 'once' }, { headers })).status).toBe(422);
    expect((await client.delete(`/api/registry/notes/${body.id}`, { headers })).status).toBe(422);
  });

  test('belongs to one client, and to its tenants', async () => {
    const id = randomUUID();
    const key = randomUUID();
    const first = await write(machine([north], id), key);
    const other = await write(machine([north]), key);
    const wider = await write(machine([north, south], id), key);
    expect(new Set([first.body.id, other.body.id, wider.body.id]).size).toBe(3);
  });

  test('that fails stores nothing: the retry begins anew, and a returned problem is replayed', async () => {
    const client = machine();
    const before = (await notes()).length;
    for (const [how, status] of [
      ['throw', 500],
      ['refuse', 409],
    ] as const) {
      const key = randomUUID();
      for (let tried = 0; tried < 2; tried++)
        expect((await write(client, key, { school: north, text: 'x', how })).status).toBe(status);
    }
    expect((await notes()).length).toBe(before);
    const key = randomUUID();
    const [one, two] = [
      await write(client, key, { school: north, text: 'x', how: 'return' }),
      await write(client, key, { school: north, text: 'x', how: 'return' }),
    ];
    expect([one.status, one.body.row]).toEqual([409, two.body.row]);
    expect((await notes()).length).toBe(before + 1);
  });

  test('sent ten times at once writes once; the others are answered the same, or told to wait', async () => {
    const client = machine();
    const key = randomUUID();
    const before = (await notes()).length;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => write(client, key, { school: north, text: 'race', how: 'wait' })),
    );
    const kinds = new Set(answers.map(({ status, body }) => (status === 201 ? 'done' : body.type)));
    expect([...kinds].every((kind) => ['done', '/problems/request-running'].includes(kind))).toBe(true);
    expect(new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))).size).toBe(1);
    expect((await notes()).length).toBe(before + 1);
  });

  test('does not repeat what a route does outside its unit of work', async () => {
    const client = machine();
    const key = randomUUID();
    const before = outsideCalls.count;
    const first = await write(client, key, { school: north }, 'calls');
    expect((await write(client, key, { school: north }, 'calls')).body).toEqual(first.body);
    expect(outsideCalls.count).toBe(before + 1);
  });

  test('is forgotten after a day, and its answer when a person is erased', async () => {
    const client = machine();
    const key = randomUUID();
    const first = await write(client, key);
    await portal.platform.runner.run({}, async ({ unit }) => {
      const { rows } = await unit.kernel<{ id: string }>(`insert into kernel.erasures (person_id) values ($1) returning id`, [
        randomUUID(),
      ]);
      await unit.kernel(`update kernel.erasures set state = 'done', person_id = null where id = $1`, [rows[0]?.id]);
    });
    expect((await write(client, key)).body.type).toBe('/problems/answer-forgotten');
    await portal.platform.runner.run({}, ({ unit }) =>
      unit.kernel(`update kernel.machine_answers set created_at = now() - interval '25 hours'`),
    );
    const later = await write(client, key);
    expect([later.status, later.body.id === first.body.id]).toEqual([201, false]);
  });

  test.each(['""', '"a', 'a b', 'x'.repeat(256), '"é"'])('that is malformed (%s) is a 400', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') };
    const { status } = await machine().post('/api/registry/notes', { school: north, text: 'x' }, { headers });
    expect(status).toBe(400);
  });
});

describe('K16: a cursor', () => {
  const linkOf = ({ headers }: { headers: Headers }) => /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  const reader = () => portal.machine({ scopes, tenants: [south], budget: 100_000 });

  beforeAll(() =>
    portal.work('registry', ({ knex }) =>
      knex('notes').insert(['b', 'a', 'a', 'é', 'c'].map((text) => ({ school_id: south, text: `p${text}` }))),
    ),
  );

  test('leads through the whole list, rows with the same key too, while rows are added', async () => {
    const client = reader();
    const texts: string[] = [];
    let next: string | undefined = '/api/registry/pages?q=p';
    while (next !== undefined) {
      const page: { body: any; headers: Headers } = await client.get(next);
      texts.push(...page.body.texts);
      next = linkOf(page);
      expect(page.body.more).toBe(next !== undefined);
    }
    expect(texts.sort()).toEqual(['pa', 'pa', 'pb', 'pc', 'pé'].sort());
  });

  test('is the same for the same place, shows nothing, and opens no other list or filter', async () => {
    const client = reader();
    const [one, two] = [await client.get('/api/registry/pages?q=p'), await client.get('/api/registry/pages?q=p')];
    expect([one.headers.get('link'), one.headers.get('etag')]).toEqual([two.headers.get('link'), two.headers.get('etag')]);
    const cursor = new URL(linkOf(one) as string, portal.url).searchParams.get('after') as string;
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('pa');
    expect((await client.get(`/api/registry/pages?q=p&after=${cursor}&limit=1`)).status).toBe(200);
    for (const query of [`after=${cursor}`, `q=pa&after=${cursor}`, `q=p&x=1&after=${cursor}`]) {
      const { status, body } = await client.get(`/api/registry/pages?${query}`);
      expect([status, body.type]).toEqual([400, '/problems/unknown-cursor']);
    }
  });

  test('that was changed in any place is a 400', async () => {
    const client = reader();
    const cursor = new URL(linkOf(await client.get('/api/registry/pages?q=p')) as string, portal.url).searchParams.get(
      'after',
    ) as string;
    const change = fc.tuple(
      fc.nat(cursor.length - 1),
      fc.constantFrom(...'AZaz09-_+/=.% '),
      fc.constantFrom('replace', 'insert', 'cut'),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([at, character, how]) => {
        const rest = cursor.slice(how === 'insert' ? at : at + 1);
        const changed = how === 'cut' ? cursor.slice(0, at) : `${cursor.slice(0, at)}${character}${rest}`;
        fc.pre(changed !== cursor);
        const { status } = await client.get(`/api/registry/pages?q=p&after=${encodeURIComponent(changed)}`);
        expect(status).toBe(400);
      }),
      { numRuns: 150 },
    );
  });
});

test('the plugin of docs/plugins.md works as it stands there', async () => {
  const page = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /### Machines[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('loans', 'index.ts', source);
  const { default: loans } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'loans', 'index.ts'),
  );
  await folder.remove();
  const other = await createTestPlatform({ plugins: [loans] });
  try {
    const machine = other.machine({ scopes: ['loans.loans:read', 'loans.loans:write'], tenants: [north] });
    for (const title of ['Tent', 'Drum', 'Ball']) {
      const headers = { 'idempotency-key': title };
      for (const _ of [1, 2])
        expect((await machine.post('/api/loans/loans', { school: north, title }, { headers })).status).toBe(201);
    }
    const first = await machine.get('/api/loans/loans?limit=2');
    const [, next = ''] = /<(.*)>/.exec(first.headers.get('link') ?? '') ?? [];
    const titles = [first, await machine.get(next)].map(({ body }) => body.loans.map(({ title }: { title: string }) => title));
    expect(titles).toEqual([['Ball', 'Drum'], ['Tent']]);
  } finally {
    await other.stop();
  }
});

test('K16: a deprecated route says so in its answers, its refusals and the OpenAPI document', async () => {
  const found = await portal.machine({ scopes, tenants: [north] }).get('/api/registry/dear');
  const refused = await portal.client().get('/api/registry/dear');
  for (const { headers } of [found, refused]) {
    expect(headers.get('deprecation')).toBe(`@${Date.UTC(2026, 8, 1) / 1000}`);
    expect(headers.get('sunset')).toBe('Wed, 01 Sep 2027 00:00:00 GMT');
    expect(headers.get('link')).toBe('<https://example.org/notes>; rel="deprecation"');
  }
  const { body } = await (await portal.signIn(lotte)).get('/api/openapi.json');
  expect(body.components.securitySchemes.machine).toMatchObject({ type: 'http', scheme: 'bearer' });
  const { get } = body.paths['/api/registry/dear'];
  expect(get).toMatchObject({
    deprecated: true,
    security: [{ session: [] }, { machine: ['registry.notes:read'] }],
    'x-machines': { scope: 'registry.notes:read', cost: 5 },
  });
  expect(Object.keys(get.responses[200].headers)).toEqual(['RateLimit', 'RateLimit-Policy', 'Deprecation', 'Sunset']);
  expect(body.paths['/api/registry/notes'].post.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key' }));
  expect(body.paths['/api/registry/own'].get['x-machines']).toEqual({ none: 'It concerns the signed-in person.' });
});

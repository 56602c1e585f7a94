import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPlugins } from '../dist/plugins/check.js';
import { lotte, north, plugin, south } from './support/fixtures.js';
import { keys, registry } from './support/machine-routes.js';

const client = '77777777-7777-4777-8777-777777777777';
const read = 'registry.notes:read';
const clients = {
  northern: { client, scopes: [read], tenants: [north] },
  southern: { client: '88888888-8888-4888-8888-888888888888', scopes: [read], tenants: [south] },
  scopeless: { client, scopes: ['registry.notes:write', 'other.notes:read'], tenants: [north] },
  nowhere: { client, scopes: [read], tenants: [] },
  odd: { client: 'not-a-uuid', scopes: [read], tenants: [north] },
  greedy: { client, scopes: [read], tenants: ["north' or true"] },
};

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [registry, keys] });
  await portal.work('keys', ({ knex }) =>
    knex('tokens').insert(Object.entries(clients).map(([token, found]) => ({ token, client: JSON.stringify(found) }))),
  );
  await portal.work('registry', ({ knex }) =>
    knex('notes').insert([
      { school_id: north, text: 'N' },
      { school_id: south, text: 'S' },
    ]),
  );
  await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
});
afterAll(() => portal.stop());

const bearer = (token: string): TestClient => portal.client().setHeader('authorization', `Bearer ${token}`);

describe('K16: a machine', () => {
  test('sees the rows of its tenants, and of no other', async () => {
    expect((await bearer('northern').get('/api/registry/notes')).body).toEqual({ texts: ['N'] });
    expect((await bearer('southern').get('/api/registry/notes')).body).toEqual({ texts: ['S'] });
    expect((await bearer('nowhere').get('/api/registry/notes')).body).toEqual({ texts: [] });
    expect((await portal.machine({ scopes: [read], tenants: '*' }).get('/api/registry/notes')).body).toEqual({
      texts: ['N', 'S'],
    });
  });

  test('without the scope is told which one it needs', async () => {
    const { status, body, headers } = await bearer('scopeless').get('/api/registry/notes');
    expect([status, body.type, body.scope]).toEqual([403, '/problems/missing-scope', read]);
    expect(headers.get('www-authenticate')).toBe(`Bearer realm="i-Learn", error="insufficient_scope", scope="${read}"`);
  });

  test('is refused where only people may go, with the reason', async () => {
    const { status, body } = await bearer('northern').get('/api/registry/own');
    expect([status, body.detail]).toEqual([403, 'Only people may call this. It concerns the signed-in person.']);
  });

  test.each([
    ['an unknown token', 'Bearer forged', 401, 'invalid_token'],
    ['a token with quotes in it', `Bearer ' or true --`, 400, 'invalid_request'],
    ['no token', 'Bearer', 400, 'invalid_request'],
    ['two tokens', 'Bearer a, Bearer b', 400, 'invalid_request'],
    ['a long token', `Bearer ${'a'.repeat(9_000)}`, 400, 'invalid_request'],
  ])('with %s is challenged', async (_, authorization, status, error) => {
    const answer = await portal.client().get('/api/registry/notes', { headers: { authorization } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toContain(`error="${error}"`);
  });

  test('with another scheme counts as nobody', async () => {
    const answer = await portal.client().get('/api/registry/notes', { headers: { authorization: 'Basic eDp5' } });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="i-Learn"']);
  });

  test('with a session cookie as well is refused, on public routes too', async () => {
    for (const path of ['notes', 'open']) {
      const both = (await portal.signIn(lotte)).setHeader('authorization', 'Bearer northern');
      const { status, body } = await both.get(`/api/registry/${path}`);
      expect([status, body.type]).toEqual([400, '/problems/two-credentials']);
    }
  });

  test('is nobody in particular on a public route', async () => {
    expect((await bearer('forged').get('/api/registry/open')).body).toEqual({ kind: 'anonymous' });
  });

  test('needs no page of the portal to write, and gets no cookie', async () => {
    const writer = portal.machine({ scopes: ['registry.notes:write'], tenants: [north] });
    const headers = { origin: 'https://partner.example', 'sec-fetch-site': 'cross-site' };
    const answer = await writer.post('/api/registry/notes', { school: north, text: 'M' }, { headers });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([201, null]);
    await writer.delete(`/api/registry/notes/${answer.body.id}`);
  });

  test('writes no row of a second tenant, and removes none', async () => {
    const writer = portal.machine({ scopes: ['registry.notes:write'], tenants: [south] });
    expect((await writer.post('/api/registry/notes', { school: north, text: 'M' })).status).toBeGreaterThanOrEqual(400);
    await writer.delete('/api/registry/notes/1');
    expect((await bearer('northern').get('/api/registry/notes')).body).toEqual({ texts: ['N'] });
  });

  test('is named in the audit log as a client', async () => {
    const audited = await portal.platform.runner.run({}, ({ unit }) =>
      unit.kernel(`select actor_kind, client from kernel.audit_entries where client is not null limit 1`),
    );
    expect(audited.rows).toEqual([{ actor_kind: 'service', client }]);
  });
});

describe('K16: the plugin that knows the tokens', () => {
  test('learns every scope of the portal', async () => {
    expect(await portal.work('keys', ({ scopeList }) => scopeList.names())).toEqual([
      { name: 'registry.notes:read', plugin: 'registry', title: 'scopes.read' },
      { name: 'registry.notes:write', plugin: 'registry', title: 'scopes.write' },
    ]);
  });

  test.each(['broken', 'writes', 'odd', 'greedy'])('that fails (%s) lets nobody in, and the rest serves', async (token) => {
    const { status, body } = await bearer(token).get('/api/registry/notes');
    expect([status, body.type]).toEqual([503, '/problems/token-not-checked']);
    expect((await bearer('northern').get('/api/registry/notes')).status).toBe(200);
  });
});

test('K16: what a manifest says wrongly of machines is a fault with its place', () => {
  const route = (more: object) => ({
    method: 'GET',
    path: '/',
    summary: 's',
    permission: 'signed-in',
    responses: { 204: { description: '' } },
    handler: () => undefined,
    ...more,
  });
  const faultsOf = (rest: object) =>
    checkPlugins([{ definition: plugin('odd', rest as never), origin: 'odd', rawConfig: undefined }]).faults.map(
      ({ where, message }) => `${where}: ${message}`,
    );
  expect(faultsOf({ routes: [route({})] })).toEqual(['routes GET /: It does not say which machines may call it.']);
  expect(faultsOf({ routes: [route({ permission: 'public', machines: { none: 'x' } })] })).toEqual([
    'routes GET /: It is public, so machines may call it without a token.',
  ]);
  expect(faultsOf({ scopes: { 'notes:read': 't' }, routes: [route({ machines: { scope: 'notes:reed' } })] })).toEqual([
    'routes GET / machines.scope: The manifest declares no scope "notes:reed". Did you mean "notes:read"?',
  ]);
  expect(faultsOf({ scopes: { Notes: 't' } })).toEqual(['scopes.Notes: "Notes" is not the name of a scope.']);
  expect(faultsOf({ identifyMachine: async () => null })).toEqual(['identifyMachine: It needs the privilege machines.']);
  expect(faultsOf({ privileges: ['machines'] })).toEqual(['privileges: It has the privilege machines without identifyMachine.']);
  const dated = { machines: { none: 'x' }, deprecated: { since: '2027-01-01', sunset: '2026-01-01' } };
  expect(faultsOf({ routes: [route(dated)] })).toEqual(['routes GET / deprecated.sunset: It ends before it is deprecated.']);
  for (const machines of [{}, { none: '' }, { scope: 'a:b', cost: 0 }, { scope: 'a:b', none: 'x' }]) {
    expect(faultsOf({ routes: [route({ machines })] })[0]).toContain('routes.0.machines');
  }
});

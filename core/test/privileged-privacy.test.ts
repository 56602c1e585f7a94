import { reply, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { diary } from './support/diary.js';
import { askExport } from './support/exports.js';
import { bram, lotte, north, plugin, south } from './support/fixtures.js';

const route = routeFor<any>();
const params = z.object({ id: z.uuid() });
const ask = (path: string, fn: (privacy: any, id: string) => Promise<unknown>) =>
  route({
    method: 'GET',
    path: `/people/:id/${path}`,
    summary: path,
    permission: 'officer:ask',
    machines: { none: 'a test' },
    ...(path === 'erase' ? { changes: 'The erasure is asked for.' } : {}),
    params,
    audit: { none: 'The kernel notes what the privilege is used for.' },
    responses: { 200: z.any() },
    handler: async ({ services: { privacy }, params: { id } }) => fn(privacy, id),
  });

/** Hands on what the privilege gives. */
const officer = plugin('officer', {
  privileges: ['privacy'],
  permissions: { 'officer:ask': ['principal', 'portal-administrator'] },
  routes: [
    route({
      method: 'POST',
      path: '/people/:id/export',
      summary: 'export',
      permission: 'officer:ask',
      machines: { none: 'a test' },
      params,
      responses: { 202: z.any() },
      handler: async ({ services: { privacy }, params: { id } }) => reply(202, await privacy.export(id)),
    }),
    ask('export', async (privacy, id) => ({ export: await privacy.exportStatus(id) })),
    route({
      method: 'GET',
      path: '/people/:id/export/file',
      summary: 'export',
      permission: 'officer:ask',
      machines: { none: 'a test' },
      params,
      audit: { none: 'The kernel notes what the privilege is used for.' },
      responses: { 200: { description: 'zip', contentType: 'application/zip' }, 404: z.object({}) },
      handler: async ({ services: { privacy }, params: { id } }) => (await privacy.exportFile(id))?.content ?? reply(404, {}),
    }),
    ask('audit', (privacy, id) => privacy.audit(id)),
    ask('older', async (privacy, id) => privacy.audit(id, { before: (await privacy.audit(id, { limit: 1 }))[0].id, limit: 2 })),
    ask('erasable', (privacy, id) => privacy.erasable(id)),
    ask('erase', (privacy, id) => privacy.erase(id)),
    ask('erasures', (privacy) => privacy.erasures()),
    ask('status', (privacy, id) => privacy.status(id)),
    route({
      method: 'GET',
      path: '/people',
      summary: 'All that it is given',
      permission: 'officer:ask',
      machines: { none: 'a test' },
      responses: { 200: z.object({}) },
      handler: () => ({}),
    }),
  ],
});

const head = '77777777-7777-4777-8777-777777777777';
const root = '88888888-8888-4888-8888-888888888888';
let portal: TestPlatform;
let principal: TestClient;
let administrator: TestClient;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary, officer] });
  await portal.grant(head, [
    { tenant: north, role: 'principal' },
    { tenant: south, role: 'teacher' },
  ]);
  await portal.grant(root, [{ tenant: null, role: 'portal-administrator' }]);
  await portal.grant(bram, [{ tenant: south, role: 'teacher' }]);
  await portal.grant(lotte, [
    { tenant: north, role: 'pupil' },
    { tenant: south, role: 'pupil' },
  ]);
  principal = await portal.signIn(head);
  administrator = await portal.signIn(root);
  await portal.work('diary', async ({ knex, jobs }) => {
    for (const [tenant, text] of [
      [north, 'in the north'],
      [south, 'in the south'],
    ]) {
      await knex('pages').insert({ school_id: tenant, pupil_id: lotte, text });
    }
    await jobs.enqueue('remind', { person: lotte }, { delaySeconds: 3600 });
  });
  // Somebody of the south looks at her there.
  await (await portal.signIn(bram)).get(`/api/diary/pupils/${lotte}/pages/x`);
});
afterAll(() => portal?.stop());

const of = (client: TestClient, what: string, id = lotte) => client.get(`/api/officer/people/${id}/${what}`);
const exportBy = async (client: TestClient) => {
  const { files } = await askExport(portal, client, `/api/officer/people/${lotte}/export`);
  return JSON.parse(strFromU8(files['export.json'] as Uint8Array));
};
const rowsOf = (archive: any, table: string) =>
  archive.plugins.flatMap(({ tables }: any) => tables).find((each: any) => each.table === table)?.rows ?? [];

describe('a plugin with the privilege, for a person of one tenant', () => {
  test('exports what that tenant stores about a person, and states this limit', async () => {
    const body = await exportBy(principal);
    expect(body.tenants).toEqual([north]);
    expect(rowsOf(body, 'pages').map(({ text }: any) => text)).toEqual(['in the north']);
    expect(rowsOf(body, 'role_grants')).toEqual([{ tenant_id: north, role: 'pupil' }]);
    expect(rowsOf(body, 'messages')).toEqual([]);
    const whole = await exportBy(administrator);
    expect(rowsOf(whole, 'pages')).toHaveLength(2);
    expect(rowsOf(whole, 'messages')).toHaveLength(1);
    expect(whole.tenants).toBe('*');
  });

  test('lists who saw and changed what there, and nothing of other tenants', async () => {
    const seen = (await of(principal, 'audit')).body;
    expect(seen.map(({ route, actor }: any) => [route, actor]).filter(([route]: any) => !route.startsWith('POST'))).toEqual([
      ['officer: export file', root],
      ['officer: export', root],
      ['officer: export file', head],
      ['officer: export', head],
    ]);
    const [, , there] = (await of(administrator, 'audit')).body;
    const all = (await of(administrator, 'audit')).body;
    expect(there).toBeDefined();
    expect(all.at(-1)).toMatchObject({
      actor: bram,
      plugin: 'diary',
      route: 'GET /api/diary/pupils/:pupil/pages/:nick',
      summary: expect.any(String),
    });
    const older = (await of(administrator, 'older')).body;
    expect(older).toHaveLength(2);
    expect(older.every(({ id }: any) => Number(id) > Number(all.at(-1).id))).toBe(true);
  });

  test('may not do what affects every tenant of a person', async () => {
    for (const what of ['erasable', 'erase', 'erasures', 'status']) expect((await of(principal, what)).status).toBe(403);
    expect((await of(administrator, 'erasures')).body).toEqual([]);
  });

  test('is recorded for every call, as are its own routes', async () => {
    await of(administrator, 'erasable');
    await administrator.get('/api/officer/people');
    const { rows } = await (await portal.platform.home()).pool.query(
      `select distinct route from kernel.audit_entries where plugin = 'kernel' or plugin = 'officer' order by route`,
    );
    expect(rows.map(({ route }: any) => route)).toEqual([
      'GET /api/officer/people',
      'POST /api/officer/people/:id/export',
      'officer: audit',
      'officer: erasable',
      'officer: export',
      'officer: export file',
    ]);
  });
});

test('erasures are listed with the person while it is known, and without it when done', async () => {
  const told = (await of(administrator, 'erasable')).body;
  expect(told).toContainEqual({ plugin: 'diary', table: 'pages', action: 'deleted', rows: 2, title: 'diary: pages' });
  const { body: asked } = await of(administrator, 'erase');
  expect(asked).toMatchObject({ state: 'running', personId: lotte, nextTryAt: null });
  await expect
    .poll(async () => (await of(administrator, 'erasures')).body, { timeout: 20_000 })
    .toMatchObject([{ id: asked.id, state: 'done', personId: null, failure: null }]);
});

import { definePlugin, routeFor, notFound } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const route = routeFor<any>();
const a = definePlugin({
  id: 'alpha', version: '1.0.0',
  permissions: { 'note:read': ['teacher'], 'note:write': ['teacher'] },
  tables: { notes: { school: 'school_id' } },
  migrations: [{ name: '0001', up: 'create table notes (id uuid primary key default gen_random_uuid(), school_id uuid not null, text text not null); create view note_texts as select school_id, text from notes', down: 'drop table notes' }],
  exports: { views: ['note_texts'], services: ['notes'] },
  services: { notes: class { knex: any; events: any; constructor({ knex, events }: any) { this.knex = knex; this.events = events; } async add(school: string, text: string) { await this.knex('notes').insert({ school_id: school, text }); await this.events.publish('added', { text }); } all() { return this.knex('notes').select('text'); } } },
  events: { added: z.object({ text: z.string() }) },
  routes: [
    route({ method: 'GET', path: '/notes', summary: 'x', permission: 'note:read', responses: { 200: z.object({ notes: z.array(z.object({ text: z.string() })) }) }, handler: async ({ services }) => ({ notes: await services.notes.all() }) }),
    route({ method: 'POST', path: '/notes', summary: 'x', permission: 'note:write', body: z.object({ school: z.uuid(), text: z.string() }), responses: { 201: z.object({ ok: z.boolean() }) }, handler: async ({ services, body }) => { await services.notes.add(body.school, body.text); return { ok: true }; } }),
  ],
});
const b = definePlugin({
  id: 'beta', version: '1.0.0', requires: { alpha: '^1.0.0' },
  tables: { seen: { school: { none: 'test' } } },
  migrations: [{ name: '0001', up: 'create table seen (text text)', down: 'drop table seen' }],
  services: { steal: class { knex: any; alpha: any; constructor({ knex, alpha }: any) { this.knex = knex; this.alpha = alpha; } direct() { return this.knex('alpha.notes').select(); } view() { return this.knex('alpha.note_texts').select(); } exported() { return this.alpha.notes.all(); } seen() { return this.knex('seen').select(); } tx() { return this.knex.transaction(async (t: any) => { await t('seen').insert({ text: 'in' }); throw new Error('no'); }).catch(() => this.knex('seen').select()); } reset() { return this.knex.raw('reset role'); } } },
  on: { 'alpha.added': async ({ payload, services }) => { await (services as any).knex('seen').insert({ text: payload.text }); } },
});
let p: TestPlatform;
beforeAll(async () => { const t = performance.now(); p = await createTestPlatform({ plugins: [b, a] }); console.log('boot', performance.now() - t, '\n' + p.platform.report.render()); });
afterAll(() => p?.stop());
const s1 = '11111111-1111-4111-8111-111111111111', s2 = '22222222-2222-4222-8222-222222222222', t1 = '33333333-3333-4333-8333-333333333333', t2 = '44444444-4444-4444-8444-444444444444';
test('works', async () => {
  await p.grant(t1, [{ school: s1, role: 'teacher' }]); await p.grant(t2, [{ school: s2, role: 'teacher' }]);
  const c = await p.signIn(t1), d = await p.signIn(t2);
  expect((await c.post('/api/alpha/notes', { school: s1, text: 'hallo' })).body).toEqual({ ok: true });
  expect((await c.post('/api/alpha/notes', { school: s2, text: 'hallo' })).status).toBe(500);
  expect((await c.get('/api/alpha/notes')).body).toEqual({ notes: [{ text: 'hallo' }] });
  expect((await d.get('/api/alpha/notes')).body).toEqual({ notes: [] });
  expect((await p.client().get('/api/alpha/notes')).status).toBe(401);
  const t = performance.now(); await p.drain(); console.log('drain', performance.now() - t);
  await expect(p.work('beta', (s) => s.steal.direct())).rejects.toThrow(/permission denied/);
  expect(await p.work('beta', (s) => s.steal.view())).toHaveLength(1);
  expect(await p.work('beta', (s) => s.steal.exported())).toHaveLength(1);
  expect(await p.work('beta', (s) => s.steal.seen())).toEqual([{ text: 'hallo' }]);
  expect(await p.work('beta', (s) => s.steal.tx())).toEqual([{ text: 'hallo' }]);
  await expect(p.work('beta', (s) => s.steal.reset())).rejects.toThrow(/kernel's to run/);
});

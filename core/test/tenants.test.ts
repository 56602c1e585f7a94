import { routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bram, lotte, north, plugin, south, within } from './support/fixtures.js';

const route = routeFor<any>();
const texts = z.object({ texts: z.array(z.string()) });
const list = ({ services }: any) =>
  services
    .knex('notes')
    .pluck('text')
    .orderBy('text')
    .then((found: string[]) => ({ texts: found }));

const registry = plugin('registry', {
  permissions: { 'note:read': ['teacher', 'portal-administrator'], 'note:follow': ['pupil'] },
  tables: {
    notes: { tenant: 'school_id' },
    trips: { tenant: 'school_ids' },
    examples: { tenant: { column: 'school_id', nullMeansShared: true } },
    words: { tenant: { none: 'the same for everyone' } },
    numbered: { tenant: 'school_number' },
  },
  migrations: [
    {
      name: '0001',
      up: `create table notes (id int primary key, school_id uuid, text text not null);
           create table trips (id int primary key, school_ids uuid[], text text not null);
           create table examples (id int primary key, school_id uuid, text text not null);
           create table words (id int primary key, text text not null);
           create table numbered (id int primary key, school_number text not null, text text not null);
           create view all_texts as select text from notes union all select text from trips union all select text from examples;
           create view counts as select count(*)::int as notes from notes`,
      down: '',
    },
  ],
  routes: [
    route({
      method: 'GET',
      path: '/notes',
      summary: 'As teacher',
      permission: 'note:read',
      machines: { none: 'a test' },
      responses: { 200: texts },
      handler: list,
    }),
    route({
      method: 'GET',
      path: '/mine',
      summary: 'As pupil',
      permission: 'note:follow',
      machines: { none: 'a test' },
      responses: { 200: texts },
      handler: list,
    }),
    route({
      method: 'GET',
      path: '/any',
      summary: 'Signed in',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: texts },
      handler: list,
    }),
    route({ method: 'GET', path: '/open', summary: 'Public', permission: 'public', responses: { 200: texts }, handler: list }),
  ],
});

let portal: TestPlatform;
const inTenants = <T>(tenants: readonly string[], fn: (knex: any) => Promise<T>) =>
  within(portal, 'registry', tenants, ({ knex }) => fn(knex));
const all = (table: string) => portal.work('registry', ({ knex }) => knex(table).select().orderBy('id'));

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [registry] });
});
afterAll(() => portal?.stop());
beforeEach(() =>
  portal.work('registry', async ({ knex }) => {
    for (const table of ['notes', 'trips', 'examples', 'words', 'numbered']) await knex(table).delete();
    await knex('notes').insert([
      { id: 1, school_id: north, text: 'noord' },
      { id: 2, school_id: south, text: 'zuid' },
      { id: 3, school_id: null, text: 'van niemand' },
    ]);
    await knex('trips').insert([
      { id: 1, school_ids: [north], text: 'noord op reis' },
      { id: 2, school_ids: [north, south], text: 'samen op reis' },
    ]);
    await knex('examples').insert([
      { id: 1, school_id: north, text: 'voorbeeld van noord' },
      { id: 2, school_id: null, text: 'voorbeeld voor allen' },
    ]);
    await knex('words').insert({ id: 1, text: 'woord' });
    await knex('numbered').insert({ id: 1, school_number: '012345', text: 'op nummer' });
  }),
);

describe('a table with a tenant column', () => {
  test('shows one tenant its own rows, two tenants both, no tenant none', async () => {
    const seen = (tenants: string[]) => inTenants(tenants, (knex) => knex('notes').pluck('text').orderBy('id'));
    expect(await seen([north])).toEqual(['noord']);
    expect(await seen([north, south])).toEqual(['noord', 'zuid']);
    expect(await seen([])).toEqual([]);
    expect(await seen([lotte])).toEqual([]);
    expect(await within(portal, 'registry', '*', ({ knex }) => knex('notes').pluck('text'))).toHaveLength(3);
  });

  test('accepts no row for another tenant, nor for none', async () => {
    const insert = (tenantId: string | null) =>
      inTenants([north], (knex) => knex('notes').insert({ id: 9, school_id: tenantId, text: 'x' }));
    await insert(north);
    await expect(insert(south)).rejects.toThrow('violates row-level security');
    await expect(insert(null)).rejects.toThrow('violates row-level security');
    await expect(inTenants([], (knex) => knex('notes').insert({ id: 9, school_id: north, text: 'x' }))).rejects.toThrow(
      'row-level security',
    );
    expect(await all('notes')).toHaveLength(4);
  });

  test('does not let another tenant’s rows be changed or deleted', async () => {
    await inTenants([south], async (knex) => {
      expect(await knex('notes').where({ id: 1 }).update({ text: 'gekaapt' })).toBe(0);
      expect(await knex('notes').where({ text: 'noord' }).delete()).toBe(0);
      expect(await knex('notes').delete()).toBe(1);
    });
    expect((await all('notes')).map(({ text }: any) => text)).toEqual(['noord', 'van niemand']);
  });

  test('does not let a row move to or from another tenant', async () => {
    const move = (from: string, to: string | null) =>
      inTenants([from], (knex) => knex('notes').where({ text: 'noord' }).update({ school_id: to }));
    await expect(move(north, south)).rejects.toThrow('violates row-level security');
    await expect(move(north, null)).rejects.toThrow('violates row-level security');
    expect(await move(south, south)).toBe(0);
    const upsert = (knex: any) => knex('notes').insert({ id: 1, school_id: south, text: 'gekaapt' }).onConflict('id').merge();
    await expect(inTenants([south], upsert)).rejects.toThrow('violates row-level security');
    // Who acts for both may.
    expect(await inTenants([north, south], (knex) => knex('notes').where({ id: 1 }).update({ school_id: south }))).toBe(1);
  });

  test('may use text as its tenant column', async () => {
    const seen = (tenant: string) => inTenants([tenant], (knex) => knex('numbered').pluck('text'));
    expect(await seen('012345')).toEqual(['op nummer']);
    expect(await seen('543210')).toEqual([]);
  });

  test('gives views and aggregates no more rows', async () => {
    expect(await inTenants([south], (knex) => knex('counts').pluck('notes'))).toEqual([1]);
    expect(await inTenants([south], (knex) => knex('all_texts').pluck('text').orderBy('text'))).toEqual([
      'samen op reis',
      'voorbeeld voor allen',
      'zuid',
    ]);
    expect(await inTenants([], (knex) => knex('all_texts').pluck('text'))).toEqual(['voorbeeld voor allen']);
  });

  test('an invalid tenant id is refused before it reaches SQL', async () => {
    await expect(inTenants(["x' or '1'='1"], (knex) => knex('notes').select())).rejects.toThrow('not a tenant id');
  });
});

describe('a table whose rows may be of several tenants', () => {
  test('is visible to each of them', async () => {
    const seen = (tenants: string[]) => inTenants(tenants, (knex) => knex('trips').pluck('text').orderBy('id'));
    expect(await seen([north])).toEqual(['noord op reis', 'samen op reis']);
    expect(await seen([south])).toEqual(['samen op reis']);
    expect(await seen([])).toEqual([]);
  });

  test('can be written only by who acts for all of them', async () => {
    const write = (tenants: string[], tenantIds: string[] | null) =>
      inTenants(tenants, (knex) => knex('trips').insert({ id: 9, school_ids: tenantIds, text: 'x' }));
    for (const tenantIds of [[north, south], [], null]) {
      await expect(write([south], tenantIds)).rejects.toThrow('violates row-level security');
    }
    await write([south, north], [north, south]);
    const change = (tenants: string[]) => inTenants(tenants, (knex) => knex('trips').where({ id: 2 }).update({ text: 'anders' }));
    expect(await change([south])).toBe(0);
    expect(await change([north, south])).toBe(1);
    expect(await inTenants([south], (knex) => knex('trips').where({ id: 2 }).delete())).toBe(0);
    await expect(
      inTenants([north], (knex) =>
        knex('trips')
          .where({ id: 1 })
          .update({ school_ids: [north, south] }),
      ),
    ).rejects.toThrow('violates row-level security');
  });
});

describe('a table with shared rows', () => {
  test('shows them to every tenant, beside its own', async () => {
    const seen = (tenants: string[]) => inTenants(tenants, (knex) => knex('examples').pluck('text').orderBy('id'));
    expect(await seen([north])).toEqual(['voorbeeld van noord', 'voorbeeld voor allen']);
    expect(await seen([south])).toEqual(['voorbeeld voor allen']);
  });

  test('does not let a tenant create, change, take or delete one', async () => {
    const before = await all('examples');
    await expect(inTenants([south], (knex) => knex('examples').insert({ id: 9, school_id: null, text: 'x' }))).rejects.toThrow(
      'violates row-level security',
    );
    await inTenants([south], async (knex) => {
      expect(await knex('examples').where({ id: 2 }).update({ text: 'gekaapt' })).toBe(0);
      expect(await knex('examples').where({ id: 2 }).update({ school_id: south })).toBe(0);
      expect(await knex('examples').delete()).toBe(0);
    });
    await expect(inTenants([north], (knex) => knex('examples').where({ id: 1 }).update({ school_id: null }))).rejects.toThrow(
      'violates row-level security',
    );
    expect(await all('examples')).toEqual(before);
    expect(await portal.work('registry', ({ knex }) => knex('examples').where({ id: 2 }).update({ text: 'beter' }))).toBe(1);
  });
});

test('a table of no tenant is the same for everyone', async () => {
  expect(await inTenants([], (knex) => knex('words').pluck('text'))).toEqual(['woord']);
});

describe('the tenants of a request', () => {
  beforeAll(async () => {
    // Lotte teaches in the north and learns in the south.
    await portal.grant(lotte, [
      { tenant: north, role: 'teacher' },
      { tenant: south, role: 'pupil' },
    ]);
    await portal.grant(bram, [{ tenant: null, role: 'portal-administrator' }]);
  });
  const seen = async (who: string | null, path: string) => {
    const client = who === null ? portal.client() : await portal.signIn(who);
    const { status, body } = await client.get(`/api/registry${path}`);
    return status === 200 ? body.texts : status;
  };

  test('are those in which a role of the person grants the permission', async () => {
    expect(await seen(lotte, '/notes')).toEqual(['noord']);
    expect(await seen(lotte, '/mine')).toEqual(['zuid']);
    expect(await seen(lotte, '/any')).toEqual(['noord', 'zuid']);
  });

  test('are all of them for a role in the whole portal, and none for a person without a role', async () => {
    expect(await seen(bram, '/notes')).toEqual(['noord', 'van niemand', 'zuid']);
    expect(await seen(bram, '/mine')).toBe(403);
    expect(await seen(null, '/notes')).toBe(401);
    expect(await seen(null, '/open')).toEqual([]);
    expect(await seen('55555555-5555-4555-8555-555555555555', '/any')).toEqual([]);
    expect(await seen('55555555-5555-4555-8555-555555555555', '/notes')).toBe(403);
  });

  test('change with a removed role, within the same session', async () => {
    const client = await portal.signIn(lotte);
    await portal.grant(lotte, [{ tenant: south, role: 'pupil' }]);
    expect((await client.get('/api/registry/notes')).status).toBe(403);
    expect((await client.get('/api/registry/mine')).body).toEqual({ texts: ['zuid'] });
  });
});

import { nothing, Problem, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { plugin } from './fixtures.js';

const route = routeFor<any>();
const note = z.object({ id: z.int(), text: z.string() });

/** How often `POST /calls` called out. */
export const outsideCalls = { count: 0 };

/** Notes of schools for machines, and routes that misbehave on request. */
export const registry = plugin('registry', {
  permissions: { 'note:read': ['teacher'], 'note:write': ['teacher'] },
  scopes: { 'notes:read': 'scopes.read', 'notes:write': 'scopes.write' },
  tables: {
    notes: {
      tenant: 'school_id',
      people: { author_id: 'author' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'safe-environment',
      use: 'a test',
    },
  },
  migrations: [
    {
      name: '0001',
      up: 'create table notes (id int generated always as identity primary key, school_id uuid not null, author_id uuid, text text not null, updated_at timestamptz default now())',
      down: 'drop table notes',
    },
  ],
  routes: [
    route({
      method: 'GET',
      path: '/notes',
      summary: 'Notes',
      permission: 'note:read',
      machines: { scope: 'notes:read' },
      responses: { 200: z.object({ texts: z.array(z.string()).max(1_000) }) },
      handler: async ({ services }) => ({ texts: await services.knex('notes').pluck('text').orderBy('id') }),
    }),
    route({
      method: 'GET',
      path: '/pages',
      summary: 'Notes, a page at a time',
      permission: 'note:read',
      machines: { scope: 'notes:read' },
      query: z.object({ q: z.string().max(50).optional(), ...pageQuery(2, 100) }),
      responses: { 200: z.object({ texts: z.array(z.string()).max(100), more: z.boolean() }) },
      async handler({ query: { q, limit }, request, services }) {
        const found = services
          .knex('notes')
          .orderBy(['text', 'id'])
          .limit(limit + 1);
        if (q !== undefined) found.where('text', 'like', `${q}%`);
        const after = request.after();
        if (after !== null) found.whereRaw('(text, id) > (?, ?)', [...after]);
        const { rows, more, headers } = pageOf(await found, limit, ({ text, id }: any) => [text, id], request);
        return reply(200, { texts: rows.map(({ text }: any) => text), more }, headers);
      },
    }),
    route({
      method: 'GET',
      path: '/dear',
      summary: 'A costly one',
      permission: 'note:read',
      machines: { scope: 'notes:read', cost: 5 },
      deprecated: { since: '2026-09-01', sunset: '2027-09-01', link: 'https://example.org/notes' },
      responses: { 200: z.object({}) },
      handler: () => ({}),
    }),
    route({
      method: 'GET',
      path: '/own',
      summary: 'For people',
      permission: 'signed-in',
      machines: { none: 'It concerns the signed-in person.' },
      responses: { 200: z.object({ id: z.string().nullable() }) },
      handler: ({ principal }) => ({ id: principal.id }),
    }),
    route({
      method: 'GET',
      path: '/open',
      summary: 'For anyone',
      permission: 'public',
      responses: { 200: z.object({ kind: z.string() }) },
      handler: ({ principal }) => ({ kind: principal.kind }),
    }),
    route({
      method: 'POST',
      path: '/notes',
      summary: 'Write a note',
      permission: 'note:write',
      machines: { scope: 'notes:write' },
      body: z.object({
        school: z.uuid(),
        text: z.string().max(200),
        how: z.enum(['throw', 'refuse', 'return', 'wait']).optional(),
      }),
      responses: { 201: note },
      async handler({ body, services }) {
        const [row] = await services.knex('notes').insert({ school_id: body.school, text: body.text }).returning(['id', 'text']);
        if (body.how === 'throw') throw new Error('broken');
        const problem = new Problem({ type: 'registry/no', status: 409, title: 'No', extra: { row: row.id } });
        if (body.how === 'refuse') throw problem;
        if (body.how === 'return') return problem;
        if (body.how === 'wait') await new Promise((resolve) => setTimeout(resolve, 500));
        return reply(201, row, { 'x-row': String(row.id) });
      },
    }),
    route({
      method: 'POST',
      path: '/calls',
      summary: 'Call out, then write a note',
      permission: 'note:write',
      machines: { scope: 'notes:write' },
      body: z.object({ school: z.uuid() }),
      responses: { 201: note },
      outside: {
        call: () => {
          outsideCalls.count++;
          return outsideCalls.count;
        },
      },
      async handler({ body, services, result }) {
        const [row] = await services
          .knex('notes')
          .insert({ school_id: body.school, text: `call ${result}` })
          .returning(['id', 'text']);
        return reply(201, row);
      },
    }),
    route({
      method: 'DELETE',
      path: '/notes/:id',
      summary: 'Remove a note',
      permission: 'note:write',
      machines: { scope: 'notes:write' },
      params: z.object({ id: z.coerce.number().int() }),
      responses: { 204: nothing('Removed') },
      async handler({ params, services }) {
        await services.knex('notes').where({ id: params.id }).delete();
        return reply(204);
      },
    }),
  ],
});

/** Knows three tokens, and fails on demand. */
export const keys = plugin('keys', {
  privileges: ['machines'],
  tables: { tokens: { tenant: { none: 'a test' }, notPeople: { client: 'a machine' } } },
  migrations: [
    {
      name: '0001',
      up: 'create table tokens (token text primary key, client jsonb not null)',
      down: 'drop table tokens',
    },
  ],
  services: {
    scopeList: class {
      constructor(readonly cradle: any) {}
      names() {
        return this.cradle.machines.scopes();
      }
    },
  },
  async identifyMachine({ token, services }) {
    if (token === 'broken') throw new Error('broken');
    if (token === 'writes') await services.knex('tokens').insert({ token: 'stolen', client: '{}' });
    const row = await services.knex('tokens').where({ token }).first();
    return row === undefined ? null : row.client;
  },
});

import { html, notFound, nothing, Problem, redirect, redirectTo, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { none, plugin, sql } from './fixtures.js';

const route = routeFor<any>();
const ok = z.object({ ok: z.boolean() });
const store = async ({ services: { knex }, body }: any) => knex('things').insert({ text: body?.text ?? 'x' });

/** A plugin whose routes do what a test of HTTP asks for. */
export const web = plugin('web', {
  privileges: ['sessions'],
  permissions: { 'web:write': ['teacher'] },
  tables: { things: none, rows: none },
  migrations: [
    sql('0001', 'create table things (text text unique, day date, number int); create table rows (id int not null, note text)'),
  ],
  routes: [
    route({
      method: 'POST',
      path: '/things/:id',
      summary: 'Takes all kinds of input',
      permission: 'public',
      params: z.object({ id: z.uuid() }),
      query: z.strictObject({ page: z.coerce.number().int().positive().optional(), tag: z.array(z.string()).optional() }),
      body: z.strictObject({
        text: z.string().max(20),
        'a/b~c': z.number().optional(),
        list: z.array(z.object({ n: z.int() })).optional(),
      }),
      responses: { 201: ok },
      handler: async (input) => {
        await store(input);
        return { ok: true };
      },
    }),
    route({
      method: 'GET',
      path: '/things',
      summary: 'What is stored',
      permission: 'public',
      responses: { 200: z.object({ texts: z.array(z.string().nullable()) }) },
      handler: async ({ services: { knex } }) => ({ texts: await knex('things').pluck('text').orderBy('text') }),
    }),
    route({
      method: 'DELETE',
      path: '/things',
      summary: 'Empty again',
      permission: 'public',
      responses: { 204: nothing('Gone') },
      handler: ({ services: { knex } }) =>
        knex('things')
          .delete()
          .then(() => undefined),
    }),
    route({
      method: 'POST',
      path: '/echo',
      summary: 'Gives back any JSON, query and params',
      permission: 'public',
      query: z.record(z.string(), z.unknown()),
      body: z.record(z.string(), z.unknown()),
      responses: { 200: z.object({ query: z.unknown(), body: z.unknown(), polluted: z.unknown() }) },
      handler: ({ query, body }) => ({ query, body, polluted: ({} as any).polluted ?? null }),
    }),
    route({
      method: 'POST',
      path: '/form',
      summary: 'Takes a form from another site',
      permission: 'public',
      session: false,
      consumes: ['application/x-www-form-urlencoded'],
      body: z.strictObject({ name: z.string(), note: z.string().optional() }),
      responses: { 200: z.object({ name: z.string() }) },
      handler: ({ body }) => ({ name: body.name }),
    }),
    route({
      method: 'POST',
      path: '/csv',
      summary: 'Takes bytes',
      permission: 'public',
      consumes: ['text/csv'],
      bodyLimit: 100,
      body: z.instanceof(Buffer),
      responses: { 200: z.object({ bytes: z.int() }) },
      handler: ({ body }) => ({ bytes: body.length }),
    }),
    route({
      method: 'GET',
      path: '/leaky',
      summary: 'Answers more than it declares',
      permission: 'public',
      responses: { 200: z.object({ name: z.string(), inner: z.object({ a: z.int() }) }) },
      handler: () => ({ name: 'n', password: 'hunter2', inner: { a: 1, secret: 'hunter2' } }),
    }),
    route({
      method: 'GET',
      path: '/wrong',
      summary: 'Answers what it did not declare',
      permission: 'public',
      responses: { 200: ok },
      handler: () => ({ ok: 'hunter2' }),
    }),
    route({
      method: 'POST',
      path: '/fail/:how',
      summary: 'Stores, then ends in some way',
      permission: 'public',
      params: z.object({ how: z.string() }),
      body: z.object({ text: z.string() }).optional(),
      responses: { 200: ok, 409: ok, 302: redirect('Elsewhere') },
      handler: async (input) => {
        await store(input);
        return ends[input.params.how]?.(input);
      },
    }),
    route({
      method: 'POST',
      path: '/formatted/:how',
      summary: 'Stores, then ends in some way, with problems in a format of its own',
      permission: 'public',
      params: z.object({ how: z.string() }),
      body: z.object({ text: z.string() }),
      responses: { 200: ok, 400: z.object({ error: z.string() }) },
      formatProblem: ({ type, status, detail }) => {
        if (type === 'unformatted') throw new Error('hunter2 of the format');
        if (type === 'undeclared') return reply(418, { error: 'hunter2' });
        return reply(400, { error: `${status} ${type}`, secret: detail }, { 'x-format': 'own' });
      },
      handler: async (input) => {
        await store(input);
        return ends[input.params.how]?.(input);
      },
    }),
    route({
      method: 'GET',
      path: '/page',
      summary: 'A page',
      permission: 'public',
      responses: { 200: html('A page') },
      handler: () => '<p>é</p>',
    }),
    route({
      method: 'GET',
      path: '/away',
      summary: 'Redirects',
      permission: 'public',
      responses: { 303: redirect('Away') },
      handler: () => redirectTo('/elders', 303),
    }),
    route({
      method: 'GET',
      path: '/client',
      summary: 'What the portal knows of the client',
      permission: 'public',
      responses: { 200: z.object({ language: z.string(), address: z.string(), id: z.string(), url: z.string() }) },
      handler: ({ request: { language, address, id, url } }) => ({ language, address, id, url }),
    }),
    route({
      method: 'POST',
      path: '/sign-in',
      summary: 'Signs in',
      permission: 'public',
      body: z.object({
        id: z.uuid(),
        minutes: z.number().optional(),
        fail: z.boolean().optional(),
        language: z.string().optional(),
        fixed: z.boolean().optional(),
      }),
      responses: { 200: ok },
      handler: async ({ services: { sessions }, body: { id, minutes, fail, language, fixed = false } }) => {
        const expiresAt = minutes === undefined ? {} : { expiresAt: new Date(Date.now() + minutes * 60_000) };
        await sessions.start({ id, displayName: 'Lotte Peeters', language, fixed, ...expiresAt });
        if (fail === true) throw notFound();
        return reply(200, { ok: true }, { 'set-cookie': 'seen=yes; Path=/' });
      },
    }),
    route({
      method: 'POST',
      path: '/sign-out-everywhere',
      summary: 'Ends every session of the person',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 204: nothing('Signed out') },
      handler: ({ services: { sessions }, principal }) => sessions.endAll(principal.id as string),
    }),
    route({
      method: 'POST',
      path: '/write',
      summary: 'Needs a teacher',
      permission: 'web:write',
      machines: { none: 'a test' },
      responses: { 200: ok },
      handler: () => ({ ok: true }),
    }),
  ],
});

const ends: Record<string, (input: any) => unknown> = {
  reply: () => reply(409, { ok: false }),
  'returned-problem': () =>
    new Problem({ type: 'web/refused', status: 422, title: 'Refused', extra: { triesLeft: 2, status: 200 } }),
  'thrown-problem': () => {
    throw new Problem({ type: 'web/refused', status: 422, title: 'Refused', headers: { 'retry-after': '5' } });
  },
  unformatted: () => {
    throw new Problem({ type: 'unformatted', status: 422, title: 'Refused' });
  },
  undeclared: () => {
    throw new Problem({ type: 'undeclared', status: 422, title: 'Refused' });
  },
  error: () => {
    throw new Error('hunter2');
  },
  null: () => {
    throw null;
  },
  status: () => reply(418, {}),
  header: () => redirectTo('/plaats\n→'),
  twice: ({ services: { knex }, body }) => knex('things').insert({ text: body.text }),
  cast: ({ services: { knex }, body }) => knex('things').where('day', body.text),
  number: ({ services: { knex }, body }) => knex.raw('select ?::int', [body.text]),
  constant: ({ services: { knex } }) => knex.raw("select 'x'::int"),
  division: ({ services: { knex }, body }) => knex.raw('select 1 / ?::int', [body.text]),
  index: ({ services: { knex }, body }) =>
    knex('things').insert({ text: Array.from({ length: 9_000 }, (_, index) => `${body.text}${index * 7919}`).join('') }),
  missing: ({ services: { knex }, body }) => knex('rows').insert({ note: body.text }),
  statementFailedError: async ({ services: { knex } }) => {
    await knex('nowhere').catch(() => {});
    return { ok: true };
  },
};

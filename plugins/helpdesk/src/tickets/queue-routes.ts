import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Ticket } from '../models.js';
import { queueFilter, views } from './queue.js';
import { id, labels, summary, words } from './shapes.js';
import { mostMacros, mostViews } from './shortcuts.js';
import { summariesOf } from './ticket-routes.js';

const route = routeFor<Cradle>();
const common = { permission: 'helpdesk:handle', machines: { none: 'People help.' } } as const;
const most = 100;
const mostAtOnce = 50;

const savedView = z.object({ id: z.uuid(), title: z.string(), query: z.string() });
const macroInput = z.strictObject({
  title: words(100),
  text: z.string().trim().max(10_000).default(''),
  action: z.enum(['', 'ask', 'wait', 'solve', 'work', 'close']).default(''),
  priority: z.int().min(1).max(4).nullable().default(null),
  labels: labels.default([]),
});

export const queueRoutes = [
  route({
    method: 'GET',
    path: '/queue',
    summary: 'Tickets of a view, those that are due first',
    ...common,
    query: queueFilter.extend(pageQuery(50, most)),
    responses: { 200: z.object({ tickets: z.array(summary).max(most), more: z.boolean() }) },
    async handler({ query: { after: _, limit, ...filter }, request, services }) {
      const found = await services.queue.page(filter, request.after(), limit + 1);
      const position = (row: Ticket) => [row.due_at?.toISOString() ?? null, row.id];
      const { rows, more, headers } = pageOf(found, limit, position, request);
      return reply(200, { tickets: await summariesOf(services, rows, 'agent'), more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/queue/counts',
    summary: 'How many tickets each view has, up to 100',
    ...common,
    responses: {
      200: z.object({
        views: z.array(z.object({ view: z.enum(views), count: z.int() })).max(views.length),
        saved: z.array(savedView.extend({ count: z.int() })).max(mostViews),
      }),
    },
    async handler({ services: { queue, shortcuts } }) {
      const counts = await queue.counts(views.map((view) => queueFilter.parse({ view })));
      return { views: views.map((view, at) => ({ view, count: counts[at] ?? 0 })), saved: await shortcuts.views() };
    },
  }),
  route({
    method: 'POST',
    path: '/views',
    summary: 'Save a view of the queue',
    ...common,
    body: z.strictObject({
      title: words(60),
      query: z.string().max(1_000).describe('The filter, as the query of the address of the queue'),
    }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body: { title, query }, services }) => ({ id: await services.shortcuts.saveView(title, query) }),
  }),
  route({
    method: 'DELETE',
    path: '/views/:id',
    summary: 'Remove a saved view',
    ...common,
    params: id,
    responses: { 204: nothing('Removed') },
    async handler({ params, services }) {
      await services.shortcuts.removeView(params.id);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/macros',
    summary: 'Macros that you may use',
    ...common,
    responses: {
      200: z.object({ macros: z.array(macroInput.extend({ id: z.uuid(), shared: z.boolean() })).max(mostMacros) }),
    },
    async handler({ services }) {
      const macros = await services.shortcuts.macros();
      return { macros: macros.map(({ tenant_id, ...macro }) => ({ ...macro, shared: tenant_id === null })) };
    },
  }),
  route({
    method: 'POST',
    path: '/macros',
    summary: 'Add a macro',
    ...common,
    body: macroInput,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services }) => ({ id: await services.shortcuts.addMacro(body) }),
  }),
  route({
    method: 'DELETE',
    path: '/macros/:id',
    summary: 'Remove a macro',
    ...common,
    params: id,
    responses: { 204: nothing('Removed') },
    async handler({ params, services }) {
      await services.shortcuts.removeMacro(params.id);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/macros/:id/uses',
    summary: 'Apply a macro to tickets',
    ...common,
    params: id,
    body: z.strictObject({ tickets: z.array(z.uuid()).min(1).max(mostAtOnce) }),
    responses: { 204: nothing('Applied to all of them') },
    async handler({ params, body: { tickets }, services }) {
      await services.shortcuts.applyMacro(params.id, tickets);
      return reply(204);
    },
  }),
];

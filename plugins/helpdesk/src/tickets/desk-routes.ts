import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { body, history, id, labels, mostLines, side, subject, traceLine } from './shapes.js';

const route = routeFor<Cradle>();
const common = { permission: 'helpdesk:handle', machines: { none: 'People help.' } } as const;
const named = z.object({ id: z.uuid(), name: z.string() });
const draft = z.object({ kind: z.enum(['public', 'note']), text: z.string().max(20_000), seen: z.int().min(0) });

export const deskRoutes = [
  route({
    method: 'PATCH',
    path: '/tickets/:id',
    summary: 'Assign, sort or pass on a ticket',
    ...common,
    params: id,
    body: z.strictObject({
      owner: z.uuid().nullable().optional(),
      priority: z.int().min(1).max(4).optional(),
      labels: labels.optional(),
      line: z.enum(['school', 'portal', 'provider']).optional(),
      subject: subject.optional(),
    }),
    responses: { 204: nothing('Changed') },
    async handler({ params, body: changes, services }) {
      await services.ticketDesk.update(params.id, changes);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/helpers',
    summary: 'Helpers to whom a ticket can be given',
    ...common,
    params: id,
    responses: { 200: z.object({ people: z.array(named).max(500) }) },
    async handler({ params, services: { conversations, helpers } }) {
      return { people: await helpers.assignable(await conversations.handled(params.id)) };
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/history',
    summary: 'What happened to a ticket, the last first',
    ...common,
    params: id,
    responses: { 200: z.object({ steps: history.max(200) }) },
    handler: async ({ params, services }) => ({ steps: await services.conversations.historyOf(params.id) }),
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/merge',
    summary: 'Merge a ticket into another one of the same school',
    ...common,
    params: id,
    body: z.strictObject({ into: z.int().min(1).describe('Number of the ticket that stays') }),
    responses: { 200: z.object({ id: z.uuid() }) },
    handler: async ({ params, body: { into }, services }) => ({ id: await services.ticketDesk.mergeInto(params.id, into) }),
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/splits',
    summary: 'Open another ticket with a message of this one',
    ...common,
    params: id,
    body: z.strictObject({ message: z.uuid(), subject }),
    responses: { 201: z.object({ id: z.uuid(), number: z.int() }) },
    handler: ({ params, body: { message, subject: about }, services }) => services.ticketDesk.split(params.id, message, about),
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/links',
    summary: 'Link a ticket to another one',
    ...common,
    params: id,
    body: z.strictObject({ number: z.int().min(1) }),
    responses: { 204: nothing('Linked') },
    async handler({ params, body: { number }, services }) {
      await services.ticketDesk.link(params.id, number);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/sides',
    summary: 'Side conversations of a ticket with providers',
    ...common,
    params: id,
    responses: { 200: z.object({ sides: z.array(side).max(20) }) },
    handler: async ({ params, services }) => ({ sides: await services.conversations.sidesOf(params.id) }),
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/side-preview',
    summary: 'What would go out to a provider, without names',
    ...common,
    params: id,
    responses: {
      200: z.object({
        subject: z.string(),
        text: z.string(),
        trace: z.array(traceLine).max(mostLines).nullable(),
        providers: z.array(named).max(100),
      }),
    },
    handler: ({ params, services }) => services.sides.preview(params.id),
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/sides',
    summary: 'Ask a provider about a ticket, without naming anybody',
    ...common,
    params: id,
    body: z.strictObject({ provider: z.uuid(), subject, text: body, withTrace: z.boolean().default(true) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body: asked, services }) => ({ id: await services.sides.open(params.id, asked) }),
  }),
  route({
    method: 'GET',
    path: '/sides',
    summary: 'Questions of the helpdesk to your provider, without their messages',
    ...common,
    responses: { 200: z.object({ sides: z.array(side).max(50) }) },
    handler: async ({ services }) => ({ sides: await services.conversations.sidesOfProviders() }),
  }),
  route({
    method: 'GET',
    path: '/sides/:id',
    summary: 'A side conversation',
    ...common,
    params: id,
    responses: { 200: side },
    handler: ({ params, services }) => services.conversations.sideOf(params.id),
  }),
  route({
    method: 'POST',
    path: '/sides/:id/messages',
    summary: 'Write in a side conversation',
    ...common,
    params: id,
    body: z.strictObject({ text: body }),
    responses: { 204: nothing('Sent') },
    async handler({ params, body: { text }, services }) {
      await services.sides.answer(params.id, text);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/draft',
    summary: 'Your draft for a ticket',
    ...common,
    params: id,
    responses: { 200: z.object({ draft: draft.nullable() }) },
    async handler({ params, services: { conversations, shortcuts } }) {
      await conversations.handled(params.id);
      return { draft: (await shortcuts.draft(params.id)) as z.input<typeof draft> | null };
    },
  }),
  route({
    method: 'PUT',
    path: '/tickets/:id/draft',
    summary: 'Keep your draft for a ticket; an empty one is removed',
    ...common,
    params: id,
    body: draft,
    responses: { 204: nothing('Kept') },
    async handler({ params, body: kept, services }) {
      await services.shortcuts.keepDraft(params.id, kept);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/presence',
    summary: 'Other helpers who look at a ticket now',
    ...common,
    params: id,
    responses: { 200: z.object({ people: z.array(z.object({ name: z.string(), writing: z.boolean() })).max(20) }) },
    handler: async ({ params, services }) => ({ people: await services.presence.others(params.id) }),
  }),
  route({
    method: 'PUT',
    path: '/tickets/:id/presence',
    summary: 'Tell that you look at a ticket, or write',
    ...common,
    params: id,
    body: z.strictObject({ writing: z.boolean() }),
    responses: { 204: nothing('Told') },
    async handler({ params, body: { writing }, services }) {
      await services.presence.here(params.id, writing);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/tickets/:id/presence',
    summary: 'Tell that you left a ticket',
    ...common,
    params: id,
    responses: { 204: nothing('Told') },
    async handler({ params, services }) {
      await services.presence.gone(params.id);
      return reply(204);
    },
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

/** No type annotation on the list: the client knows each route by its own type. */
export const routes = [
  route({
    method: 'GET',
    path: '/notes',
    summary: 'Notes of your schools, newest first',
    permission: 'note:read',
    machines: { scope: 'notes:read' },
    responses: { 200: z.array(z.object({ id: z.uuid(), text: z.string(), createdAt: z.date() })).max(200) },
    handler: ({ services }) => services.notes.list(),
  }),
  route({
    method: 'POST',
    path: '/notes',
    summary: 'Put up a note',
    permission: 'note:write',
    machines: { none: 'A note has a person as its author.' },
    body: z.strictObject({ school: z.uuid(), text: z.string().trim().min(1).max(2000) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ services, body }) => ({ id: await services.notes.add(body.school, body.text) }),
  }),
];

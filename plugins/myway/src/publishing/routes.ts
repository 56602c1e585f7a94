import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { newPublication, publication } from './model.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });
const write = { permission: 'path:publish', machines: { none: 'A path has a person as its owner.' } } as const;

export const publishingRoutes = [
  route({
    method: 'GET',
    path: '/paths/:id/publication',
    summary: 'The shared copy of a path, with what changed in each version',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params,
    responses: { 200: publication },
    handler: ({ params: { id }, services }) => services.publishing.of(id),
  }),
  route({
    method: 'POST',
    path: '/paths/:id/publication',
    summary: 'Publish your path for colleagues of other schools, or publish it anew; it is there a moment later',
    ...write,
    params,
    body: newPublication,
    responses: { 202: nothing('Asked') },
    async handler({ params: { id }, body, services }) {
      await services.publishing.ask(id, body.note);
      return reply(202);
    },
  }),
  route({
    method: 'DELETE',
    path: '/paths/:id/publication',
    summary: 'Take the shared copy of your path out of the lists; who has it keeps it',
    ...write,
    params,
    responses: { 202: nothing('Asked') },
    async handler({ params: { id }, services }) {
      await services.publishing.askToEnd(id);
      return reply(202);
    },
  }),
];

import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostWaiting } from './waiting-list.js';

const route = routeFor<Cradle>();
const permission = 'sign-in:manage';
const machines = { none: 'A person of the school decides whose account it is.' } as const;
const params = z.object({ id: z.uuid() });

export const waitingRoutes = [
  route({
    method: 'GET',
    path: '/waiting',
    summary: 'Accounts of a school of yours of which is not known whose they are',
    permission,
    machines,
    query: z.object({ school: z.uuid() }),
    responses: {
      200: z.object({
        waiting: z
          .array(z.object({ id: z.uuid(), label: z.string(), name: z.string().nullable(), since: z.date() }))
          .max(mostWaiting),
      }),
    },
    handler: async ({ query, services }) => ({ waiting: await services.waitingList.ofSchool(query.school) }),
  }),
  route({
    method: 'PUT',
    path: '/waiting/:id/person',
    summary: 'Say whose account it is',
    permission,
    recentSignIn: true,
    machines,
    params,
    body: z.strictObject({ person: z.uuid() }),
    responses: { 204: nothing('Kept') },
    handler: ({ params: { id }, body, services }) => services.waitingList.decide(id, body.person),
  }),
  route({
    method: 'DELETE',
    path: '/waiting/:id',
    summary: 'Remove an account from the list',
    permission,
    machines,
    params,
    responses: { 204: nothing('Removed') },
    handler: ({ params: { id }, services }) => services.waitingList.remove(id),
  }),
];

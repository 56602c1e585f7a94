import { type KernelCradle, notFound, nothing, type PrivilegedCradle, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { overview, SHOWN } from './shapes.js';
import { messageStates } from './states.js';

const route = routeFor<KernelCradle & Pick<PrivilegedCradle, 'queues'>>();
const one = z.object({ id: z.uuid() });

export const queueRoutes = [
  route({
    method: 'GET',
    path: '/queues',
    summary: 'Events and jobs that are not done: how many in each state, and those of one state',
    permission: 'operations:read',
    machines: { none: 'Operators use it.' },
    query: z.strictObject({ state: z.enum(messageStates).default('failed') }),
    responses: { 200: overview },
    handler: async ({ query: { state }, services: { queues } }) => {
      const messages = await queues.messages(state, SHOWN);
      return {
        engine: await queues.engine(),
        counts: await queues.counts(),
        state,
        messages: messages.map((message) => ({
          ...message,
          createdAt: message.createdAt.toISOString(),
          dueAt: message.dueAt.toISOString(),
          failedAt: message.failedAt?.toISOString() ?? null,
        })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/queues/failed/retry',
    summary: 'Retry every failed message',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    responses: { 200: z.object({ count: z.int() }) },
    handler: async ({ services: { queues } }) => ({ count: await queues.retryAll() }),
  }),
  route({
    method: 'POST',
    path: '/queues/failed/:id/retry',
    summary: 'Retry one failed message',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    params: one,
    responses: { 204: nothing('It waits for a worker') },
    handler: async ({ params: { id }, services: { queues } }) => {
      if (!(await queues.retry(id))) throw notFound();
    },
  }),
  route({
    method: 'DELETE',
    path: '/queues/failed/:id',
    summary: 'Delete a failed message: its work is never done',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    params: one,
    responses: { 204: nothing('Deleted') },
    handler: async ({ params: { id }, services: { queues } }) => {
      if (!(await queues.remove(id))) throw notFound();
    },
  }),
];

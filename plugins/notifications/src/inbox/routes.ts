import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { pageSize } from './inbox.js';
import { notificationParams } from './params.js';

const route = routeFor<Cradle>();
const flag = z
  .enum(['true', 'false', ''])
  .default('false')
  .transform((value) => value === 'true');
const own = { none: 'The notifications of whoever asks.' };

const item = z.object({
  id: z.uuid(),
  kind: z.string(),
  text: z.string().describe('Message key of the sentence, with the namespace of its plugin'),
  params: notificationParams,
  count: z.int().describe('How often it was sent since it was last read'),
  place: z.string().describe('Path of the page to which it leads'),
  at: z.iso.datetime(),
  read: z.boolean(),
});

export const inboxRoutes = [
  route({
    method: 'GET',
    path: '/inbox',
    summary: 'Your notifications, newest first',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    audit: own,
    query: z.strictObject({ page: z.coerce.number().int().min(1).max(100_000).default(1), unread: flag }),
    responses: {
      200: z.object({ items: z.array(item).max(pageSize), total: z.int(), page: z.int(), pages: z.int(), unread: z.int() }),
    },
    handler: async ({ query, services: { inbox } }) => ({ ...(await inbox.list(query)), unread: await inbox.unread() }),
  }),
  route({
    method: 'GET',
    path: '/inbox/unread',
    summary: 'Number of your unread notifications',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    audit: own,
    responses: { 200: z.object({ unread: z.int() }) },
    handler: async ({ services: { inbox } }) => ({ unread: await inbox.unread() }),
  }),
  route({
    method: 'POST',
    path: '/inbox/read',
    summary: 'Mark all your notifications as read',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    responses: { 204: nothing('None is unread') },
    handler: ({ services: { inbox } }) => inbox.markAllRead(),
  }),
  route({
    method: 'PUT',
    path: '/inbox/:id',
    summary: 'Mark one of your notifications as read or unread',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ read: z.boolean() }),
    responses: { 204: nothing('Marked') },
    handler: ({ params: { id }, body: { read }, services: { inbox } }) => inbox.mark(id, read),
  }),
];

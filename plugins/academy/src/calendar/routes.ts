import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { id } from '../shapes.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const calendar = { description: 'An iCalendar file (RFC 5545)', contentType: 'text/calendar; charset=utf-8' };

export const calendarRoutes = [
  route({
    method: 'GET',
    path: '/my-learning/:id/calendar',
    summary: 'The iCalendar file of your own sign-up for an event',
    permission: 'academy:enrol',
    machines,
    params: id,
    responses: { 200: calendar },
    async handler({ params, services: { calendars } }) {
      const text = await calendars.file(params.id);
      return reply(200, text, { 'content-disposition': 'attachment; filename="vorming.ics"' });
    },
  }),
  route({
    method: 'GET',
    path: '/my-calendar',
    summary: 'Whether you have a calendar feed',
    permission: 'academy:enrol',
    machines,
    responses: { 200: z.object({ open: z.boolean() }) },
    handler: async ({ services: { calendars } }) => ({ open: await calendars.hasFeed() }),
  }),
  route({
    method: 'POST',
    path: '/my-calendar',
    summary: 'Make a secret address for your calendar feed; an earlier one ends',
    permission: 'academy:enrol',
    machines,
    responses: { 201: z.object({ address: z.string() }) },
    handler: async ({ services: { calendars } }) => ({ address: await calendars.openFeed() }),
  }),
  route({
    method: 'DELETE',
    path: '/my-calendar',
    summary: 'End your calendar feed',
    permission: 'academy:enrol',
    machines,
    responses: { 204: nothing('Ended') },
    handler: ({ services: { calendars } }) => calendars.closeFeed(),
  }),
  route({
    method: 'GET',
    path: '/calendar/:secret',
    summary: 'A calendar feed, by its secret address',
    permission: 'public',
    session: false,
    audit: { none: 'A calendar program reads it many times a day; nobody is signed in.' },
    params: z.object({ secret: z.string().regex(/^[\w-]{32}\.ics$/) }),
    responses: { 200: calendar },
    handler: ({ params, services: { calendars } }) => calendars.feed(params.secret.slice(0, -4)),
  }),
];

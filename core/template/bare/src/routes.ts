import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const route = routeFor<Cradle>();

/** No type annotation on the list: the client knows each route by its own type. */
export const routes = [
  route({
    method: 'GET',
    path: '/time',
    summary: 'The time by the portal’s clock',
    permission: 'time:read',
    machines: { none: 'No machine needs the time.' },
    responses: { 200: z.object({ now: z.date() }) },
    handler: ({ services }) => ({ now: services.clock.now() }),
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { doorKeys } from './door-keys.js';

const route = routeFor<Cradle>();
const key = z.enum(doorKeys);

const doors = route({
  method: 'GET',
  path: '/doors',
  summary: 'The roles as which a visitor may look around',
  permission: 'public',
  audit: { none: 'It shows no personal data.' },
  responses: { 200: z.object({ doors: z.array(key).max(doorKeys.length) }) },
  handler: async ({ services }) => ({ doors: await services.doors.open() }),
});

const enter = route({
  method: 'POST',
  path: '/session',
  summary: 'Sign in as a person of the demonstration',
  permission: 'public',
  body: z.strictObject({ door: key }),
  bodyLimit: 256,
  responses: { 200: z.object({ place: z.string() }) },
  handler: ({ services, body: { door } }) => services.doors.enter(door),
});

export const doorRoutes = [doors, enter];

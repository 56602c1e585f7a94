import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { platformConfiguration, platformEndpoints } from '../platform.js';
import { changedRegistration, newRegistration, registrationView } from './registration.js';
import { mostRegistrations } from './registration-service.js';

const route = routeFor<Cradle>();
const machines = { none: 'Administrators use it.' } as const;
const permission = 'registration:manage';
const params = z.object({ id: z.uuid() });

export const registrationRoutes = [
  route({
    method: 'GET',
    path: '/registrations',
    summary: 'All registered tools, with the endpoints of this platform',
    audit: { none: 'It shows no personal data.' },
    permission,
    machines,
    responses: {
      200: z.object({
        platform: platformConfiguration,
        registrations: z.array(registrationView).max(mostRegistrations),
        more: z.boolean(),
      }),
    },
    handler: async ({ services }) => ({
      platform: platformEndpoints(services.portal.url),
      ...(await services.registrations.list()),
    }),
  }),
  route({
    method: 'POST',
    path: '/registrations',
    summary: 'Register a tool; the platform assigns a client id unless one is given',
    permission,
    machines,
    body: newRegistration,
    responses: { 201: registrationView },
    handler: async ({ body, services }) => reply(201, await services.registrations.add(body)),
  }),
  route({
    method: 'GET',
    path: '/registrations/:id',
    summary: 'One registered tool',
    audit: { none: 'It shows no personal data.' },
    permission,
    machines,
    params,
    responses: { 200: registrationView },
    handler: ({ params, services }) => services.registrations.get(params.id),
  }),
  route({
    method: 'PUT',
    path: '/registrations/:id',
    summary: 'Change a registered tool, or switch it off',
    permission,
    machines,
    params,
    body: changedRegistration,
    responses: { 200: registrationView },
    handler: ({ params, body, services }) => services.registrations.change(params.id, body),
  }),
  route({
    method: 'DELETE',
    path: '/registrations/:id',
    summary: 'Remove a tool that was never used',
    permission,
    machines,
    params,
    responses: { 204: nothing('Removed') },
    handler: async ({ params, services }) => {
      await services.registrations.remove(params.id);
      return reply(204);
    },
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { providerShape } from '../shapes.js';

const route = routeFor<Cradle>();

/** Providers that the start page shows. */
const mostShown = 20;

export const startProviderRoutes = [
  route({
    method: 'GET',
    path: '/start/providers',
    summary: 'The providers for which the person works, with the number of their people',
    audit: { none: 'It shows no personal data.' },
    permission: 'provider:read',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: {
      200: z.object({ providers: z.array(providerShape.extend({ people: z.int() })).max(mostShown) }),
    },
    handler: async ({ principal, services }) => ({ providers: await services.providers.sizesOf(principal.id, mostShown) }),
  }),
];

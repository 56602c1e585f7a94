import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { ownId } from '../own-id.js';
import { overviewOf } from './overview.js';

const route = routeFor<Cradle>();

export const ownRoutes = [
  route({
    method: 'GET',
    path: '/own/overview',
    summary: 'What each module of the portal keeps about you, for the page of a child',
    permission: 'signed-in',
    machines: { none: 'A person reads it.' },
    audit: { none: 'It shows a person where they are named, and nothing else.' },
    responses: {
      200: z.object({
        parts: z
          .array(
            z.object({ id: z.string(), title: z.string(), child: z.string().nullable(), what: z.array(z.string()).max(1_000) }),
          )
          .max(1_000),
      }),
    },
    handler: async ({ principal, services, request }) => ({
      parts: await overviewOf(ownId(principal), request.language, services),
    }),
  }),
];

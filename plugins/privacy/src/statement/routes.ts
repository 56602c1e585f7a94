import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { statementIn } from './statement.js';

const route = routeFor<Cradle>();

export const statementRoutes = [
  route({
    method: 'GET',
    path: '/statement',
    summary: 'What the portal keeps about people, why and how long (GDPR art. 13), for everybody',
    permission: 'public',
    query: z.object({ language: z.enum(['nl', 'en', 'fr']).default('nl') }),
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        parts: z
          .array(
            z.object({
              title: z.string(),
              kept: z.array(z.object({ what: z.string(), why: z.string(), howLong: z.string() })).max(1_000),
            }),
          )
          .max(1_000),
      }),
    },
    handler: async ({ query: { language }, services }) => ({ parts: await statementIn(language, services) }),
  }),
];

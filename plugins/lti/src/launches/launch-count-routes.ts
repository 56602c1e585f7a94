import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostTools } from './launch-rates.js';

const route = routeFor<Cradle>();
const longestDays = 366;

export const launchCountRoutes = [
  route({
    method: 'GET',
    path: '/launch-counts',
    summary: 'How often each tool was opened by people of your schools',
    audit: { none: 'It shows no personal data.' },
    permission: 'launch-failures:read',
    machines: { scope: 'launches:read', cost: 5 },
    query: z.object({ days: z.coerce.number().int().min(1).max(longestDays).default(30) }),
    responses: {
      200: z.object({
        since: z.iso.datetime(),
        tools: z
          .array(
            z.object({
              key: z.string(),
              name: z.string(),
              launches: z.int(),
              failures: z.int().describe('Launches that did not reach the tool'),
            }),
          )
          .max(mostTools),
      }),
    },
    async handler({ query: { days }, services: { launches, clock } }) {
      const since = new Date(clock.now().getTime() - days * 86_400_000);
      const rates = await launches.rates(since);
      return { since: since.toISOString(), tools: rates };
    },
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { schoolsOf } from '../trainings/routes.js';

const route = routeFor<Cradle>();

export const findTrainings = route({
  method: 'GET',
  path: '/search/trainings',
  summary: 'Published trainings, by the same words as in the catalogue',
  permission: 'academy:enrol',
  mayLag: true,
  machines: { none: 'People use it.' },
  audit: { none: 'It shows no personal data.' },
  timeoutMs: 5_000,
  query: z.object({ q: z.string().trim().min(2).max(100), limit: z.coerce.number().int().min(1).max(20).default(6) }),
  responses: {
    200: z.object({
      results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
      more: z.boolean(),
    }),
  },
  async handler({ query: { q, limit }, services }) {
    const found = await services.trainingSearch.first(q, limit + 1, schoolsOf(services));
    return {
      results: found
        .slice(0, limit)
        .map(({ id, title, providerName }) => ({ title, detail: providerName || null, place: `/academie/vorming/${id}` })),
      more: found.length > limit,
    };
  },
});

export const searchRoutes = [findTrainings];

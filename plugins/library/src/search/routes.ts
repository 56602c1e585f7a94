import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import { activityQuery } from '../activities/filter.js';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

export const findActivities = route({
  method: 'GET',
  path: '/search/activities',
  summary: 'Activities, by the same words as in the library',
  permission: 'library:read',
  mayLag: true,
  machines: { none: 'Machines search the activities themselves.' },
  audit: { none: 'It shows no personal data.' },
  timeoutMs: 5_000,
  query: z.object({
    q: z.string().trim().min(2).max(100),
    limit: z.coerce.number().int().min(1).max(20).default(6),
  }),
  responses: {
    200: z.object({
      results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
      more: z.boolean(),
    }),
  },
  async handler({ query: { q, limit }, request, services: { activitySearch } }) {
    const query = activityQuery.parse({ q, pageSize: limit, facets: 'false' });
    const { activities, total, corrected } = await activitySearch.find(query, request.language);
    // In this box people also type names, and "noor" is one letter away from "voor". The library's own page corrects and says so.
    if (corrected !== null) return { results: [], more: false };
    return {
      results: activities.map(({ id, title, provider }) => ({ title, detail: provider || null, place: `/bibliotheek/${id}` })),
      more: total > limit,
    };
  },
});

export const searchRoutes = [findActivities];

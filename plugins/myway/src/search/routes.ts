import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

const query = z.object({
  q: z.string().trim().min(2).max(100).describe('Words in the title'),
  limit: z.coerce.number().int().min(1).max(20).default(6),
});
const found = z.object({
  results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
  more: z.boolean(),
});

export const findPaths = route({
  method: 'GET',
  path: '/search/paths',
  summary: 'Paths that you may read, by title: your own first, then those of colleagues, then the shared ones',
  permission: 'path:read',
  mayLag: true,
  machines: { none: 'Machines have the list of paths.' },
  timeoutMs: 5_000,
  query,
  responses: { 200: found },
  async handler({ query: { q, limit }, services: { pathService } }) {
    const paths = await pathService.titled(q, limit + 1);
    return {
      results: paths
        .slice(0, limit)
        .map(({ id, title, description }) => ({ title, detail: description.slice(0, 100) || null, place: `/paden/${id}` })),
      more: paths.length > limit,
    };
  },
});

export const findMyPaths = route({
  method: 'GET',
  path: '/search/my-paths',
  summary: 'The pupil’s own paths, by title',
  permission: 'path:follow',
  mayLag: true,
  machines: { none: 'It concerns the signed-in pupil.' },
  timeoutMs: 5_000,
  query,
  responses: { 200: found },
  async handler({ query: { q, limit }, services: { trails } }) {
    const mine = await trails.titled(q, limit + 1);
    return {
      results: mine.slice(0, limit).map(({ id, title, className }) => ({ title, detail: className, place: `/mijn-paden/${id}` })),
      more: mine.length > limit,
    };
  },
});

export const searchRoutes = [findPaths, findMyPaths];

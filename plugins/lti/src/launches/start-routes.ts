import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

/** Tools that the start page shows. */
const mostShown = 8;

export const failingTool = z.object({
  id: z.uuid(),
  name: z.string(),
  failures: z.int().describe('Launches that failed in the last week'),
  launches: z.int().describe('All launches in the last week'),
  latest: z.iso.datetime(),
});

export const toolStartRoutes = [
  route({
    method: 'GET',
    path: '/start/tools',
    summary: 'Tools that could not be opened in the last week by people of the caller’s schools',
    audit: { none: 'It shows no personal data.' },
    permission: 'launch-failures:read',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ tools: z.array(failingTool).max(mostShown) }) },
    handler: async ({ services }) => ({ tools: await services.launchRecords.failing(mostShown) }),
  }),
];

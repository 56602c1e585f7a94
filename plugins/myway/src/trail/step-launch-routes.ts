import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { maximumSteps } from '../paths/limits.js';

const route = routeFor<Cradle>();
const machines = { none: 'A launch belongs to the signed-in person.' } as const;
const address = z.object({ url: z.url() });

export const stepLaunchRoutes = [
  route({
    method: 'GET',
    path: '/assignments/:id/tools',
    summary: 'Steps of an assignment that external tools give',
    audit: { none: 'It shows no personal data.' },
    permission: 'progress:read',
    machines: { none: 'Teachers open the tools from the class board.' },
    params: z.object({ id: z.uuid() }),
    responses: {
      200: z.object({
        steps: z.array(z.object({ stepId: z.uuid(), title: z.string(), provider: z.string() })).max(maximumSteps),
      }),
    },
    handler: async ({ params: { id }, services }) => ({ steps: await services.stepLaunches.toolsOf(id) }),
  }),
  route({
    method: 'POST',
    path: '/assignments/:id/steps/:stepId/open',
    summary: 'Open the tool’s own view of the class, as a teacher',
    permission: 'progress:read',
    machines,
    params: z.object({ id: z.uuid(), stepId: z.uuid() }),
    responses: { 200: address },
    handler: async ({ params: { id, stepId }, services }) => ({ url: await services.stepLaunches.ofTeacher(id, stepId) }),
  }),
  route({
    method: 'POST',
    path: '/paths/:id/activities/:activityId/open',
    summary: 'Open an activity of a path in its tool, as the maker of the path',
    permission: 'path:write',
    machines,
    params: z.object({ id: z.uuid(), activityId: z.uuid() }),
    responses: { 200: address },
    handler: async ({ params: { id, activityId }, services }) => ({ url: await services.stepLaunches.ofMaker(id, activityId) }),
  }),
];

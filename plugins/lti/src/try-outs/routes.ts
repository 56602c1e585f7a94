import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

export const tryOutRoutes = [
  route({
    method: 'POST',
    path: '/try-outs',
    summary: 'Try an activity of the library in its tool, as a teacher',
    permission: 'tool:try',
    machines: { none: 'A launch belongs to the signed-in person.' },
    body: z.strictObject({
      activityId: z.uuid(),
      school: z.uuid().optional().describe('Your school; may be left out'),
    }),
    responses: { 200: z.object({ url: z.url() }) },
    handler: ({ body: { activityId, school }, services }) => services.tryOuts.start(activityId, school),
  }),
];

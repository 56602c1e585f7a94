import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostDue } from './start.js';
import { duePath, nextStep } from './start-model.js';

const route = routeFor<Cradle>();
const machines = { none: 'It concerns the signed-in pupil.' } as const;

/** One route for each part of the pupil's start page. */
export const pupilStartRoutes = [
  route({
    method: 'GET',
    path: '/start/next',
    summary: 'The one step that the pupil should do now',
    permission: 'path:follow',
    machines,
    responses: {
      200: z.object({ next: nextStep.nullable(), finished: z.int().describe('If there is none: paths that are complete') }),
    },
    handler: ({ services }) => services.pupilStart.next(),
  }),
  route({
    method: 'GET',
    path: '/start/due',
    summary: 'The pupil’s paths that are due within a week, or late',
    permission: 'path:follow',
    machines,
    responses: { 200: z.object({ paths: z.array(duePath).max(mostDue) }) },
    handler: async ({ services }) => ({ paths: await services.pupilStart.due() }),
  }),
];

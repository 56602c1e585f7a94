import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { schoolsOf } from './routes.js';
import { mostFoci, mostSuggested, suggestion } from './suggestions.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const focus = z.string().trim().min(1).max(80);

export const suggestionRoutes = [
  route({
    method: 'GET',
    path: '/suggestions',
    summary: 'Trainings for you, each with the reason, and the foci from which you can choose',
    permission: 'academy:enrol',
    mayLag: true,
    machines,
    responses: {
      200: z.object({
        suggestions: z.array(suggestion).max(mostSuggested),
        chosen: z.array(z.string()).max(mostFoci),
        offered: z.array(z.string()).max(100),
      }),
    },
    async handler({ services }) {
      const schools = schoolsOf(services);
      const { suggestions } = services;
      return {
        suggestions: await suggestions.list(schools),
        chosen: await suggestions.foci(),
        offered: await suggestions.offered(schools),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/my-interests',
    summary: 'Choose the didactic foci about which you want suggestions',
    permission: 'academy:enrol',
    machines,
    body: z.strictObject({ foci: z.array(focus).max(mostFoci) }),
    responses: { 204: nothing('Kept') },
    handler: ({ body, services: { suggestions } }) => suggestions.choose(body.foci),
  }),
];

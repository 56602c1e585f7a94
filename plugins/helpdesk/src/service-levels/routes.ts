import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { levelLines, serviceLevelInput } from './levels.js';

const route = routeFor<Cradle>();
const common = { permission: 'helpdesk:manage-service-levels', machines: { none: 'People decide what they promise.' } } as const;
const line = z.enum(levelLines);

export const serviceLevelsRoutes = [
  route({
    method: 'GET',
    path: '/service-levels',
    summary: 'Opening hours and times of each line',
    ...common,
    audit: { none: 'It shows nothing about anybody.' },
    responses: { 200: z.object({ levels: z.array(serviceLevelInput.extend({ line })).max(levelLines.length) }) },
    handler: async ({ services }) => ({ levels: await services.serviceLevels.now() }),
  }),
  route({
    method: 'PUT',
    path: '/service-levels/:line',
    summary: 'Change opening hours and times of a line, from now on',
    ...common,
    params: z.object({ line }),
    body: serviceLevelInput,
    responses: { 204: nothing('Changed') },
    async handler({ params, body, services }) {
      await services.serviceLevels.change(params.line, body);
      return reply(204);
    },
  }),
];

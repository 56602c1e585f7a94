import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { toolView } from '../activities/tool-view.js';
import type { Cradle } from '../cradle.js';
import { mostTools } from './tools.js';

const route = routeFor<Cradle>();

export const toolRoutes = [
  route({
    method: 'GET',
    path: '/tools',
    summary: 'External tools: price, data, privacy statement and help, and the schools where they are switched off',
    permission: 'library:read',
    mayLag: true,
    machines: { scope: 'activities:read' },
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        tools: z
          .array(
            toolView.extend({
              activities: z.int(),
              switchedOff: z
                .array(z.uuid())
                .max(mostTools * 10)
                .describe('Your schools that have switched it off'),
            }),
          )
          .max(mostTools),
        mayDecideFor: z.array(z.uuid()).max(1_000).describe('Schools for which you may switch tools on and off'),
      }),
    },
    async handler({ request, principal, services: { tools } }) {
      const schools = principal.roles.flatMap(({ tenant, role }) =>
        role === 'ict-coordinator' && tenant !== null ? [tenant] : [],
      );
      return { tools: await tools.list(request.language), mayDecideFor: [...new Set(schools)].slice(0, 1_000) };
    },
  }),
  route({
    method: 'PUT',
    path: '/tools/:key/schools/:school',
    summary: 'Switch a tool on or off in a school',
    permission: 'library:tools',
    machines: { none: 'A person of the school decides which tools it uses.' },
    params: z.object({ key: z.string().max(100), school: z.uuid() }),
    body: z.strictObject({ on: z.boolean() }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services: { tools } }) {
      await tools.switch(params.key, params.school, body.on);
      return reply(204);
    },
  }),
];

import { languages, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { languageOf } from '../documents/messages.js';
import { matrixOf } from './matrix.js';

const route = routeFor<Cradle>();

const matrix = z.object({
  roles: z.array(z.object({ id: z.string(), name: z.string(), where: z.string() })).max(200),
  modules: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        reads: z
          .array(
            z.object({
              what: z.string(),
              everyone: z.enum(['public', 'signed-in']).nullable(),
              roles: z.array(z.string()).max(200),
            }),
          )
          .max(1_000),
        data: z.array(z.object({ what: z.string(), tenants: z.string() })).max(1_000),
      }),
    )
    .max(1_000),
});
export type MatrixText = z.infer<typeof matrix>;

export const whoSeesWhatRoutes = [
  route({
    method: 'GET',
    path: '/who-sees-what',
    summary: 'Which role may read which data about people',
    permission: 'privacy:read',
    machines: { none: 'Administrators use it.' },
    query: z.object({ language: z.enum(languages).optional() }),
    audit: { none: 'It shows no personal data.' },
    responses: { 200: matrix },
    handler: ({ query, services, request }) => matrixOf(services, languageOf(query, request)),
  }),
];

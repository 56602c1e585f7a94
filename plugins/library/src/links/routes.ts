import { forbidden, nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostBroken } from './link-checks.js';

const route = routeFor<Cradle>();
const state = z.enum(['unknown', 'works', 'moved', 'broken']);

export const linkRoutes = [
  route({
    method: 'GET',
    path: '/activities/:id/link',
    summary: 'Whether the website of a link answers',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: { none: 'It shows no personal data.' },
    params: z.object({ id: z.uuid() }),
    responses: {
      200: z.object({
        link: z
          .object({ state, checkedAt: z.date().nullable(), movedTo: z.string().nullable(), reports: z.int() })
          .nullable()
          .describe('Null for an activity without a link to another website'),
      }),
    },
    handler: async ({ params, services: { linkChecks } }) => ({ link: await linkChecks.of(params.id) }),
  }),
  route({
    method: 'POST',
    path: '/activities/:id/link/reports',
    summary: 'Report that a link does not work',
    permission: 'library:write',
    machines: { none: 'A person saw that it does not work.' },
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Stored; the link is checked soon') },
    async handler({ params, principal, services: { linkChecks, ownActivities } }) {
      const [school] = await ownActivities.schools();
      if (school === undefined || principal.tenants === '*') throw forbidden('Only people of a school report links.');
      await linkChecks.report(params.id, school.id);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/links',
    summary: 'Links that do not work, that moved, or that somebody of your schools reported',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        links: z
          .array(
            z.object({
              id: z.uuid(),
              title: z.string(),
              provider: z.string(),
              url: z.string(),
              state,
              checkedAt: z.date().nullable(),
              movedTo: z.string().nullable(),
              reported: z.boolean(),
            }),
          )
          .max(mostBroken),
        more: z.boolean(),
      }),
    },
    handler: ({ services: { linkChecks } }) => linkChecks.broken(),
  }),
];

import { notFound, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person answers for what goes to tools.' };

const field = z.enum(['name', 'email', 'members']);

const tool = z.object({
  key: z.string(),
  name: z.string(),
  asks: z.object({ name: z.boolean(), email: z.boolean(), members: z.boolean() }),
  withheld: z.array(field).max(field.options.length),
  released: z
    .array(
      z.object({
        month: z.string(),
        way: z.enum(['launch', 'members']),
        field: z.enum(['pseudonym', 'role', 'context', 'language', 'name', 'email']),
        times: z.int(),
      }),
    )
    .max(30_000),
});

export const releasedRoutes = [
  route({
    method: 'GET',
    path: '/schools',
    summary: 'Schools for which you answer',
    permission: 'privacy:read',
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.object({ schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000) }) },
    handler: async ({ services: { directory } }) => ({ schools: (await directory.schools.list()).slice(0, 5_000) }),
  }),
  route({
    method: 'GET',
    path: '/schools/:id/tools',
    summary: 'What tools ask of a school, may have, and got, by field and month; without people',
    permission: 'privacy:read',
    machines,
    audit: { none: 'It shows no personal data.' },
    params: z.object({ id: z.uuid() }),
    responses: {
      200: z.object({
        releases: z.object({ name: z.boolean(), email: z.boolean() }).describe('What the school releases to tools at all'),
        tools: z.array(tool).max(1_000),
      }),
    },
    async handler({ params: { id }, services: { directory, lti } }) {
      if ((await directory.schools.get(id)) === null) throw notFound();
      return { releases: await directory.schools.releases(id), tools: (await lti?.releases.of(id)) ?? [] };
    },
  }),
  route({
    method: 'PUT',
    path: '/schools/:id/tools/:key',
    summary: 'Set what a school does not let a tool have, from the next launch on',
    permission: 'privacy:read',
    machines,
    params: z.object({ id: z.uuid(), key: z.string().max(100) }),
    body: z.strictObject({ withheld: z.array(field).max(field.options.length) }),
    responses: { 204: nothing('Stored') },
    async handler({ params: { id, key }, body: { withheld }, services: { directory, lti } }) {
      if (lti === undefined || (await directory.schools.get(id)) === null) throw notFound();
      await lti.releases.withhold(id, key, withheld);
    },
  }),
];

import { nothing, restrictionGrounds, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { findPerson } from '../find-person.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must answer privacy requests.' };
const noted = { none: 'The kernel records each request about a person.' };
const params = z.object({ id: z.uuid() });

const restriction = z.object({ ground: z.enum(restrictionGrounds), since: z.iso.datetime() }).nullable();
export type Restricted = z.infer<typeof restriction>;

export const restrictionRoutes = [
  route({
    method: 'GET',
    path: '/people/:id/restriction',
    summary: 'Whether the data of a person are restricted, and why (GDPR art. 18)',
    permission: 'privacy:read',
    machines,
    params,
    audit: noted,
    responses: { 200: z.object({ restriction }) },
    async handler({ params: { id }, services }) {
      await findPerson(services, id);
      const { restrictions } = await services.privacy.choices(id);
      const standing = restrictions.find(({ withdrawnAt }) => withdrawnAt === null);
      return { restriction: standing === undefined ? null : { ground: standing.ground, since: standing.since.toISOString() } };
    },
  }),
  route({
    method: 'PUT',
    path: '/people/:id/restriction',
    summary: 'Restrict the data of a person: they are kept, but not used or changed',
    permission: 'privacy:read',
    machines,
    params,
    body: z.strictObject({ ground: z.enum(restrictionGrounds) }),
    responses: { 204: nothing('Recorded') },
    async handler({ params: { id }, body: { ground }, services }) {
      await findPerson(services, id);
      await services.privacy.restrict(id, ground);
    },
  }),
  route({
    method: 'DELETE',
    path: '/people/:id/restriction',
    summary: 'End the restriction of a person: their data are used again',
    permission: 'privacy:read',
    machines,
    params,
    responses: { 204: nothing('Recorded') },
    async handler({ params: { id }, services }) {
      await findPerson(services, id);
      await services.privacy.endRestriction(id);
    },
  }),
];

import { notFound, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostTold } from './told-schools.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must deal with incidents.' };
const params = z.object({ id: z.uuid() });
const audit = { none: 'It shows nothing about anybody.' };
const mostOpen = 500;

export const toldRoutes = [
  route({
    method: 'GET',
    path: '/incidents/:id/schools',
    summary: 'Schools that were told about an incident of the operator, and schools of affected people that were not',
    permission: 'privacy:erase',
    machines,
    params,
    audit,
    responses: {
      200: z.object({
        told: z.array(z.object({ name: z.string(), at: z.date(), recorded: z.boolean() })).max(mostTold),
        untold: z.array(z.object({ name: z.string(), people: z.int() })).max(mostTold),
      }),
    },
    async handler({ params: { id }, services }) {
      const { told, untold } = await services.toldSchools.of(id);
      const names = new Map((await services.directory.schools.list()).map((school) => [school.id, school.name]));
      return {
        told: told.map(({ school_id, told_at, recorded_id }) => ({
          name: names.get(school_id) ?? '',
          at: told_at,
          recorded: recorded_id !== null,
        })),
        untold: [...untold].slice(0, mostTold).map(([school, people]) => ({ name: names.get(school) ?? '', people })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/incidents/:id/schools',
    summary: 'Tell the schools of affected people about an incident of the operator (GDPR art. 33(2))',
    permission: 'privacy:erase',
    machines,
    params,
    responses: { 200: z.object({ told: z.int() }) },
    handler: async ({ params: { id }, services: { toldSchools } }) => ({ told: await toldSchools.tell(id) }),
  }),
  route({
    method: 'GET',
    path: '/told-incidents',
    summary: 'Incidents of the operator that your school was told about and did not record yet',
    permission: 'privacy:read',
    machines,
    audit,
    responses: {
      200: z.object({
        incidents: z
          .array(
            z.object({
              id: z.uuid(),
              school: z.string(),
              what: z.string(),
              consequences: z.string(),
              measures: z.string(),
              people: z.int().describe('Number of people of the school who are affected'),
              at: z.date(),
            }),
          )
          .max(mostOpen),
        more: z.boolean(),
      }),
    },
    async handler({ principal, services }) {
      // The operator told them.
      if (principal.tenants === '*') return { incidents: [], more: false };
      const found = await services.toldSchools.open();
      const names = new Map((await services.directory.schools.list()).map(({ id, name }) => [id, name]));
      return {
        incidents: found.slice(0, mostOpen).map((row) => ({
          ...{ id: row.id, what: row.what, consequences: row.consequences, measures: row.measures },
          ...{ school: names.get(row.school_id) ?? '', people: row.people_count, at: row.told_at },
        })),
        more: found.length > mostOpen,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/told-incidents/:id/record',
    summary: 'Record an incident of the operator in the register of your school; its 72 hours began when it was told',
    permission: 'privacy:read',
    machines,
    params,
    responses: { 200: z.object({ id: z.uuid() }) },
    async handler({ params: { id }, principal, services: { toldSchools } }) {
      if (principal.tenants === '*') throw notFound();
      return { id: await toldSchools.record(id) };
    },
  }),
];

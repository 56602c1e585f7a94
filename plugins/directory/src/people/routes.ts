import { notFound, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { classShape, mostClasses, personShape } from '../shapes.js';
import { mostRoles } from './person-places.js';

const route = routeFor<Cradle>();

const classNames = z.array(z.string()).max(mostClasses).describe('Names of their classes of this school year');

export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/people',
    summary: 'People of your schools, by family name',
    permission: 'people:read',
    machines: { none: 'Machines read people by class.' },
    query: z.object({
      search: z.string().max(100).default(''),
      school: z.uuid().optional(),
      kind: z.enum(['pupil', 'staff']).optional(),
      without: z.enum(['class']).optional().describe('`class`: only people who are in no class this school year'),
      page: z.coerce.number().int().min(1).max(10_000).default(1),
      size: z.coerce.number().int().min(1).max(100).optional().describe('Size of numbered pages; default: `limit`'),
      ...pageQuery(50, 100),
    }),
    responses: {
      200: z.object({
        people: z.array(personShape.extend({ classes: classNames })).max(100),
        total: z.int(),
      }),
    },
    async handler({ query: { size, limit, ...query }, request, services }) {
      const { headers, ...page } = await services.peopleSearch.page({ ...query, size: size ?? limit }, request);
      return reply(200, page, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id',
    summary: 'A person with their classes, and their roles in your schools',
    permission: 'people:read',
    machines: { none: 'Machines read people by class.' },
    params: z.object({ id: z.uuid() }),
    responses: {
      200: personShape.extend({
        active: z.boolean().describe('False: has left, and is still kept'),
        roles: z.array(z.object({ school: z.uuid(), schoolName: z.string(), role: z.string() })).max(mostRoles),
        classes: z.array(classShape).max(mostClasses).describe('Of this school year; of groups, only your own'),
      }),
    },
    async handler({ params, services }) {
      const person = await services.people.get(params.id);
      if (person === null) throw notFound();
      return {
        ...person,
        ...(await services.personPlaces.of(params.id)),
        classes: await services.classes.shownOf(params.id),
      };
    },
  }),
];

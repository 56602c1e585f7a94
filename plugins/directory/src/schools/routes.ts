import { notFound, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostSchools, mostSites, releasesShape, schoolShape } from '../shapes.js';

const route = routeFor<Cradle>();
const importCounts = z.object({ added: z.int(), changed: z.int(), removed: z.int() });
const idParams = z.object({ id: z.uuid() });

export const schoolRoutes = [
  route({
    method: 'GET',
    path: '/schools',
    summary: 'Your schools',
    audit: { none: 'It shows no personal data.' },
    permission: 'signed-in',
    machines: { scope: 'classes:read' },
    query: z.object(pageQuery(mostSchools, mostSchools)),
    responses: { 200: z.object({ schools: z.array(schoolShape).max(mostSchools), more: z.boolean() }) },
    async handler({ query: { limit }, request, services }) {
      const found = await services.schools.list({ limit: limit + 1, after: request.after() });
      const { rows, more, headers } = pageOf(found, limit, ({ name, instellingsnummer }) => [name, instellingsnummer], request);
      return reply(200, { schools: rows, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:id',
    summary: 'A school: its group, sites, numbers, what is missing, its last import, and what tools receive about its people',
    audit: { none: 'It shows no personal data.' },
    permission: 'school:read',
    machines: { none: 'Administrators use it.' },
    params: idParams,
    responses: {
      200: schoolShape.extend({
        group: z.string().nullable(),
        sites: z.array(z.string()).max(mostSites),
        /** Whether the school has more sites than these. */
        more: z.boolean(),
        schoolYear: z.string().nullable(),
        pupils: z.int(),
        staff: z.int(),
        classes: z.int(),
        releases: releasesShape,
        missing: z.object({ pupilsWithoutClass: z.int(), classesWithoutTeacher: z.int(), classesWithoutPupils: z.int() }),
        lastImport: z
          .object({ at: z.iso.datetime(), people: importCounts, classes: importCounts })
          .nullable()
          .describe('The last import of files of this school, and what changed then'),
      }),
    },
    async handler({ params, services }) {
      const school = await services.schoolAdmin.details(params.id);
      if (school === null) throw notFound();
      return school;
    },
  }),
  route({
    method: 'PATCH',
    path: '/schools/:id/releases',
    summary: 'Set what tools receive about the people of a school; by default, nothing',
    permission: 'school:release',
    machines: { none: 'Administrators use it.' },
    params: idParams,
    body: releasesShape.partial(),
    responses: { 200: releasesShape },
    handler: ({ params, body, services }) => services.schoolAdmin.setReleases(params.id, body),
  }),
];

import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { namesOf } from '../find-person.js';
import { mostCorrections } from './corrections.js';
import { rectifiedFields } from './rows.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must answer privacy requests.' };
const params = z.object({ id: z.uuid() });

export const correctionRoutes = [
  route({
    method: 'GET',
    path: '/corrections',
    summary: 'What your school has to correct in its files, because people asked for it',
    permission: 'privacy:roster',
    machines,
    responses: {
      200: z.object({
        corrections: z
          .array(
            z.object({
              id: z.uuid(),
              person: z.uuid(),
              name: z.string(),
              school: z.string(),
              field: z.enum(rectifiedFields),
              was: z.string().describe('What the portal had when it was asked'),
              wanted: z.string(),
            }),
          )
          .max(mostCorrections),
        more: z.boolean(),
      }),
    },
    async handler({ services }) {
      const found = await services.corrections.list();
      const names = await namesOf(
        services,
        found.map(({ person_id }) => person_id),
      );
      const schools = new Map((await services.directory.schools.list()).map(({ id, name }) => [id, name]));
      return {
        corrections: found.slice(0, mostCorrections).map((row) => ({
          id: row.id,
          person: row.person_id as string,
          name: names.get(row.person_id as string) ?? '',
          school: schools.get(row.school_id as string) ?? '',
          field: row.field ?? 'other',
          was: row.roster_value,
          wanted: row.wanted,
        })),
        more: found.length > mostCorrections,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/corrections/:id',
    summary: 'Note that the school’s files are right now',
    permission: 'privacy:roster',
    machines,
    params,
    responses: { 204: nothing('Noted') },
    handler: ({ params: { id }, services: { corrections } }) => corrections.done(id),
  }),
  route({
    method: 'GET',
    path: '/schools/:id/corrections',
    summary: 'How many people say that the school’s files have something wrong about them',
    audit: { none: 'It shows no personal data.' },
    permission: 'privacy:roster',
    machines,
    params,
    responses: { 200: z.object({ open: z.int() }) },
    handler: async ({ params: { id }, services: { corrections } }) => ({ open: await corrections.count(id) }),
  }),
];

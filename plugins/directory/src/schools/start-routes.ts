import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

/** Schools that the start page shows. */
export const mostShown = 10;

export const rosterState = z.object({
  school: z.uuid(),
  name: z.string(),
  pupils: z.int(),
  staff: z.int(),
  classes: z.int(),
  withoutClass: z.int().describe('Pupils who are in no class of this school year'),
  importedAt: z.iso.datetime().nullable().describe('When files of the school were last read; null: never'),
});

export const startSchoolRoutes = [
  route({
    method: 'GET',
    path: '/start/rosters',
    summary: 'The rolls of the person’s schools: numbers, what is missing, and when files were last read',
    audit: { none: 'It shows no personal data.' },
    permission: 'school:read',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ schools: z.array(rosterState).max(mostShown), more: z.boolean() }) },
    async handler({ services }) {
      const found = await services.schoolStart.rosters(mostShown + 1);
      return { schools: found.slice(0, mostShown), more: found.length > mostShown };
    },
  }),
];

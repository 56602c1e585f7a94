import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { shownMentions } from './name-searches.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must decide about names.' };

export const nameRoutes = [
  route({
    method: 'GET',
    path: '/names',
    summary: 'Texts of others with the name of an erased person, to decide about',
    permission: 'privacy:erase',
    machines,
    responses: {
      200: z.object({
        mentions: z
          .array(
            z.object({
              id: z.uuid(),
              title: z.string().nullable(),
              text: z.string().nullable().describe('The first 2,000 characters; null if it is gone'),
              name: z.string().nullable(),
            }),
          )
          .max(shownMentions),
        left: z.int(),
        running: z.int().describe('Number of searches that are not done'),
      }),
    },
    handler: ({ services: { nameSearches }, request: { language } }) => nameSearches.open(language),
  }),
  route({
    method: 'POST',
    path: '/names/:id',
    summary: 'Leave a name in a text, or replace it',
    permission: 'privacy:erase',
    machines,
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ decision: z.enum(['leave', 'replace']) }),
    responses: { 204: nothing('Decided') },
    handler: ({ params: { id }, body: { decision }, services: { nameSearches } }) => nameSearches.decide(id, decision),
  }),
];

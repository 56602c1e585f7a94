import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import { flag } from '../activities/filter.js';
import type { Cradle } from '../cradle.js';
import { losses, mostItems } from './read-cartridge.js';

const route = routeFor<Cradle>();

export const cartridgeRoutes = [
  route({
    method: 'POST',
    path: '/cartridges',
    summary: 'Keep what a Common Cartridge holds as activities of your own, in a collection; says what is lost of each',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    query: z.object({
      school: z.uuid().optional().describe('Your school; may be left out when you have one school only'),
      dryRun: flag('false').describe('Only say what would be kept'),
    }),
    body: z.instanceof(Buffer),
    consumes: ['application/zip'],
    bodyLimit: 16 * 1024 * 1024,
    responses: {
      200: z.object({
        title: z.string(),
        items: z
          .array(
            z.object({
              title: z.string(),
              folders: z.array(z.string()).max(100),
              kind: z.enum(['lti', 'link', 'text']).nullable().describe('Null: nothing of it can be kept'),
              known: z.boolean().describe('It was imported before, and stays as it is'),
              lost: z.array(z.enum(losses)).max(losses.length),
            }),
          )
          .max(mostItems),
        selection: z.uuid().nullable(),
      }),
    },
    handler: async ({ query: { school, dryRun }, body, services: { cartridgeImport, ownActivities } }) =>
      cartridgeImport.take(body, (await ownActivities.schoolFor(school)).id, dryRun),
  }),
];

import { csvStream, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { flag } from '../activities/filter.js';
import type { Cradle } from '../cradle.js';
import { mostFaults } from './provided-activities.js';
import { faultCodes } from './read-table.js';

const route = routeFor<Cradle>();
const provider = z.object({ provider: z.uuid() });

export const providedRoutes = [
  route({
    method: 'GET',
    path: '/providers/:provider/activities.csv',
    summary: 'The activities of your tool as a table, to change and send again; an example if there are none',
    permission: 'library:provide',
    machines: { none: 'People of the provider fill in the table.' },
    audit: { none: 'It shows no personal data.' },
    params: provider,
    responses: { 200: { description: 'A table with a header', contentType: 'text/csv' } },
    handler: async ({ params, services: { providedActivities } }) =>
      reply(200, csvStream(await providedActivities.table(params.provider)), {
        'content-disposition': 'attachment; filename="activiteiten.csv"',
      }),
  }),
  route({
    method: 'PUT',
    path: '/providers/:provider/activities',
    summary: 'Send the activities of your tool, as a table, in place of those sent before; nothing is stored if there is a fault',
    permission: 'library:provide',
    machines: { none: 'People of the provider send the table.' },
    params: provider,
    query: z.object({ dryRun: flag('false').describe('Only check the table') }),
    body: z.instanceof(Buffer),
    // Spreadsheets also write UTF-16, which is refused with a fault that says so; as text/csv it would not come this far.
    consumes: ['application/octet-stream', 'text/csv'],
    bodyLimit: 4 * 1024 * 1024,
    responses: {
      200: z.object({
        sent: z.boolean(),
        rows: z.int(),
        faults: z
          .array(
            z.object({
              row: z.int().describe('As in a spreadsheet; the header is row 1'),
              column: z.string().nullable(),
              code: z.enum(faultCodes),
            }),
          )
          .max(mostFaults),
        faultCount: z.int(),
        removed: z.int().describe('Activities that were sent before and are not in this table'),
      }),
    },
    handler: ({ params, query, body, services: { providedActivities } }) =>
      providedActivities.take(params.provider, body, query.dryRun),
  }),
];

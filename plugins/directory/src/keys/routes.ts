import { csvStream, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { faultCodes } from '../oneroster/faults.js';
import { mostFaults } from './person-keys.js';

const route = routeFor<Cradle>();
const params = z.object({ school: z.uuid() });
const machines = { none: 'ICT coordinators compare it with the system of the school.' } as const;
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

export const keyRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/keys.csv',
    summary: 'The sourcedIds by which files know the people of a school of yours, as a table to correct and send again',
    permission: 'roster:import',
    machines,
    params,
    responses: { 200: { description: 'A table with a header', contentType: 'text/csv' } },
    handler: async ({ params: { school }, services: { personKeys } }) =>
      reply(200, csvStream(await personKeys.table(school)), {
        'content-disposition': 'attachment; filename="sleutels.csv"',
      }),
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/keys',
    summary: 'Correct the sourcedIds of people of a school of yours by a table; nothing is stored if there is a fault',
    permission: 'roster:import',
    recentSignIn: true,
    machines,
    params,
    query: z.object({ dryRun: flag.describe('Only check the table') }),
    body: z.instanceof(Buffer),
    consumes: ['application/octet-stream', 'text/csv'],
    bodyLimit: 4 * 1024 * 1024,
    responses: {
      200: z.object({
        written: z.boolean(),
        changed: z.int().describe('People whose sourcedId is another one'),
        faults: z
          .array(
            z.object({
              file: z.string(),
              row: z.int().nullable(),
              column: z.string().nullable(),
              code: z.enum(faultCodes),
              params: z.record(z.string(), z.union([z.string(), z.number()])),
              message: z.string(),
            }),
          )
          .max(mostFaults),
        faultCount: z.int(),
      }),
    },
    handler: ({ params: { school }, query: { dryRun }, body, services: { personKeys } }) => personKeys.take(school, body, dryRun),
  }),
];

import { routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { countedTables } from './changes.js';
import { faultCodes } from './faults.js';
import { leftOutReasons } from './read.js';
import { removedKinds } from './removals.js';

const route = routeFor<Cradle>();
const megabyte = 1024 * 1024;
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');
const counts = z.object({ added: z.int(), changed: z.int(), removed: z.int(), unchanged: z.int() });

const reportShape = z.object({
  dryRun: z.boolean(),
  outcome: z.enum(['imported', 'partly', 'refused']),
  schools: z.array(
    z.object({ id: z.uuid(), instellingsnummer: z.string(), name: z.string(), known: z.boolean(), refused: z.boolean() }),
  ),
  schoolCount: z.int(),
  tables: z.record(z.enum(countedTables), counts),
  faults: z.array(
    z.object({
      file: z.string(),
      row: z.int().nullable(),
      column: z.string().nullable(),
      code: z.enum(faultCodes),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      message: z.string(),
    }),
  ),
  faultCount: z.int().describe('All faults, also those that are not in the list'),
  removals: z
    .array(
      z.object({
        kind: z.enum(removedKinds),
        school: z.string(),
        class: z.string().nullable(),
        count: z.int(),
        total: z.int(),
      }),
    )
    .describe('More than half of the records of a kind in a school would be removed: refused unless `allowRemovals` is true'),
  leftOut: z.array(
    z.object({ file: z.string(), column: z.string().nullable(), reason: z.enum(leftOutReasons), count: z.int().nullable() }),
  ),
});

export const importRoutes = [
  route({
    method: 'POST',
    path: '/imports',
    summary: 'Import a zip of OneRoster CSV files for the schools that you manage; the report says what was refused and why',
    permission: 'roster:import',
    machines: { none: 'Administrators import rosters.' },
    query: z.object({ dryRun: flag, allowRemovals: flag }),
    body: z.instanceof(Buffer),
    consumes: ['application/zip'],
    bodyLimit: 32 * megabyte,
    responses: { 200: reportShape },
    handler: ({ query, body, principal, services }) =>
      // Run as the system, because people may also be in schools for which the sender does not act. The importer limits the package to the
      // sender's schools.
      services.actAs(systemPrincipal(), ({ importer }: Cradle) => importer.run(body, { ...query, scope: principal.tenants })),
  }),
];

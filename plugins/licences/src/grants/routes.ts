import { csvStream, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { instellingsnummer } from '../plans/plan.js';
import { actWords, columns, faultCodes } from './grant-table.js';
import { mostFaults } from './grants.js';

const route = routeFor<Cradle>();
const plan = z.object({ plan: z.uuid() });
const reads = { scope: 'licences:read' } as const;
const writes = { scope: 'licences:write' } as const;
const noPeople = { none: 'It shows no personal data.' } as const;
const group = z.object({ id: z.uuid(), name: z.string() });

export const grantRoutes = [
  route({
    method: 'GET',
    path: '/plans/:plan/grants',
    summary: 'Schools to which a plan is granted, by instellingsnummer, with seats taken, and no names of people',
    permission: 'licence:provide',
    machines: { ...reads, cost: 2 },
    audit: noPeople,
    params: plan,
    query: z.object(pageQuery(50, 200)),
    responses: {
      200: z.object({
        grants: z
          .array(
            z.object({
              number: z.string(),
              school: z.string(),
              mostSeats: z.int().nullable().describe('Null: those of the plan'),
              used: z.int(),
              withdrawn: z.boolean(),
            }),
          )
          .max(200),
        more: z.boolean(),
      }),
    },
    async handler({ params, query: { limit }, request, services: { grants } }) {
      const found = await grants.list(params.plan, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ position }) => position, request);
      return reply(200, { grants: rows.map(({ grant }) => grant), more }, headers);
    },
  }),
  route({
    method: 'PUT',
    path: '/plans/:plan/grants/:number',
    summary: 'Grant a plan to a school by its instellingsnummer, also after a withdrawal',
    permission: 'licence:provide',
    machines: writes,
    params: plan.extend({ number: instellingsnummer }),
    body: z.strictObject({ mostSeats: z.int().min(1).max(1_000_000).nullable().default(null) }),
    responses: { 204: nothing('Granted') },
    handler: ({ params, body, services }) => services.grants.grant(params.plan, params.number, body.mostSeats),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/grants/:number/withdrawal',
    summary: 'Withdraw a plan from a school, from the next launch on; who is at work finishes',
    permission: 'licence:provide',
    machines: writes,
    params: plan.extend({ number: instellingsnummer }),
    responses: { 204: nothing('Withdrawn') },
    handler: ({ params, services }) => services.grants.withdraw(params.plan, params.number),
  }),
  route({
    method: 'GET',
    path: '/plans/:plan/grants.csv',
    summary: 'The schools of a plan as a table, to change and send again',
    permission: 'licence:provide',
    machines: reads,
    audit: noPeople,
    params: plan,
    responses: { 200: { description: 'A table with a header', contentType: 'text/csv' } },
    async handler({ params, services: { grants } }) {
      const rows = (await grants.table(params.plan)).map(({ number, seats, withdrawn }) => [
        number,
        withdrawn ? actWords.withdraw : actWords.grant,
        seats === null ? '' : String(seats),
      ]);
      return reply(200, csvStream([[...columns], ...rows]), { 'content-disposition': 'attachment; filename="licenties.csv"' });
    },
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/grants',
    summary:
      'Grant and withdraw by a table with the columns instellingsnummer, actie and plaatsen; nothing is stored if there is a fault',
    permission: 'licence:provide',
    machines: { ...writes, cost: 10 },
    params: plan,
    query: z.object({
      dryRun: z
        .enum(['true', 'false'])
        .default('false')
        .transform((given) => given === 'true')
        .describe('Only check the table'),
    }),
    body: z.instanceof(Buffer),
    consumes: ['application/octet-stream', 'text/csv'],
    bodyLimit: 1024 * 1024,
    responses: {
      200: z.object({
        stored: z.boolean(),
        rows: z.int(),
        granted: z.int(),
        changed: z.int().describe('Schools that have it already, with another most seats'),
        withdrawn: z.int(),
        unchanged: z.int(),
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
      }),
    },
    handler: ({ params, query, body, services }) => services.grants.take(params.plan, body, query.dryRun),
  }),
  route({
    method: 'GET',
    path: '/plans/:plan/groups',
    summary: 'School groups to which a plan is granted',
    permission: 'licence:provide',
    machines: reads,
    audit: noPeople,
    params: plan,
    responses: { 200: z.object({ groups: z.array(group).max(100) }) },
    handler: async ({ params, services }) => ({ groups: await services.groupGrants.of(params.plan) }),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/groups',
    summary: 'Grant a plan to all schools of a school group, also to those that join it',
    permission: 'licence:provide',
    machines: writes,
    params: plan,
    body: z.strictObject({ group: z.uuid() }),
    responses: { 200: z.object({ schools: z.int() }) },
    handler: async ({ params, body, services }) => ({ schools: await services.groupGrants.grant(params.plan, body.group) }),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/groups/:group/removal',
    summary: 'Take a plan from a school group; schools that have it by themselves or by another group keep it',
    permission: 'licence:provide',
    machines: writes,
    params: plan.extend({ group: z.uuid() }),
    responses: { 204: nothing('Taken from the group') },
    handler: ({ params, services }) => services.groupGrants.remove(params.plan, params.group),
  }),
  route({
    method: 'GET',
    path: '/groups',
    summary: 'School groups by name',
    permission: 'licence:provide',
    machines: reads,
    audit: noPeople,
    responses: { 200: z.object({ groups: z.array(group).max(5_000) }) },
    handler: async ({ services }) => ({ groups: await services.groupGrants.all() }),
  }),
];

import { forbidden, nothing, type Principal, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { afterQuery, pageFrom, pageSize } from '../releases/page.js';
import type { ProtocolCradle } from './cradle.js';
import { toldMoves } from './negotiations.js';
import { mostPartners } from './partners.js';

const route = routeFor<ProtocolCradle>();
const machines = { none: 'Data stewards decide who gets data.' } as const;
const permission = 'partner:manage';
const audit = { none: 'It shows no personal data.' };
const params = z.object({ id: z.uuid() });
const byDid = z
  .boolean()
  .optional()
  .describe('Without a bearer token: it proves who it is by its DID. Unless told, so it is for a did:web where dcp is set');
const because = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });

const partner = z.object({
  id: z.uuid(),
  participant: z.string(),
  organisation: z.string(),
  automatic: z.boolean(),
  active: z.boolean(),
});
const negotiation = z.object({
  id: z.uuid(),
  organisation: z.string(),
  title: z.string(),
  state: z.string(),
  agreementId: z.uuid().nullable(),
  endsAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
const transfer = z.object({
  id: z.uuid(),
  agreementId: z.uuid(),
  organisation: z.string(),
  title: z.string(),
  state: z.string(),
});
const lists = {
  negotiations: z.object({ negotiations: z.array(negotiation).max(pageSize), more: z.boolean(), next: z.string().nullable() }),
  transfers: z.object({ transfers: z.array(transfer).max(pageSize), more: z.boolean(), next: z.string().nullable() }),
};
export type PartnerView = z.output<typeof partner>;
export type NegotiationView = z.output<typeof negotiation>;
export type TransferView = z.output<typeof transfer>;

function ofPortal({ tenants }: Principal): void {
  if (tenants !== '*') throw forbidden('Only people who act for the whole portal release data.');
}

const reasonOf = (reason: string | undefined) => (reason === undefined ? {} : { reason: [reason] });

export const stewardRoutes = [
  route({
    method: 'GET',
    path: '/partners',
    summary: 'Organisations that may ask for data, by name',
    permission,
    machines,
    audit,
    responses: { 200: z.array(partner).max(mostPartners) },
    async handler({ principal, services }) {
      ofPortal(principal);
      return services.partners.list();
    },
  }),
  route({
    method: 'POST',
    path: '/partners',
    summary: 'Add an organisation. Its token is shown once; null if it proves who it is by its DID',
    permission,
    machines,
    body: z.strictObject({
      participant: z.string().trim().min(3).max(300),
      organisation: z.string().trim().min(1).max(200),
      automatic: z.boolean().default(false).describe('Grant its requests without a person'),
      byDid,
    }),
    responses: { 201: z.object({ id: z.uuid(), token: z.string().nullable() }) },
    async handler({ body: { byDid, ...partner }, principal, services }) {
      ofPortal(principal);
      return reply(201, await services.partners.add(partner, byDid));
    },
  }),
  route({
    method: 'POST',
    path: '/partners/:id/token',
    summary:
      'Give an organisation another token, shown once, or none if it proves who it is by its DID. Without an overlap the old one is worth nothing, and running transfers are suspended',
    permission,
    machines,
    params,
    body: z.strictObject({
      overlapDays: z.int().min(0).max(30).default(0).describe('For so many days the old token holds too'),
      byDid,
    }),
    responses: { 201: z.object({ token: z.string().nullable() }) },
    async handler({ params: { id }, body: { overlapDays, byDid }, principal, services: { partners, transfers } }) {
      ofPortal(principal);
      const renewed = await partners.renew(id, overlapDays, byDid);
      // Whoever had a token that leaked may have the tokens of its transfers too.
      if (overlapDays === 0) await transfers.suspendAll(id);
      return reply(201, renewed);
    },
  }),
  route({
    method: 'POST',
    path: '/partners/:id/stop',
    summary: 'End all access of an organisation at once',
    permission,
    machines,
    params,
    responses: { 204: nothing('Stopped') },
    async handler({ params: { id }, principal, services: { partners, negotiations, transfers } }) {
      ofPortal(principal);
      await partners.stop(id);
      await negotiations.dropAll(id);
      await transfers.dropAll(id);
    },
  }),
  route({
    method: 'GET',
    path: '/negotiations',
    summary: 'What partners ask for and what was agreed: first what waits for a decision, then what holds',
    permission,
    machines,
    audit,
    query: afterQuery,
    responses: { 200: lists.negotiations },
    async handler({ principal, request, services }) {
      ofPortal(principal);
      const found = await services.negotiations.list(request.after());
      const { rows, more, next, headers } = pageFrom(found, ({ rank, id }) => [rank, id], request);
      const text = (moment: Date | null) => moment?.toISOString() ?? null;
      const negotiations = rows.map((each) => ({ ...each, endsAt: text(each.endsAt), endedAt: text(each.endedAt) }));
      return reply(200, { negotiations, more, next }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/negotiations/:id/:move',
    summary: 'Decide about a request of a partner',
    permission,
    machines,
    params: params.extend({ move: z.enum(toldMoves) }),
    body: because,
    responses: { 204: nothing('Decided') },
    async handler({ params: { id, move }, body: { reason }, principal, services }) {
      ofPortal(principal);
      await services.negotiations.move(id, move, reasonOf(reason));
    },
  }),
  route({
    method: 'POST',
    path: '/agreements/:id/end',
    summary: 'End an agreement before its time',
    permission,
    machines,
    params,
    responses: { 204: nothing('Ended') },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      await services.negotiations.endAgreement(id);
      await services.transfers.endAll(id);
    },
  }),
  route({
    method: 'GET',
    path: '/transfers',
    summary: 'What is handed over to partners: first what is not over',
    permission,
    machines,
    audit,
    query: afterQuery,
    responses: { 200: lists.transfers },
    async handler({ principal, request, services }) {
      ofPortal(principal);
      const found = await services.transfers.list(request.after());
      const { rows, more, next, headers } = pageFrom(found, ({ rank, id }) => [rank, id], request);
      return reply(200, { transfers: rows, more, next }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/transfers/:id/:move',
    summary: 'Decide about a transfer',
    permission,
    machines,
    params: params.extend({ move: z.enum(['start', 'suspend', 'complete', 'terminate']) }),
    body: because,
    responses: { 204: nothing('Decided') },
    async handler({ params: { id, move }, body: { reason }, principal, services }) {
      ofPortal(principal);
      await services.transfers.move(id, move, reasonOf(reason));
    },
  }),
];

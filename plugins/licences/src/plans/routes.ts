import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { line, planInput, providerPlan, renewalInput, toolKey } from './plan.js';
import { mostTools } from './tools.js';

const route = routeFor<Cradle>();
const provider = z.object({ provider: z.uuid() });
const plan = z.object({ plan: z.uuid() });
const reads = { scope: 'licences:read' } as const;
const writes = { scope: 'licences:write' } as const;
const noPeople = { none: 'It shows no personal data.' } as const;
const shownTool = z.object({ key: z.string(), name: z.string(), provider: z.uuid() });

export const planRoutes = [
  route({
    method: 'GET',
    path: '/tools',
    summary: 'The tools that need a licence, by name',
    permission: 'licence:manage',
    machines: { none: 'The portal administrator decides which tools need a licence.' },
    audit: noPeople,
    responses: { 200: z.object({ tools: z.array(shownTool).max(mostTools) }) },
    handler: async ({ services }) => ({ tools: await services.licensedTools.list() }),
  }),
  route({
    method: 'PUT',
    path: '/tools/:key',
    summary: 'Say that a tool needs a licence of a provider: schools without one cannot open it any more',
    permission: 'licence:manage',
    machines: { none: 'The portal administrator decides which tools need a licence.' },
    params: z.object({ key: toolKey }),
    body: z.strictObject({ provider: z.uuid(), name: line(200).min(1) }),
    responses: { 204: nothing('Kept') },
    handler: ({ params, body, services }) => services.licensedTools.set(params.key, body),
  }),
  route({
    method: 'POST',
    path: '/tools/:key/free',
    summary: 'Say that a tool needs no licence any more',
    permission: 'licence:manage',
    machines: { none: 'The portal administrator decides which tools need a licence.' },
    params: z.object({ key: toolKey }),
    responses: { 204: nothing('Free') },
    handler: ({ params, services }) => services.licensedTools.remove(params.key),
  }),
  route({
    method: 'GET',
    path: '/providers',
    summary: 'Providers of tools for which you act, by name',
    permission: 'licence:provide',
    machines: { none: 'A page lets people choose among them.' },
    audit: noPeople,
    responses: {
      200: z.object({ providers: z.array(z.object({ id: z.uuid(), name: z.string() })).max(1_000), more: z.boolean() }),
    },
    async handler({ services: { directory } }) {
      const found = await directory.providers.list({ limit: 1_001 });
      const providers = found.slice(0, 1_000).filter(({ kind }) => kind === 'tool-provider');
      return { providers: providers.map(({ id, name }) => ({ id, name })), more: found.length > 1_000 };
    },
  }),
  route({
    method: 'GET',
    path: '/providers/:provider/tools',
    summary: 'The tools of a provider of yours that need a licence',
    permission: 'licence:provide',
    machines: reads,
    audit: noPeople,
    params: provider,
    responses: { 200: z.object({ tools: z.array(shownTool).max(mostTools) }) },
    async handler({ params, services: { plans, licensedTools } }) {
      await plans.provider(params.provider);
      return { tools: await licensedTools.list(params.provider) };
    },
  }),
  route({
    method: 'GET',
    path: '/providers/:provider/plans',
    summary: 'The plans of a provider of yours, newest first, with seats taken, and no names',
    permission: 'licence:provide',
    machines: { ...reads, cost: 2 },
    audit: noPeople,
    params: provider,
    query: z.object(pageQuery(50, 200)),
    responses: { 200: z.object({ plans: z.array(providerPlan).max(200), more: z.boolean() }) },
    async handler({ params, query: { limit }, request, services: { plans } }) {
      const found = await plans.list(params.provider, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ position }) => position, request);
      return reply(200, { plans: rows.map((row) => row.plan), more }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/providers/:provider/plans',
    summary: 'Add a plan: a new agreement with a period and seats, granted to nobody yet',
    permission: 'licence:provide',
    machines: writes,
    params: provider,
    body: planInput,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body, services }) => reply(201, { id: await services.plans.add(params.provider, body) }),
  }),
  route({
    method: 'GET',
    path: '/plans/:plan',
    summary: 'One plan of a provider of yours',
    permission: 'licence:provide',
    machines: reads,
    audit: noPeople,
    params: plan,
    responses: { 200: providerPlan },
    handler: ({ params, services }) => services.plans.one(params.plan),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/renewal',
    summary: 'Renew a plan by a new one, for the schools that have it; seats go along. Again, it changes nothing',
    permission: 'licence:provide',
    machines: writes,
    params: plan,
    body: renewalInput,
    responses: { 200: z.object({ id: z.uuid(), left: z.int().describe('Seats that did not fit') }) },
    handler: ({ params, body, services }) => services.plans.renew(params.plan, body),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/seats',
    summary: 'Add seats to a plan: the new number of all its seats',
    permission: 'licence:provide',
    machines: writes,
    params: plan,
    body: z.strictObject({ seats: z.int().min(1).max(1_000_000) }),
    responses: { 204: nothing('Added') },
    handler: ({ params, body, services }) => services.plans.addSeats(params.plan, body.seats),
  }),
  route({
    method: 'POST',
    path: '/plans/:plan/withdrawal',
    summary: 'Withdraw a plan in all its schools, or take that back; who is at work finishes',
    permission: 'licence:provide',
    machines: writes,
    params: plan,
    body: z.strictObject({ withdrawn: z.boolean() }),
    responses: { 204: nothing('Done') },
    handler: ({ params, body, services }) => services.plans.withdraw(params.plan, body.withdrawn),
  }),
];

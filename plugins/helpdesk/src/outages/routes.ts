import { anonymous, html, notFound, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { statusPage } from './document.js';
import { mostActivities, mostEnded, mostOpen } from './outages.js';
import { toolStates } from './states.js';
import { mostTools } from './tool-board.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const audit = { none: 'It shows no personal data.' };
const permission = 'helpdesk:manage-outages';

const id = z.object({ id: z.uuid() });
const toolState = z.enum(toolStates);
const severity = z.enum(['slow', 'down']);
const several = <T extends z.ZodType>(one: T, most: number) =>
  z.union([one.transform((each) => [each]), z.array(one).max(most)]).optional();

const words = z.string().trim().max(1000).default('');
const input = z.object({
  tools: z.array(z.string().min(1).max(80)).min(1).max(50),
  severity,
  publicText: words,
  staffText: words,
  pupilText: words,
});
const outage = input.extend({
  id: z.uuid(),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
  tickets: z.int(),
  unsolved: z.int(),
  linkable: z.int(),
});
const tool = z.object({
  key: z.string(),
  name: z.string(),
  state: toolState,
  measured: toolState,
  byHand: toolState.nullable(),
  launches: z.int(),
  failures: z.int(),
  medianSeconds: z.number().nullable(),
  since: z.date(),
});
const notice = z.object({
  tools: z.array(z.string()).max(50),
  names: z.array(z.string()).max(50),
  severity,
  text: z.string(),
  since: z.date(),
  activities: z.array(z.uuid()).max(mostActivities),
});
const message = z.strictObject({ text: z.string().trim().min(1).max(2000) });
const count = z.object({ tickets: z.int() });

export const outagesRoutes = [
  route({
    method: 'GET',
    path: '/status',
    summary: 'Page with the state of each tool, for everyone',
    permission: 'public',
    audit,
    query: z.object({ taal: z.enum(['nl', 'en', 'fr']).optional().catch(undefined) }),
    responses: { 200: html('The page', { compressed: true }) },
    async handler({ query: { taal }, request, principal, services: { toolBoard, outages, clock, contributions } }) {
      const privacyPath = contributions.of('privacy-pages')[0]?.value.path;
      const reader = { language: taal ?? request.language, signedIn: principal.kind === 'person', privacyPath, now: clock.now() };
      return statusPage(reader, await toolBoard.tools(), await outages.notices(null, anonymous), await outages.ended());
    },
  }),
  route({
    method: 'GET',
    path: '/outages/notices',
    summary: 'What the reader should know of tools that do not work well, in the words for them',
    permission: 'public',
    audit,
    query: z.object({ tool: several(z.string().max(80), 50), activity: several(z.uuid(), mostActivities) }),
    responses: { 200: z.object({ notices: z.array(notice).max(mostOpen + mostTools) }) },
    async handler({ query: { tool: tools = [], activity: activities = [] }, services: { outages } }) {
      const about = tools.length + activities.length === 0 ? null : { tools, activities };
      return { notices: await outages.notices(about) };
    },
  }),
  route({
    method: 'GET',
    path: '/outages',
    summary: 'The board of tools, and outages: open ones, and those that ended last',
    permission,
    machines,
    audit,
    responses: {
      200: z.object({ tools: z.array(tool).max(mostTools), outages: z.array(outage).max(mostOpen + mostEnded) }),
    },
    handler: async ({ services: { toolBoard, outages } }) => ({ tools: await toolBoard.tools(), outages: await outages.list() }),
  }),
  route({
    method: 'POST',
    path: '/outages',
    summary: 'Begin an outage',
    permission,
    machines,
    body: input,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services: { outages } }) => ({ id: await outages.begin(body) }),
  }),
  route({
    method: 'PUT',
    path: '/outages/:id',
    summary: 'Change what is said about an outage',
    permission,
    machines,
    params: id,
    body: input,
    responses: { 204: nothing('Changed') },
    handler: ({ params, body, services: { outages } }) => outages.change(params.id, body),
  }),
  route({
    method: 'POST',
    path: '/outages/:id/tickets',
    summary: 'Link the unsolved tickets about its tools',
    permission,
    machines,
    params: id,
    responses: { 200: count },
    handler: async ({ params, services: { outages } }) => ({ tickets: await outages.linkTickets(params.id) }),
  }),
  route({
    method: 'POST',
    path: '/outages/:id/updates',
    summary: 'Write the same message in every unsolved ticket of an outage',
    permission,
    machines,
    params: id,
    body: message,
    responses: { 200: count },
    handler: async ({ params, body: { text }, services: { outages } }) => ({ tickets: await outages.updateAll(params.id, text) }),
  }),
  route({
    method: 'POST',
    path: '/outages/:id/end',
    summary: 'End an outage, and solve its tickets with the same message',
    permission,
    machines,
    params: id,
    body: message,
    responses: { 200: count },
    handler: async ({ params, body: { text }, services: { outages } }) => ({ tickets: await outages.end(params.id, text) }),
  }),
  route({
    method: 'PUT',
    path: '/outages/tools/:key',
    summary: 'Say how a tool does, whatever is measured; null: as measured',
    permission,
    machines,
    params: z.object({ key: z.string().max(80) }),
    body: z.strictObject({ state: toolState.nullable() }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body: { state }, services: { toolBoard } }) {
      if (!(await toolBoard.setByHand(params.key, state))) throw notFound();
    },
  }),
];

import { notFound, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { showFormulas } from '../maths/show-formulas.js';
import { facet } from './facet-values.js';
import { activityQuery, flag } from './filter.js';
import { activitySummary, markdown, shownContent } from './model.js';
import { sourceOf } from './offered.js';
import { ownActivity, ownSource } from './own-activities.js';
import { activityRows, summaries } from './rows.js';
import { mostRelated } from './search.js';
import { toolView, viewOf } from './tool-view.js';

const route = routeFor<Cradle>();
const id = z.object({ id: z.uuid() });

const searchResult = z.object({
  total: z.int(),
  page: z.int(),
  pageSize: z.int(),
  activities: z.array(activitySummary).max(100),
  facets: z.array(facet).max(200),
  chosenConcepts: z.array(z.object({ uri: z.string(), label: z.string(), facet: z.string().nullable() })).max(1_000),
  withdrawn: z.int().describe('How many activities you took out of the library'),
  levels: z
    .array(z.object({ text: z.string(), ages: z.array(z.object({ from: z.int(), to: z.int() })).max(2) }))
    .max(3)
    .describe('Classes and stages that the words name, as ages'),
  corrected: z.string().nullable().describe('What was searched for instead, if the words contain typing errors and find nothing'),
  related: z
    .array(z.object({ uri: z.string(), label: z.string() }))
    .max(mostRelated)
    .describe('Concepts near the one that the words name'),
  without: z
    .array(z.object({ word: z.string(), q: z.string(), count: z.int() }))
    .max(3)
    .describe('Where all words together find nothing: words to leave out, the question without each and what that finds'),
});

const activityDetail = activitySummary.extend({
  keywords: z.array(z.string()).max(1_000),
  origin: z.enum(['own', 'tool', 'import']),
  school: z.uuid().nullable().describe('The school that owns it; null: everyone may use it'),
  mayChange: z.boolean(),
  listed: z.boolean().describe('Whether colleagues of its maker find it in the library'),
  tool: toolView.nullable().describe('The external tool that it belongs to'),
});

export const activityRoutes = [
  route({
    method: 'GET',
    path: '/activities',
    summary: 'Search activities, with facets',
    permission: 'library:read',
    mayLag: true,
    machines: { scope: 'activities:read', cost: 5 },
    audit: { none: 'It shows no personal data.' },
    query: activityQuery.extend({
      pageSize: activityQuery.shape.pageSize.unwrap().optional().describe('Size of numbered pages; default: `limit`'),
      ...pageQuery(20, 100),
    }),
    responses: { 200: searchResult },
    async handler({ query: { limit, pageSize = limit, ...query }, request, services: { activitySearch } }) {
      const found = await activitySearch.find({ ...query, pageSize }, request.language, request.after());
      const { positions, ...result } = found;
      const { headers } = pageOf(positions, pageSize, (position) => position, request);
      return reply(200, result, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/activities/:id',
    summary: 'One activity',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: { none: 'It shows no personal data.' },
    params: id,
    responses: { 200: activityDetail },
    async handler({ params, request, services: { knex, contributions, licences, principal, ownActivities } }) {
      const [row] = await activityRows({ knex, contributions, principal }, [params.id]);
      if (row === undefined) throw notFound();
      const [summary] = await summaries({ licences }, [row]);
      if (summary === undefined) throw notFound();
      const tool = contributions.of('tools').find(({ value }) => sourceOf(value.key) === row.source);
      return {
        ...summary,
        keywords: row.keywords,
        origin: row.source === ownSource ? 'own' : row.source.startsWith('tool:') ? 'tool' : 'import',
        school: row.school_id,
        listed: row.listed,
        mayChange: await ownActivities.mayChange(row.id),
        tool: tool === undefined ? null : viewOf(tool.value, request.language),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/activities/:id/content',
    summary: 'How an activity is opened, for a teacher’s preview',
    permission: 'library:read',
    machines: { scope: 'activities:read' },
    audit: { none: 'It shows no personal data.' },
    params: id,
    query: z.object({ written: flag('false').describe('A text as its maker wrote it: formulas in TeX, to be changed') }),
    responses: { 200: shownContent },
    async handler({ params, query, request, services: { activities } }) {
      const content = await (query.written
        ? activities.writtenContentOf(params.id)
        : activities.contentOf(params.id, request.language));
      if (content === null) throw notFound();
      // The content was validated with this schema when it was stored.
      return content as z.input<typeof shownContent>;
    },
  }),
  route({
    method: 'POST',
    path: '/activities',
    summary: 'Add a text or link of your own for your school',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    body: ownActivity,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services }) => reply(201, { id: await services.ownActivities.add(body) }),
  }),
  route({
    method: 'POST',
    path: '/texts',
    summary: 'A text as readers will see it: formulas in MathML. Nothing is stored',
    permission: 'library:write',
    machines: { none: 'A person writes the text.' },
    body: z.object({ markdown }),
    responses: { 200: z.object({ markdown: z.string() }) },
    handler: async ({ body }) => ({ markdown: await showFormulas(body.markdown) }),
  }),
  route({
    method: 'PUT',
    path: '/activities/:id',
    summary: 'Replace an activity of your own',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    params: id,
    body: ownActivity,
    responses: { 204: nothing('Stored') },
    async handler({ params, body, services }) {
      await services.ownActivities.replace(params.id, body);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/activities/:id',
    summary: 'Remove your own activity from the library; paths that contain it keep it',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    params: id,
    responses: { 204: nothing('Taken out') },
    async handler({ params, services }) {
      await services.ownActivities.withdraw(params.id);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/schools',
    summary: 'Schools for which you may add activities',
    permission: 'library:write',
    machines: { none: 'An activity has a person as its author.' },
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.object({ schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000) }) },
    handler: async ({ services }) => ({ schools: await services.ownActivities.schools() }),
  }),
];

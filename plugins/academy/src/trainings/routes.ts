import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { eventOf, trainingOf } from '../rows.js';
import { event, id, training, trainingInput } from '../shapes.js';
import { mostEvents } from './catalogue.js';
import { audienceName } from './named-audience.js';
import { catalogueQuery, catalogueResult } from './training-search.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };

/** Schools for which the caller may sign up. */
export const schoolsOf = ({ principal: { tenants } }: Pick<Cradle, 'principal'>): string[] =>
  tenants === '*' ? [] : [...tenants];

const ownSignUp = z.object({ id: z.uuid(), state: z.string(), offeredUntil: z.date().nullable() });

export const trainingRoutes = [
  route({
    method: 'GET',
    path: '/catalogue',
    summary: 'Search trainings, with facets',
    permission: 'academy:enrol',
    mayLag: true,
    machines: { scope: 'catalogue:read', cost: 5 },
    audit: { none: 'It shows no personal data.' },
    query: catalogueQuery,
    responses: { 200: catalogueResult },
    handler: ({ query, services }) => services.trainingSearch.find(query, schoolsOf(services)),
  }),
  route({
    method: 'GET',
    path: '/catalogue/:id',
    summary: 'A training with its events to come, and the own sign-ups for them',
    permission: 'academy:enrol',
    machines,
    params: id,
    responses: {
      200: training.extend({
        events: z
          .array(
            event.extend({
              mine: ownSignUp.nullable(),
              clash: z.boolean().describe('Whether another own training is at that time'),
            }),
          )
          .max(mostEvents),
        selfPaced: z
          .object({ mine: z.string().nullable().describe('State of the own sign-up') })
          .nullable()
          .describe('Of a training that people can follow in their own time'),
      }),
    },
    async handler({ params, principal, services }) {
      const { catalogue, trainingPaths, Enrolment } = services;
      const { training: found, seats } = await catalogue.get(params.id, schoolsOf(services));
      const ids = (found.events ?? []).map((each) => each.id);
      const mine = await Enrolment.query()
        .where({ person_id: principal.id })
        .whereIn('event_id', ids)
        .orderBy('updated_at')
        .limit(mostEvents * 2);
      const clashes = await catalogue.clashes(principal.id as string, ids);
      const ownBy = new Map(mine.map((row) => [row.event_id, { id: row.id, state: row.state, offeredUntil: row.offered_until }]));
      return {
        ...trainingOf(found),
        ...{ schools: [], groups: [] },
        selfPaced: found.path_id === null ? null : { mine: (await trainingPaths.mine(found.id))?.state ?? null },
        events: (found.events ?? []).map((each) => ({
          ...eventOf(each, seats.get(each.id)),
          mine: ownBy.get(each.id) ?? null,
          clash: clashes.has(each.id),
        })),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/desk/trainings',
    summary: 'Trainings of your provider, by title',
    permission: 'academy:teach',
    machines,
    audit: { none: 'It shows no personal data.' },
    query: z.object(pageQuery(50, 100)),
    responses: { 200: z.object({ trainings: z.array(training.extend({ planned: z.int() })).max(100), more: z.boolean() }) },
    async handler({ query: { limit }, request, services: { trainings } }) {
      const found = await trainings.list(limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, (row) => [row.title, row.id], request);
      return reply(200, { trainings: rows.map((row) => ({ ...trainingOf(row), planned: Number(row.planned) })), more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/desk/trainings/:id',
    summary: 'A training of your provider',
    permission: 'academy:teach',
    machines,
    audit: { none: 'It shows no personal data.' },
    params: id,
    responses: { 200: training.extend({ audienceNames: z.array(audienceName).max(2_200) }) },
    async handler({ params, services: { trainings, namedAudience } }) {
      const found = trainingOf(await trainings.get(params.id));
      return { ...found, audienceNames: await namedAudience.of([...found.groups, ...found.schools]) };
    },
  }),
  route({
    method: 'GET',
    path: '/desk/audience',
    summary: 'Schools and school groups for which a training can be published, by words of their name',
    permission: 'academy:plan',
    machines,
    audit: { none: 'It shows no personal data.' },
    query: z.object({ q: z.string().trim().min(2).max(100) }),
    responses: { 200: z.object({ found: z.array(audienceName).max(20) }) },
    handler: async ({ query: { q }, services: { namedAudience } }) => ({ found: await namedAudience.find(q) }),
  }),
  route({
    method: 'POST',
    path: '/desk/providers/:id/trainings',
    summary: 'Add a training',
    permission: 'academy:plan',
    machines,
    params: id,
    body: trainingInput,
    responses: { 201: training },
    handler: async ({ params, body, services: { trainings } }) => trainingOf(await trainings.create(params.id, body)),
  }),
  route({
    method: 'PUT',
    path: '/desk/trainings/:id',
    summary: 'Change a training',
    permission: 'academy:plan',
    machines,
    params: id,
    body: trainingInput,
    responses: { 200: training },
    handler: async ({ params, body, services: { trainings } }) => trainingOf(await trainings.update(params.id, body)),
  }),
  route({
    method: 'POST',
    path: '/desk/trainings/:id/copies',
    summary: 'Copy a training, without its events',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ title: z.string().trim().min(1).max(200) }),
    responses: { 201: training },
    handler: async ({ params, body, services: { trainings } }) => trainingOf(await trainings.copy(params.id, body.title)),
  }),
  route({
    method: 'DELETE',
    path: '/desk/trainings/:id',
    summary: 'Remove a training without events',
    permission: 'academy:plan',
    machines,
    params: id,
    responses: { 204: nothing('Removed') },
    handler: ({ params, services: { trainings } }) => trainings.remove(params.id),
  }),
];

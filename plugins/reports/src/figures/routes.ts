import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { figuresCsv } from './csv.js';
import { mostPlaces } from './figures.js';
import { figureList, figureQuery, measureText, publicQuery } from './shapes.js';

const route = routeFor<Cradle>();
const place = z.object({ id: z.uuid(), name: z.string() });
const placeParams = z.object({ place: z.uuid() });
const people = { none: 'People look at it, or download it as open data.' };
const csv = { 200: { description: 'A row for each figure', contentType: 'text/csv' } };

const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}.csv"` });

export const figureRoutes = [
  route({
    method: 'GET',
    path: '/measures',
    summary: 'The numbers that are counted, and since when',
    permission: 'public',
    responses: { 200: z.array(measureText).max(100) },
    handler: ({ services: { figures } }) => figures.measures(),
  }),
  route({
    method: 'GET',
    path: '/figures',
    summary: 'Published figures of the portal, by province or level',
    permission: 'public',
    query: publicQuery,
    responses: { 200: figureList },
    handler: ({ query: { by, ...query }, services: { figures } }) => figures.read(query, { kind: by }),
  }),
  route({
    method: 'GET',
    path: '/figures/table',
    summary: 'The same as CSV',
    permission: 'public',
    query: publicQuery,
    responses: csv,
    handler: async ({ query: { by, ...query }, services: { figures } }) =>
      reply(200, figuresCsv(query, await figures.read(query, { kind: by })), attachment(`${query.measure}-${query.grain}-${by}`)),
  }),
  route({
    method: 'GET',
    path: '/places',
    summary: 'Schools and groups whose figures the caller may read',
    permission: 'report:read',
    machines: people,
    responses: { 200: z.object({ schools: z.array(place).max(mostPlaces), groups: z.array(place).max(mostPlaces) }) },
    handler: ({ services: { figures } }) => figures.places(),
  }),
  ...(['school', 'group'] as const).flatMap((kind) => [
    route({
      method: 'GET',
      path: `/${kind}s/:place/figures`,
      summary: `Published figures of a ${kind}`,
      permission: 'report:read',
      machines: people,
      params: placeParams,
      query: figureQuery,
      responses: { 200: figureList },
      handler: ({ params, query, services: { figures } }) => figures.read(query, { kind, ...params }),
    }),
    route({
      method: 'GET',
      path: `/${kind}s/:place/figures/table`,
      summary: 'The same as CSV',
      permission: 'report:read',
      machines: people,
      params: placeParams,
      query: figureQuery,
      responses: csv,
      handler: async ({ params, query, services: { figures } }) =>
        reply(
          200,
          figuresCsv(query, await figures.read(query, { kind, ...params })),
          attachment(`${query.measure}-${query.grain}-${kind}`),
        ),
    }),
  ]),
];

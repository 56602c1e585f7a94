import { notFound, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { catalogOf } from './catalog.js';
import { figuresCsv } from './csv.js';
import { mostPlaces } from './figures.js';
import { figuresParquet, parquetType } from './parquet.js';
import { rowsOf } from './rows.js';
import { type FigureList, type FigureQuery, figureList, figureQuery, measureText, publicQuery } from './shapes.js';

const route = routeFor<Cradle>();
const place = z.object({ id: z.uuid(), name: z.string() });
const placeParams = z.object({ place: z.uuid() });
const people = { none: 'People look at it, or download it as open data.' };
const csv = { 200: { description: 'A row for each figure', contentType: 'text/csv' } };

const ofPlace = { method: 'GET', permission: 'report:read', machines: people, params: placeParams, query: figureQuery } as const;

const saved = ({ measure, grain }: FigureQuery, place: string, ending: string) => ({
  'content-disposition': `attachment; filename="${measure.length === 1 ? measure : 'figures'}-${grain}-${place}.${ending}"`,
});

const table = (query: FigureQuery, list: FigureList, place: string) =>
  reply(200, figuresCsv(rowsOf(query, list)), saved(query, place, 'csv'));

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
      table(query, await figures.read(query, { kind: by }), by),
  }),
  route({
    method: 'GET',
    path: '/figures/parquet',
    summary: 'The same as Parquet',
    permission: 'public',
    query: publicQuery,
    responses: { 200: { description: 'A row for each figure, with the columns of the CSV', contentType: parquetType } },
    handler: async ({ query: { by, ...query }, services: { figures } }) =>
      reply(200, figuresParquet(rowsOf(query, await figures.read(query, { kind: by }))), saved(query, by, 'parquet')),
  }),
  route({
    method: 'GET',
    path: '/catalog',
    summary: 'The public figures as a catalogue of open data (DCAT)',
    permission: 'public',
    responses: {
      200: { description: 'JSON-LD with its context in it', contentType: 'application/ld+json', schema: z.looseObject({}) },
    },
    handler: async ({ services: { figures, portal } }) => catalogOf(portal.url, 'i-Learn', await figures.measures()),
  }),
  route({
    method: 'GET',
    path: '/schools/:place/tools',
    summary: 'The tools that a school can use. No numbers',
    permission: 'report:read',
    machines: people,
    params: placeParams,
    responses: { 200: z.array(z.object({ key: z.string(), name: z.string() })).max(1_000) },
    async handler({ params, services: { lti, principal } }) {
      if (principal.tenants !== '*' && !principal.tenants.includes(params.place)) throw notFound();
      const tools = (await lti?.releases.of(params.place)) ?? [];
      return tools.map(({ key, name }) => ({ key, name }));
    },
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
  route({
    ...ofPlace,
    path: '/schools/:place/figures',
    summary: 'Published figures of a school',
    responses: { 200: figureList },
    handler: ({ params, query, services: { figures } }) => figures.read(query, { kind: 'school', ...params }),
  }),
  route({
    ...ofPlace,
    path: '/schools/:place/figures/table',
    summary: 'The same as CSV',
    responses: csv,
    handler: async ({ params, query, services: { figures } }) =>
      table(query, await figures.read(query, { kind: 'school', ...params }), 'school'),
  }),
  route({
    ...ofPlace,
    path: '/groups/:place/figures',
    summary: 'Published figures of a school group',
    responses: { 200: figureList },
    handler: ({ params, query, services: { figures } }) => figures.read(query, { kind: 'group', ...params }),
  }),
  route({
    ...ofPlace,
    path: '/groups/:place/figures/table',
    summary: 'The same as CSV',
    responses: csv,
    handler: async ({ params, query, services: { figures } }) =>
      table(query, await figures.read(query, { kind: 'group', ...params }), 'group'),
  }),
];

import { pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { conceptUri, line } from '../input.js';
import { mostRelations, mostVersions } from './concepts.js';

const route = routeFor<Cradle>();

const named = z.object({ uri: z.string(), label: z.string() });

const conceptSummary = named.extend({
  definition: z.string().nullable(),
  notation: z.string().nullable(),
  icon: z.string().nullable().describe('File name of its icon'),
  scheme: z.string(),
  deprecated: z.boolean().describe('No longer in the newest version of its scheme; kept for the activities that refer to it'),
  broader: z.array(named).max(mostRelations),
  narrower: z.int().describe('Number of directly narrower concepts'),
});

const label = z.object({ kind: z.enum(['pref', 'alt', 'hidden', 'short']), value: z.string(), language: z.string().nullable() });

const version = z.object({
  version: z.int(),
  declaredVersion: z.string().nullable(),
  importedAt: z.date(),
  concepts: z.int(),
  deprecated: z.int(),
});

export const curriculumRoutes = [
  route({
    method: 'GET',
    path: '/concepts',
    summary: 'Search the curriculum, or list its tree level by level',
    permission: 'library:read',
    mayLag: true,
    machines: { scope: 'curriculum:read' },
    audit: { none: 'It shows no personal data.' },
    query: z
      .object({
        q: line(200).optional().describe('Words; the last one may be incomplete'),
        scheme: conceptUri.optional(),
        version: z.coerce.number().int().min(1).max(1_000_000).optional().describe('An older version of `scheme`'),
        collection: conceptUri.optional().describe('Only members of this collection'),
        broader: conceptUri.optional().describe('Only what is directly narrower than this concept'),
        ...pageQuery(50, 2_000),
      })
      .refine(({ scheme, version }) => version === undefined || scheme !== undefined, {
        path: ['scheme'],
        error: 'is needed to read a version',
      }),
    responses: { 200: z.object({ concepts: z.array(conceptSummary).max(2_000), more: z.boolean() }) },
    async handler({ query, request, services }) {
      const { rows, more, headers } = await services.concepts.find(query, request);
      return reply(200, { concepts: rows, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/concept',
    summary: 'One concept with what it relates to',
    permission: 'library:read',
    mayLag: true,
    machines: { scope: 'curriculum:read' },
    audit: { none: 'It shows no personal data.' },
    query: z.object({ uri: conceptUri }),
    responses: {
      200: conceptSummary.extend({
        labels: z.array(label).max(mostRelations),
        narrowerConcepts: z.array(named).max(mostRelations),
        related: z.array(named).max(mostRelations),
        more: z.boolean().describe('Whether one of these lists is incomplete'),
      }),
    },
    handler: ({ query, services }) => services.concepts.get(query.uri),
  }),
  route({
    method: 'GET',
    path: '/schemes',
    summary: 'Concept schemes with their versions',
    permission: 'library:read',
    mayLag: true,
    machines: { scope: 'curriculum:read' },
    audit: { none: 'It shows no personal data.' },
    query: z.object(pageQuery(mostVersions, mostVersions)),
    responses: {
      200: z.object({
        schemes: z.array(named.extend({ newest: z.int(), versions: z.array(version).max(mostVersions) })).max(mostVersions),
        more: z.boolean().describe('Whether versions follow; `Link` leads to them'),
      }),
    },
    async handler({ query: { limit }, request, services }) {
      const { rows, more, headers } = await services.concepts.schemes(limit, request);
      return reply(200, { schemes: rows, more }, headers);
    },
  }),
];

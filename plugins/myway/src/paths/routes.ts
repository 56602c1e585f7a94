import { nothing, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { text } from '../text.js';
import { newPath, newStep, pathContent, pathDetail, pathSummary, savedPath, scopes, title } from './model.js';
import { building, mostBuilding } from './start-building-model.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });

export const pathRoutes = [
  route({
    method: 'GET',
    path: '/start/building',
    summary: 'The paths that the person changed last',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:write',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ paths: z.array(building).max(mostBuilding) }) },
    handler: async ({ services }) => ({ paths: await services.pathService.lastChanged(mostBuilding) }),
  }),
  route({
    method: 'GET',
    path: '/paths',
    summary: 'Learning paths: your own, those of colleagues in the same school, or the shared ones',
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    query: z.object({
      scope: z.enum(scopes).optional().describe('Default: own, for machines school'),
      q: text(100).optional().describe('Text in title or description'),
      language: z.string().max(35).optional().describe('Only paths in this language (BCP 47)'),
      ...pageQuery(50, 100),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    responses: {
      200: z.object({
        paths: z.array(pathSummary).max(100),
        total: z.int(),
        languages: z
          .array(z.object({ language: z.string(), count: z.int() }))
          .max(100)
          .describe('How many there are in each language, whichever is chosen'),
      }),
    },
    async handler({ query: { q, scope, language, limit, offset }, principal, request, services }) {
      const shown = scope ?? (principal.kind === 'person' ? 'own' : 'school');
      const query = { scope: shown, text: q, language, limit, offset, reader: request.language };
      const { headers, ...list } = await services.pathService.list(query, request);
      return reply(200, list, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/paths',
    summary: 'Create a path',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    body: newPath,
    responses: { 201: pathDetail },
    handler: async ({ body, services }) => reply(201, await services.pathService.create(body)),
  }),
  route({
    method: 'GET',
    path: '/paths/:id',
    summary: 'One path with its steps',
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params,
    responses: { 200: pathDetail },
    handler: ({ params: { id }, services }) => services.pathService.get(id),
  }),
  route({
    method: 'PUT',
    path: '/paths/:id',
    summary: 'Replace title, description, order and all steps; 409 when somebody changed the same meanwhile',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    params,
    body: pathContent,
    responses: { 200: savedPath },
    handler: ({ params: { id }, body, services }) => services.editing.replace(id, body),
  }),
  route({
    method: 'DELETE',
    path: '/paths/:id',
    summary: 'Remove your own path; 409 while pupils are working on it, unless `end` is true',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    params,
    query: z.object({
      end: z
        .enum(['true', 'false'])
        .default('false')
        .describe('End its assignments too, including those to classes that you no longer teach'),
    }),
    responses: { 204: nothing('Removed') },
    handler: async ({ params: { id }, query: { end }, services: { pathService, assignments } }) => {
      await pathService.checkOwn(id);
      if (end === 'true') await assignments.endAllOfPath(id);
      await pathService.remove(id);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/paths/:id/restore',
    summary: 'Put your own removed path back',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    params,
    responses: { 200: pathDetail },
    handler: ({ params: { id }, services }) => services.pathService.restore(id),
  }),
  route({
    method: 'GET',
    path: '/schools',
    summary: 'Schools in which you may create paths',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    responses: { 200: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000) },
    handler: async ({ principal: { tenants: schools }, services }) =>
      (await services.directory.schools.list()).filter((school) => schools === '*' || schools.includes(school.id)),
  }),
  route({
    method: 'POST',
    path: '/paths/:id/steps',
    summary: 'Add one step at the end',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    params,
    body: newStep,
    responses: { 201: pathDetail },
    handler: async ({ params: { id }, body, services }) => reply(201, await services.editing.append(id, body)),
  }),
  route({
    method: 'POST',
    path: '/paths/:id/copy',
    summary: 'Copy a path that you may read to a path of your own',
    permission: 'path:write',
    machines: { none: 'A path has a person as its owner.' },
    params,
    body: z.object({ title: title.optional(), school: z.uuid().optional() }),
    responses: { 201: pathDetail },
    handler: async ({ params: { id }, body, services }) => reply(201, await services.pathService.copy(id, body)),
  }),
];

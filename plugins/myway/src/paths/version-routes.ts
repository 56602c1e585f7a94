import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { audience, pathDetail } from './model.js';
import { mostVersions, pathVersion, present, versionDetail } from './version-model.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });
const ofVersion = z.object({ id: z.uuid(), version: z.coerce.number().int().min(1) });
const edit = { permission: 'path:write', machines: { none: 'A path has a person as its owner.' } } as const;

export const versionRoutes = [
  route({
    method: 'GET',
    path: '/paths/:id/versions',
    summary: 'Versions of a path that you may change, newest first, with who saved them',
    ...edit,
    params,
    responses: { 200: z.object({ versions: z.array(pathVersion).max(mostVersions) }) },
    async handler({ params: { id }, services }) {
      await services.pathService.editableRow(id);
      return { versions: await services.versions.list(id) };
    },
  }),
  route({
    method: 'GET',
    path: '/paths/:id/versions/:version',
    summary: 'What a path was in a version',
    ...edit,
    params: ofVersion,
    responses: { 200: versionDetail },
    async handler({ params: { id, version }, services }) {
      await services.pathService.editableRow(id);
      return services.versions.detail(id, version);
    },
  }),
  route({
    method: 'POST',
    path: '/paths/:id/versions/:version/restore',
    summary: 'Bring a version back, as the newest; 409 when there is a newer one than `current`',
    ...edit,
    params: ofVersion,
    body: z.object({ current: z.int().min(1).describe('The newest version that you know') }),
    responses: { 200: pathDetail },
    handler: ({ params: { id, version }, body, services }) => services.editing.bringBack(id, version, body.current),
  }),
  route({
    method: 'PUT',
    path: '/paths/:id/sharing',
    summary: 'Let every teacher of the school change your path, or you alone',
    ...edit,
    params,
    body: z.strictObject({ colleaguesEdit: z.boolean().optional(), audience: audience.optional() }),
    responses: { 200: pathDetail },
    handler: ({ params: { id }, body, services }) => services.pathService.share(id, body),
  }),
  route({
    method: 'POST',
    path: '/paths/:id/presence',
    summary: 'Say that you have a path open in the builder; who else has',
    ...edit,
    params,
    body: z.object({
      stepId: z.uuid().nullable().default(null).describe('The step that you look at'),
      leaving: z.boolean().default(false),
    }),
    responses: { 200: present },
    handler: async ({ params: { id }, body, services }) => ({ people: await services.presence.here(id, body) }),
  }),
];

import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { affectedPath, alternative, deadActivity, mostAlternatives, mostReplacements, mostShown, replacement } from './model.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person decides what takes the place of an activity.' } as const;
const audit = { none: 'It shows no personal data.' } as const;
const params = z.object({ id: z.uuid() });

/** Activities in paths that can no longer be opened: of the person's own paths, and for ICT coordinators of all paths of their school. */
export const replacementRoutes = [
  route({
    method: 'GET',
    path: '/dead-activities',
    summary: 'Activities in paths that can no longer be opened, with the number of paths, classes and pupils',
    audit,
    permission: 'path:write',
    machines,
    responses: { 200: z.object({ activities: z.array(deadActivity).max(mostShown), more: z.boolean() }) },
    handler: ({ services }) => services.replacements.list(),
  }),
  route({
    method: 'GET',
    path: '/dead-activities/:id/paths',
    summary: 'The paths with such an activity, and the classes that have them',
    audit,
    permission: 'path:write',
    machines,
    params,
    responses: { 200: z.object({ paths: z.array(affectedPath).max(mostShown), more: z.boolean() }) },
    handler: ({ params: { id }, services }) => services.replacements.pathsWith(id),
  }),
  route({
    method: 'GET',
    path: '/dead-activities/:id/alternatives',
    summary: 'What the library proposes instead: by topic, age and language',
    audit,
    permission: 'path:write',
    machines,
    params,
    responses: { 200: z.array(alternative).max(mostAlternatives) },
    handler: ({ params: { id }, services }) => services.replacements.alternatives(id),
  }),
  route({
    method: 'POST',
    path: '/dead-activities/:id/replacement',
    summary: 'Replace the activity in every path that the person may change; results stay',
    permission: 'path:write',
    machines,
    params,
    body: z.strictObject({ activityId: z.uuid() }),
    responses: { 201: replacement },
    handler: async ({ params: { id }, body, services }) => reply(201, await services.replacements.replace(id, body.activityId)),
  }),
  route({
    method: 'GET',
    path: '/replacements',
    summary: 'The person’s newest replacements',
    audit,
    permission: 'path:write',
    machines,
    responses: { 200: z.array(replacement).max(mostReplacements) },
    handler: ({ services }) => services.replacements.made(),
  }),
  route({
    method: 'POST',
    path: '/replacements/:id/undo',
    summary: 'Put the replaced activity back; results stay',
    permission: 'path:write',
    machines,
    params,
    responses: { 204: nothing('Put back') },
    handler: async ({ params: { id }, services }) => {
      await services.replacements.undo(id);
      return reply(204);
    },
  }),
];

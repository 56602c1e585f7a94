import { nothing, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { pageOffset } from '../page-offset.js';
import { mostFollowed } from '../paths/limits.js';
import { mostMessages } from './messages.js';
import {
  board,
  followed,
  groupFromResults,
  newMessage,
  override,
  pupilDetail,
  toolResults,
  triesPage,
  withoutComments,
  withoutWords,
} from './model.js';

const route = routeFor<Cradle>();

export const progressRoutes = [
  route({
    method: 'GET',
    path: '/assignments',
    summary:
      'Paths given to the teacher’s classes, with the progress of their pupils; for machines, those given to whole classes',
    permission: 'progress:read',
    machines: { scope: 'progress:read', cost: 5 },
    query: z.object({
      ended: z.enum(['true', 'false']).default('false'),
      path: z.uuid().optional().describe('Only assignments of this path'),
      offset: pageOffset(mostFollowed),
      ...pageQuery(mostFollowed, mostFollowed),
    }),
    responses: { 200: z.array(followed).max(mostFollowed) },
    async handler({ query: { ended, path, limit, offset }, request, services }) {
      const { rows, headers } = await services.progress.list({ ended: ended === 'true', path, limit, offset }, request);
      return reply(200, rows, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/assignments/:id/progress',
    summary: 'The class board: every pupil at every step',
    permission: 'progress:read',
    machines: { scope: 'progress:read', cost: 2 },
    params: z.object({ id: z.uuid() }),
    responses: { 200: board },
    handler: ({ params: { id }, services }) => services.progress.board(id),
  }),
  route({
    method: 'GET',
    path: '/assignments/:id/tool-results',
    summary: 'Results in columns that tools created, in addition to those of the steps',
    permission: 'progress:read',
    machines: { scope: 'progress:read', cost: 2 },
    params: z.object({ id: z.uuid() }),
    responses: { 200: toolResults },
    handler: ({ params: { id }, services }) => services.toolResults.of(id),
  }),
  route({
    method: 'GET',
    path: '/assignments/:id/pupils/:pupilId',
    summary: 'One pupil’s steps, each with the newest tries',
    permission: 'progress:read',
    machines: { scope: 'progress:read' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid() }),
    responses: { 200: pupilDetail },
    async handler({ params: { id, pupilId }, principal, services }) {
      const found = await services.progress.pupil(id, pupilId);
      return principal.kind === 'service' ? withoutWords(found) : found;
    },
  }),
  route({
    method: 'GET',
    path: '/assignments/:id/pupils/:pupilId/steps/:stepId/attempts',
    summary: 'Tries of a pupil at a step, a page at a time',
    permission: 'progress:read',
    machines: { scope: 'progress:read' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid(), stepId: z.uuid() }),
    query: z.object({ before: z.uuid().optional().describe('`older` of the previous page') }),
    responses: { 200: triesPage },
    async handler({ params: { id, pupilId, stepId }, query, principal, services }) {
      const found = await services.progress.triesOf(id, pupilId, stepId, query.before ?? null);
      return principal.kind === 'service' ? withoutComments(found) : found;
    },
  }),
  route({
    method: 'PUT',
    path: '/assignments/:id/pupils/:pupilId/steps/:stepId',
    summary: 'Tick a step off for a pupil (`done`), or reset it (`todo`: score and tries are removed)',
    permission: 'path:assign',
    machines: { none: 'A teacher decides it.' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid(), stepId: z.uuid() }),
    body: z.object({ state: z.enum(['done', 'todo']) }),
    responses: { 200: pupilDetail },
    handler: ({ params: { id, pupilId, stepId }, body, services }) => services.progress.set(id, pupilId, stepId, body.state),
  }),
  route({
    method: 'PATCH',
    path: '/assignments/:id/pupils/:pupilId/steps/:stepId',
    summary: 'Let a pupil skip a step or do it before its turn, give a score of one’s own, or write something about it',
    permission: 'path:assign',
    machines: { none: 'A teacher decides it.' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid(), stepId: z.uuid() }),
    body: override,
    responses: { 200: pupilDetail },
    handler: ({ params: { id, pupilId, stepId }, body, services }) => services.progress.override(id, pupilId, stepId, body),
  }),
  route({
    method: 'POST',
    path: '/assignments/:id/pupils/:pupilId/steps/:stepId/extra',
    summary: 'Add a step for one pupil, after this one',
    permission: 'path:assign',
    machines: { none: 'A teacher decides it.' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid(), stepId: z.uuid() }),
    body: z.strictObject({ activityId: z.uuid() }),
    responses: { 201: pupilDetail },
    handler: async ({ params: { id, pupilId, stepId }, body, services }) =>
      reply(201, await services.progress.addStep(id, pupilId, stepId, body.activityId)),
  }),
  route({
    method: 'DELETE',
    path: '/assignments/:id/pupils/:pupilId/steps/:stepId',
    summary: 'Take away a step that was added for one pupil; what they did there is kept',
    permission: 'path:assign',
    machines: { none: 'A teacher decides it.' },
    params: z.object({ id: z.uuid(), pupilId: z.uuid(), stepId: z.uuid() }),
    responses: { 200: pupilDetail },
    handler: ({ params: { id, pupilId, stepId }, services }) => services.progress.removeStep(id, pupilId, stepId),
  }),
  route({
    method: 'POST',
    path: '/assignments/:id/groups',
    summary: 'Make a group of the pupils with a score below a limit at a step, or from that limit on',
    permission: 'path:assign',
    machines: { none: 'A teacher chooses who needs what.' },
    params: z.object({ id: z.uuid() }),
    body: groupFromResults,
    responses: { 201: z.object({ classId: z.uuid(), pupils: z.int() }) },
    handler: async ({ params: { id }, body, services }) => reply(201, await services.resultGroups.make(id, body)),
  }),
  route({
    method: 'POST',
    path: '/assignments/:id/messages',
    summary: 'Write to pupils who have the path',
    permission: 'path:assign',
    machines: { none: 'A teacher writes.' },
    params: z.object({ id: z.uuid() }),
    body: newMessage,
    responses: { 204: nothing('Sent') },
    handler: async ({ params: { id }, body, services }) => {
      await services.messages.send(id, body);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/my-paths/:assignmentId/messages',
    summary: 'What teachers wrote to the pupil about a path, newest first',
    permission: 'path:walk',
    machines: { none: 'It concerns the signed-in pupil.' },
    params: z.object({ assignmentId: z.uuid() }),
    responses: { 200: z.array(z.object({ id: z.uuid(), text: z.string(), at: z.iso.datetime() })).max(mostMessages) },
    handler: ({ params: { assignmentId }, services }) => services.messages.mine(assignmentId),
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { pageOffset } from '../page-offset.js';
import { mostTrails } from '../paths/limits.js';
import { imagined, opened, preview, trail } from './model.js';

const route = routeFor<Cradle>();
const ofStep = z.object({ assignmentId: z.uuid(), stepId: z.uuid() });

export const trailRoutes = [
  route({
    method: 'GET',
    path: '/my-paths',
    summary: 'The pupil’s paths, with their progress',
    permission: 'path:follow',
    machines: { none: 'It concerns the signed-in pupil.' },
    query: z.object({ offset: pageOffset(mostTrails) }),
    responses: { 200: z.array(trail).max(mostTrails) },
    handler: ({ query, services }) => services.trails.mine(query.offset),
  }),
  route({
    method: 'GET',
    path: '/my-paths/:assignmentId',
    summary: 'One path of the pupil’s: what is done, what comes next, what is locked and why',
    permission: 'path:walk',
    machines: { none: 'It concerns the signed-in pupil.' },
    params: z.object({ assignmentId: z.uuid() }),
    responses: { 200: trail },
    handler: ({ params: { assignmentId }, services }) => services.trails.one(assignmentId),
  }),
  route({
    method: 'POST',
    path: '/my-paths/:assignmentId/steps/:stepId/open',
    summary: 'Open a step; 409 when it is locked or not available',
    permission: 'path:walk',
    machines: { none: 'It concerns the signed-in pupil.' },
    params: ofStep,
    responses: { 200: opened },
    handler: ({ params: { assignmentId, stepId }, request, services }) =>
      services.trails.open(assignmentId, stepId, request.language),
  }),
  route({
    method: 'POST',
    path: '/my-paths/:assignmentId/steps/:stepId/done',
    summary: 'Tick off a step that no tool scores',
    permission: 'path:walk',
    machines: { none: 'It concerns the signed-in pupil.' },
    params: ofStep,
    responses: { 200: trail },
    handler: ({ params: { assignmentId, stepId }, services }) => services.trails.done(assignmentId, stepId),
  }),
  route({
    method: 'GET',
    path: '/paths/:id/preview',
    summary: 'The path as a pupil sees it: at the start, or as far, with such scores and on such ways',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:read',
    machines: { scope: 'paths:read' },
    params: z.object({ id: z.uuid() }),
    query: imagined,
    responses: { 200: preview },
    handler: ({ params: { id }, query, services }) => services.trails.preview(id, query),
  }),
];

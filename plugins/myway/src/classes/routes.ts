import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { classProgress, pupilProgress, pupilWeeks, topicList } from './model.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });

export const classRoutes = [
  route({
    method: 'GET',
    path: '/classes/:id/progress',
    summary: 'The running paths of a class that you teach, with the station and the status of each pupil',
    permission: 'progress:read',
    machines: { none: 'Machines read the board of each assignment.' },
    params,
    responses: { 200: classProgress },
    handler: ({ params: { id }, services }) => services.classPaths.ofClass(id),
  }),
  route({
    method: 'GET',
    path: '/pupils/:id/progress',
    summary: 'One pupil on all paths of the classes that you teach, also those that ended',
    permission: 'progress:read',
    machines: { none: 'Machines read the board of each assignment.' },
    params,
    responses: { 200: pupilProgress },
    handler: ({ params: { id }, services }) => services.classPaths.ofPupil(id),
  }),
  route({
    method: 'GET',
    path: '/classes/:id/topics',
    summary: 'What a class that you teach did for each onderwijsdoel and topic, over all tools',
    permission: 'progress:read',
    machines: { none: 'Machines read the board of each assignment.' },
    params,
    responses: { 200: topicList },
    handler: ({ params: { id }, services }) => services.overTime.topicsOfClass(id),
  }),
  route({
    method: 'GET',
    path: '/pupils/:id/topics',
    summary: 'What a pupil did for each onderwijsdoel and topic in the classes that you teach, over all tools',
    permission: 'progress:read',
    machines: { none: 'Machines read the board of each assignment.' },
    params,
    responses: { 200: topicList },
    handler: ({ params: { id }, services }) => services.overTime.topicsOfPupil(id),
  }),
  route({
    method: 'GET',
    path: '/pupils/:id/weeks',
    summary: 'What a pupil did week by week in the classes that you teach',
    permission: 'progress:read',
    machines: { none: 'Machines read the board of each assignment.' },
    params,
    responses: { 200: pupilWeeks },
    handler: ({ params: { id }, services }) => services.overTime.weeksOfPupil(id),
  }),
];

import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostClassesAtOnce } from './limits.js';
import { assignment, assignmentChange, classSummary, newAssignment, newAssignments, pupil } from './model.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });

export const assignmentRoutes = [
  route({
    method: 'GET',
    path: '/classes',
    summary: 'Classes and groups that the teacher may give a path to',
    audit: { none: 'It shows no personal data.' },
    permission: 'path:assign',
    machines: { none: 'A teacher gives paths to classes.' },
    responses: { 200: z.array(classSummary).max(2_000) },
    handler: ({ principal, services }) => services.assignments.classesOf(principal),
  }),
  route({
    method: 'GET',
    path: '/classes/:id/pupils',
    summary: 'Pupils of a class or group of the teacher’s, by family name',
    permission: 'path:assign',
    machines: { none: 'A teacher gives paths to classes.' },
    params,
    responses: { 200: z.array(pupil).max(2_000) },
    handler: async ({ params: { id }, principal, services }) => {
      const found = await services.assignments.taughtClass(principal.id, id);
      return services.directory.classes.pupilsOf(found.id);
    },
  }),
  route({
    method: 'POST',
    path: '/paths/:id/assignments',
    summary: 'Give a path to a class or group, or to some of its pupils',
    permission: 'path:assign',
    machines: { none: 'A teacher gives paths to classes.' },
    params,
    body: newAssignment,
    responses: { 201: assignment },
    handler: async ({ params: { id }, body, services: { assignments } }) => {
      const made = await assignments.followed(await assignments.give(id, body));
      return reply(201, await assignments.describe(made, await assignments.shapeOf(made)));
    },
  }),
  route({
    method: 'POST',
    path: '/paths/:id/assignments/many',
    summary: 'Give a path to several classes and groups at once, such as all of a year; those that have it already are left out',
    permission: 'path:assign',
    machines: { none: 'A teacher gives paths to classes.' },
    params,
    body: newAssignments,
    responses: {
      201: z.object({
        given: z.array(z.uuid()).max(mostClassesAtOnce).describe('Ids of the assignments'),
        had: z
          .array(z.uuid())
          .max(mostClassesAtOnce)
          .describe('Ids of classes that have the path already, or some of their pupils'),
      }),
    },
    handler: async ({ params: { id }, body: { classIds, ...days }, services }) =>
      reply(201, await services.manyClasses.give(id, classIds, days)),
  }),
  route({
    method: 'PATCH',
    path: '/assignments/:id',
    summary: 'Change the first day or the due date, end an assignment or let it go on',
    permission: 'path:assign',
    machines: { none: 'A teacher gives paths to classes.' },
    params,
    body: assignmentChange,
    responses: { 200: assignment },
    handler: ({ params: { id }, body, services }) => services.assignments.change(id, body),
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostYears } from './school-activity.js';
import { mostShown } from './start.js';
import { arrived, ending, stuckPupil, yearActivity } from './start-model.js';

const route = routeFor<Cradle>();
const machines = { none: 'It is a part of a person’s start page.' } as const;

/** One route for each part of the start page of teachers and principals. */
export const startRoutes = [
  route({
    method: 'GET',
    path: '/start/stuck',
    summary: 'Pupils of the teacher who are stuck on a step',
    permission: 'progress:read',
    machines,
    responses: { 200: z.object({ pupils: z.array(stuckPupil).max(mostShown), more: z.int().describe('How many others') }) },
    handler: ({ services }) => services.teacherStart.stuck(),
  }),
  route({
    method: 'GET',
    path: '/start/arrived',
    summary: 'How many steps pupils of the teacher finished in the last days, by path',
    audit: { none: 'It shows no personal data.' },
    permission: 'progress:read',
    machines,
    responses: { 200: z.object({ paths: z.array(arrived).max(mostShown) }) },
    handler: async ({ services }) => ({ paths: await services.teacherStart.arrived() }),
  }),
  route({
    method: 'GET',
    path: '/start/ending',
    summary: 'Paths of the teacher’s classes that are due within a week',
    audit: { none: 'It shows no personal data.' },
    permission: 'progress:read',
    machines,
    responses: { 200: z.object({ paths: z.array(ending).max(mostShown) }) },
    handler: async ({ services }) => ({ paths: await services.teacherStart.ending() }),
  }),
  route({
    method: 'GET',
    path: '/start/school',
    summary: 'How many classes and pupils of the school worked this week, by year',
    audit: { none: 'It shows no personal data.' },
    permission: 'school-activity:read',
    machines,
    responses: { 200: z.object({ since: z.iso.date(), years: z.array(yearActivity).max(mostYears) }) },
    handler: ({ services }) => services.schoolActivity.thisWeek(),
  }),
];

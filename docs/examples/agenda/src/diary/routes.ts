import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mondayOf } from '../days.js';
import { mostPhotos } from '../files.js';
import { mostTasksAWeek, newTask, schoolClass, task } from './shapes.js';

const route = routeFor<Cradle>();

/** No type annotation on the list: the client knows each route by its own type. */
export const diaryRoutes = [
  route({
    method: 'GET',
    path: '/classes',
    summary: 'Classes in which you learn or teach',
    permission: 'homework:read',
    machines: { none: 'A machine is in no class.' },
    responses: { 200: z.object({ classes: z.array(schoolClass).max(200) }) },
    handler: async ({ services, principal }) => ({
      classes: (await services.directory.classes.ofPerson(principal.id as string)).slice(0, 200),
    }),
  }),
  route({
    method: 'GET',
    path: '/classes/:classId/week',
    summary: 'Homework of a class in a week',
    permission: 'homework:read',
    machines: { scope: 'homework:read' },
    params: z.object({ classId: z.uuid() }),
    query: z.object({ day: z.iso.date().optional() }),
    responses: {
      200: z.object({
        class: schoolClass,
        /** Whether the reader gives this class homework and takes it back. */
        mayGive: z.boolean(),
        monday: z.iso.date(),
        today: z.iso.date(),
        tasks: z.array(task).max(mostTasksAWeek),
      }),
    },
    async handler({ services: { diary, calendar }, params: { classId }, query }) {
      const found = await diary.classOf(classId);
      const today = await calendar.today(found.school);
      const monday = mondayOf(query.day ?? today);
      const mayGive = await diary.teaches(found.id);
      return { class: found, mayGive, monday, today, tasks: await diary.week(classId, monday) };
    },
  }),
  route({
    method: 'POST',
    path: '/classes/:classId/homework',
    summary: 'Give homework',
    permission: 'homework:give',
    machines: { none: 'Homework has a teacher as its author.' },
    params: z.object({ classId: z.uuid() }),
    body: newTask,
    upload: { photos: { kind: 'photos', max: mostPhotos } },
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ services, params, body, uploads }) =>
      reply(201, { id: await services.diary.give(params.classId, body, uploads.photos) }),
  }),
  route({
    method: 'DELETE',
    path: '/homework/:id',
    summary: 'Take homework back',
    permission: 'homework:give',
    machines: { none: 'Homework has a teacher as its author.' },
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Removed') },
    handler: ({ services, params }) => services.diary.remove(params.id),
  }),
  route({
    method: 'PUT',
    path: '/homework/:id/done',
    summary: 'Tick homework off',
    permission: 'homework:tick',
    machines: { none: 'Only the pupil knows.' },
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ done: z.boolean() }),
    responses: { 204: nothing('Noted') },
    handler: ({ services, params, body }) => services.diary.tick(params.id, body.done),
  }),
];

import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostEnrolments } from '../enrolments/desk.js';
import { enrolmentOf, eventOf } from '../rows.js';
import { enrolment, enrolmentState, event, eventInput, id } from '../shapes.js';
import { marks } from '../states.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const mostTrainers = 200;
const reason = z.string().trim().max(500).default('');
const titled = event.extend({ training: z.uuid(), title: z.string() });
const deskEnrolment = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  schoolName: z.string(),
  state: enrolmentState,
  reason: z.string(),
  queueNo: z.int().nullable(),
  offeredUntil: z.date().nullable(),
  late: z.boolean(),
  presentIn: z.array(z.uuid()).max(50).describe('Sessions at which the person was seen'),
  absentFrom: z.array(z.uuid()).max(50),
});
const person = z.object({ id: z.uuid(), name: z.string() });

export const eventRoutes = [
  route({
    method: 'GET',
    path: '/desk/events',
    summary: 'Events of your provider',
    permission: 'academy:teach',
    machines,
    audit: { none: 'It shows no personal data.' },
    query: z.object({ past: z.stringbool().default(false), ...pageQuery(50, 100) }),
    responses: { 200: z.object({ events: z.array(titled).max(100), more: z.boolean() }) },
    async handler({ query: { past, limit }, request, services: { academyEvents } }) {
      const { events, seats } = await academyEvents.list(past, limit + 1, request.after());
      const position = (row: (typeof events)[number]) => [row.ends_at?.toISOString() ?? 'infinity', row.id];
      const { rows, more, headers } = pageOf(events, limit, position, request);
      const shown = rows.map((row) => ({
        ...eventOf(row, seats.get(row.id)),
        training: row.training_id,
        title: row.training?.title ?? '',
      }));
      return reply(200, { events: shown, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/desk/events/:id',
    summary: 'An event of your provider, with everybody who signed up',
    permission: 'academy:teach',
    machines,
    params: id,
    responses: {
      200: titled.extend({ trainerNames: z.array(z.string()).max(20), enrolments: z.array(deskEnrolment).max(mostEnrolments) }),
    },
    async handler({ params, services: { academyEvents, enrolmentDesk, peopleNames } }) {
      const { event: row, seats } = await academyEvents.get(params.id);
      const enrolments = await enrolmentDesk.of(params.id);
      const { people } = await peopleNames.of(row.trainer_ids, []);
      const trainerNames = row.trainer_ids.flatMap((each) => people.get(each) ?? []);
      return { ...eventOf(row, seats), training: row.training_id, title: row.training?.title ?? '', trainerNames, enrolments };
    },
  }),
  route({
    method: 'GET',
    path: '/desk/trainers',
    summary: 'Trainers of your providers, by name',
    permission: 'academy:plan',
    machines,
    responses: { 200: z.object({ trainers: z.array(person).max(mostTrainers) }) },
    handler: async ({ services: { academyEvents } }) => ({ trainers: (await academyEvents.trainers()).slice(0, mostTrainers) }),
  }),
  route({
    method: 'POST',
    path: '/desk/trainings/:id/events',
    summary: 'Plan an event of a training; without sessions, an interest list',
    permission: 'academy:plan',
    machines,
    params: id,
    body: eventInput,
    responses: { 201: event },
    handler: async ({ params, body, services: { academyEvents } }) =>
      eventOf(await academyEvents.create(params.id, body), undefined),
  }),
  route({
    method: 'PUT',
    path: '/desk/events/:id',
    summary: 'Change an event; who waits moves up if seats become free',
    permission: 'academy:plan',
    machines,
    params: id,
    body: eventInput,
    responses: { 200: event },
    async handler({ params, body, services: { academyEvents } }) {
      await academyEvents.update(params.id, body);
      const { event: row, seats } = await academyEvents.get(params.id);
      return eventOf(row, seats);
    },
  }),
  route({
    method: 'POST',
    path: '/desk/events/:id/copies',
    summary: 'Plan the same event again, once or as a series',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ days: z.int().min(1).max(730), times: z.int().min(1).max(20).default(1) }),
    responses: { 201: z.object({ ids: z.array(z.uuid()).max(20) }) },
    async handler({ params, body: { days, times }, services: { academyEvents } }) {
      const ids: string[] = [];
      for (let time = 1; time <= times; time++) ids.push((await academyEvents.copy(params.id, days * time)).id);
      return { ids };
    },
  }),
  route({
    method: 'POST',
    path: '/desk/events/:id/cancellation',
    summary: 'Cancel an event for good, and tell everybody who signed up',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ reason }),
    responses: { 204: nothing('Cancelled') },
    handler: ({ params, body, services: { academyEvents } }) => academyEvents.cancel(params.id, body.reason),
  }),
  route({
    method: 'POST',
    path: '/desk/enrolments/decisions',
    summary: 'Say yes or no to sign-ups that the principals approved',
    permission: 'academy:plan',
    machines,
    body: z.strictObject({ ids: z.array(z.uuid()).min(1).max(200), approves: z.boolean(), reason }),
    responses: { 200: z.object({ decided: z.array(z.object({ id: z.uuid(), state: z.string() })).max(200) }) },
    handler: async ({ body, services: { enrolmentDesk } }) => ({
      decided: await enrolmentDesk.decide(body.ids, body.approves, body.reason),
    }),
  }),
  route({
    method: 'POST',
    path: '/desk/enrolments/:id/promotion',
    summary: 'Give somebody in the queue a seat, also above the capacity',
    permission: 'academy:plan',
    machines,
    params: id,
    responses: { 200: enrolment },
    handler: async ({ params, services: { enrolmentDesk } }) => enrolmentOf(await enrolmentDesk.promote(params.id)),
  }),
  route({
    method: 'POST',
    path: '/desk/enrolments/:id/cancellation',
    summary: 'Take somebody off the list',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ reason }),
    responses: { 200: enrolment },
    handler: async ({ params, body, services: { enrolmentDesk } }) =>
      enrolmentOf(await enrolmentDesk.cancel(params.id, body.reason)),
  }),
  route({
    method: 'PUT',
    path: '/desk/enrolments/:id/mark',
    summary: 'Mark attendance, or take the mark back',
    permission: 'academy:teach',
    machines,
    params: id,
    body: z.strictObject({ mark: z.enum(marks).nullable() }),
    responses: { 200: enrolment },
    handler: async ({ params, body, services: { enrolmentDesk } }) => enrolmentOf(await enrolmentDesk.mark(params.id, body.mark)),
  }),
  route({
    method: 'PUT',
    path: '/desk/enrolments/:id/sessions/:session',
    summary: 'Note whether somebody was at a session, or take the note back',
    permission: 'academy:teach',
    machines,
    params: id.extend({ session: z.uuid() }),
    body: z.strictObject({ present: z.boolean().nullable() }),
    responses: { 200: deskEnrolment.pick({ id: true, presentIn: true, absentFrom: true }) },
    async handler({ params, body, services: { enrolmentDesk } }) {
      const row = await enrolmentDesk.markSession(params.id, params.session, body.present);
      return { id: row.id, presentIn: row.present_in, absentFrom: row.absent_from };
    },
  }),
];

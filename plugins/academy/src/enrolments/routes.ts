import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Enrolment, Event } from '../models.js';
import { enrolmentOf, sessionOf } from '../rows.js';
import { enrolment, id, session } from '../shapes.js';
import { mostOwn } from './my-learning.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const reason = z.string().trim().max(500).default('');
const mostShown = 200;
const mostOnStart = 5;

const eventFacts = z.object({
  training: z.uuid(),
  title: z.string(),
  providerName: z.string(),
  minutes: z.int().nullable(),
  cost: z.string(),
  eventState: z.string(),
  selfPaced: z.boolean(),
  startsAt: z.date().nullable(),
  endsAt: z.date().nullable(),
  cancelBy: z.date().nullable(),
  region: z.string(),
  sessions: z.array(session).max(50),
});
const factsOf = (event: Event): z.input<typeof eventFacts> => ({
  training: event.training_id,
  title: event.training?.title ?? '',
  providerName: event.training?.provider_name ?? '',
  minutes: event.training?.minutes ?? null,
  cost: event.training?.cost ?? '',
  eventState: event.state,
  selfPaced: event.self_paced,
  startsAt: event.starts_at,
  endsAt: event.ends_at,
  cancelBy: event.cancel_by,
  region: event.region,
  sessions: (event.sessions ?? []).filter(({ cancelled }) => !cancelled).map(sessionOf),
});

const ownEnrolment = enrolment.extend({
  ...eventFacts.shape,
  place: z.int().nullable().describe('Place in the queue, from 1'),
  evaluated: z.boolean().describe('Whether you said what you thought of it'),
});
const teamEnrolment = enrolment.extend({
  ...eventFacts.shape,
  name: z.string().nullable().describe('Null: a seat that is named later'),
  askedAt: z.date(),
});
type Shown = { enrolment: Enrolment; event: Event; name: string | null };
const teamRow = ({ enrolment: row, event, name }: Shown): z.input<typeof teamEnrolment> => ({
  ...enrolmentOf(row),
  ...factsOf(event),
  name,
  askedAt: row.created_at,
});

export const enrolmentRoutes = [
  route({
    method: 'POST',
    path: '/events/:id/enrolments',
    summary: 'Sign up for an event',
    permission: 'academy:enrol',
    machines,
    params: id,
    body: z.strictObject({ school: z.uuid(), acceptClash: z.boolean().default(false) }),
    responses: { 201: enrolment },
    handler: async ({ params, body, services: { enrolments } }) =>
      enrolmentOf(await enrolments.ask({ event: params.id, ...body })),
  }),
  route({
    method: 'POST',
    path: '/events/:id/reservations',
    summary: 'Reserve seats for colleagues who are named later',
    permission: 'academy:team',
    machines,
    params: id,
    body: z.strictObject({ school: z.uuid(), seats: z.int().min(1).max(50) }),
    responses: { 201: z.object({ enrolments: z.array(enrolment).max(50) }) },
    handler: async ({ params, body, services: { enrolments } }) => ({
      enrolments: (await enrolments.reserve(params.id, body.school, body.seats)).map(enrolmentOf),
    }),
  }),
  route({
    method: 'PUT',
    path: '/enrolments/:id/person',
    summary: 'Say who gets a reserved seat',
    permission: 'academy:team',
    machines,
    params: id,
    body: z.strictObject({ person: z.uuid() }),
    responses: { 200: enrolment },
    handler: async ({ params, body, services: { enrolments } }) => enrolmentOf(await enrolments.name(params.id, body.person)),
  }),
  route({
    method: 'POST',
    path: '/enrolments/:id/cancellation',
    summary: 'Leave a training or its queue',
    permission: 'academy:enrol',
    machines,
    params: id,
    body: z.strictObject({ reason }),
    responses: { 200: enrolment },
    handler: async ({ params, body, services: { enrolments } }) => enrolmentOf(await enrolments.cancel(params.id, body.reason)),
  }),
  route({
    method: 'POST',
    path: '/enrolments/:id/answer',
    summary: 'Take a seat that is offered, or go to the back of the queue',
    permission: 'academy:enrol',
    machines,
    params: id,
    body: z.strictObject({ accepts: z.boolean() }),
    responses: { 200: enrolment },
    handler: async ({ params, body, services: { enrolments } }) => enrolmentOf(await enrolments.answer(params.id, body.accepts)),
  }),
  route({
    method: 'GET',
    path: '/my-learning',
    summary: 'Your own sign-ups, newest first',
    permission: 'academy:enrol',
    machines,
    responses: { 200: z.object({ enrolments: z.array(ownEnrolment).max(mostOwn) }) },
    handler: async ({ services: { myLearning } }) => ({
      enrolments: (await myLearning.list()).map(({ enrolment: row, event, place }) => ({
        ...enrolmentOf(row),
        ...factsOf(event),
        place,
        evaluated: row.evaluated,
      })),
    }),
  }),
  route({
    method: 'GET',
    path: '/team',
    summary: 'Reserved seats of your school, and trainings that it approved',
    permission: 'academy:team',
    machines,
    responses: {
      200: z.object({
        reserved: z.array(teamEnrolment).max(mostShown),
        learning: z.array(teamEnrolment).max(mostShown),
      }),
    },
    async handler({ services: { team } }) {
      return {
        reserved: (await team.reserved(mostShown)).map(teamRow),
        learning: (await team.learning(mostShown)).map(teamRow),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/team/approvals',
    summary: 'Sign-ups of your school that wait for your approval, oldest first',
    permission: 'academy:approve',
    machines,
    responses: { 200: z.object({ waiting: z.array(teamEnrolment).max(mostShown), more: z.boolean() }) },
    async handler({ services: { team } }) {
      const rows = await team.approvals(mostShown + 1);
      return { waiting: rows.slice(0, mostShown).map(teamRow), more: rows.length > mostShown };
    },
  }),
  route({
    method: 'GET',
    path: '/start/approvals',
    summary: 'The oldest sign-ups that wait for your approval, for the start page',
    permission: 'academy:approve',
    machines,
    responses: {
      200: z.object({
        waiting: z.array(z.object({ id: z.uuid(), title: z.string(), name: z.string().nullable() })).max(mostOnStart),
      }),
    },
    handler: async ({ services: { team } }) => ({
      waiting: (await team.approvals(mostOnStart)).map(({ enrolment: { id: waiting }, event, name }) => ({
        ...{ id: waiting, title: event.training?.title ?? '', name },
      })),
    }),
  }),
  route({
    method: 'POST',
    path: '/team/approvals',
    summary: 'Approve or decline sign-ups',
    permission: 'academy:approve',
    machines,
    body: z.strictObject({ ids: z.array(z.uuid()).min(1).max(200), approves: z.boolean(), reason }),
    responses: { 200: z.object({ decided: z.array(z.object({ id: z.uuid(), state: z.string() })).max(200) }) },
    handler: async ({ body, services: { enrolments } }) => ({
      decided: await enrolments.decide(body.ids, body.approves, body.reason),
    }),
  }),
  route({
    method: 'GET',
    path: '/team/schools/:id/colleagues',
    summary: 'Colleagues of a school whose name contains the words',
    permission: 'academy:team',
    machines,
    params: id,
    query: z.object({ q: z.string().trim().min(2).max(100) }),
    responses: { 200: z.object({ people: z.array(z.object({ id: z.uuid(), name: z.string() })).max(20) }) },
    async handler({ params, query, principal, services: { team } }) {
      const seesIt = principal.tenants === '*' || principal.tenants.includes(params.id);
      return { people: seesIt ? await team.colleagues(params.id, query.q) : [] };
    },
  }),
];

import { notFound, nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { namesOf } from '../find-person.js';
import { affectedPage, type IncidentRow, mostIncidents } from './incidents.js';
import { incidentActions, incidentRisks, incidentStates, incidentTransitionOf } from './states.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must deal with incidents.' };
const params = z.object({ id: z.uuid() });
const text = z.string().trim().max(4000);

/** Kinds of data, of art. 9 and 10 too. */
const categories = ['identity', 'contact', 'school', 'results', 'texts', 'accounts', 'special'] as const;

const fields = {
  what: text.min(1),
  beganAt: z.iso.datetime({ offset: true }).nullable(),
  categories: z.array(z.enum(categories)).max(categories.length),
  peopleCount: z.int().min(0).max(10_000_000).nullable(),
  recordsCount: z.int().min(0).max(1_000_000_000).nullable(),
  risk: z.enum(incidentRisks).nullable(),
  consequences: text,
  measures: text,
  reason: text,
  contactPoint: z.string().trim().max(500),
  lessons: text,
};

const line = z.object({
  id: z.uuid(),
  number: z.string(),
  school: z.string().nullable().describe('Null: of the operator'),
  what: z.string(),
  state: z.enum(incidentStates),
  risk: z.enum(incidentRisks).nullable(),
  awareAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  hours: z.int().nullable().describe('Hours until the authority must be told; negative: too late; null: it needs not, or was'),
});

const detail = line.extend({
  ...fields,
  what: z.string(),
  categories: z.array(z.string()).max(categories.length),
  notifiedAt: z.iso.datetime().nullable(),
  people: z.int().describe('Number of people found to be affected'),
  actions: z.array(z.enum(incidentActions)).max(incidentActions.length),
  steps: z.array(z.object({ action: z.string(), by: z.string().nullable(), at: z.iso.datetime() })).max(mostIncidents),
});

export const incidentRoutes = [
  route({
    method: 'GET',
    path: '/incidents',
    summary: 'Incidents with personal data: open ones by deadline, then closed ones',
    permission: 'privacy:read',
    machines,
    audit: { none: 'It shows nothing about anybody.' },
    responses: { 200: z.object({ incidents: z.array(line).max(mostIncidents), more: z.boolean() }) },
    async handler({ services }) {
      const found = await services.incidents.list();
      const schools = new Map((await services.directory.schools.list()).map(({ id, name }) => [id, name]));
      const now = services.clock.now();
      return {
        incidents: found.slice(0, mostIncidents).map((row) => lineOf(row, schools.get(row.school_id ?? '') ?? null, now)),
        more: found.length > mostIncidents,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/incidents',
    summary: 'Record an incident; the 72 hours are counted from when somebody became aware of it',
    permission: 'privacy:read',
    machines,
    body: z.strictObject({
      school: z.uuid().nullable().describe('Null: the operator’s own; only for the operator'),
      what: fields.what,
      awareAt: z.iso.datetime({ offset: true }),
    }),
    responses: { 201: z.object({ id: z.uuid() }) },
    async handler({ body: { school, what, awareAt }, principal, services }) {
      if (school === null ? principal.tenants !== '*' : (await services.directory.schools.get(school)) === null) throw notFound();
      return reply(201, { id: await services.incidents.record(school, what, new Date(awareAt)) });
    },
  }),
  route({
    method: 'GET',
    path: '/incidents/:id',
    summary: 'An incident with its history',
    permission: 'privacy:read',
    machines,
    params,
    responses: { 200: detail },
    async handler({ params: { id }, services }) {
      const { incident: row, steps, people } = await services.incidents.get(id);
      const names = await namesOf(
        services,
        steps.map(({ by_id }) => by_id),
      );
      const school = row.school_id === null ? null : await services.directory.schools.get(row.school_id);
      return {
        ...lineOf(row, school?.name ?? null, services.clock.now()),
        beganAt: row.began_at?.toISOString() ?? null,
        categories: row.categories as (typeof categories)[number][],
        peopleCount: row.people_count,
        recordsCount: row.records_count,
        consequences: row.consequences,
        measures: row.measures,
        reason: row.reason,
        contactPoint: row.contact_point,
        lessons: row.lessons,
        notifiedAt: row.notified_at?.toISOString() ?? null,
        people,
        actions: incidentActions.filter((action) => incidentTransitionOf(action, row.state) !== undefined),
        steps: steps.map(({ action, by_id, at }) => ({ action, by: names.get(by_id ?? '') ?? null, at: at.toISOString() })),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/incidents/:id',
    summary: 'Write what is known about an incident',
    permission: 'privacy:read',
    machines,
    params,
    body: z.strictObject(fields),
    responses: { 204: nothing('Stored') },
    async handler({ params: { id }, body, services }) {
      const { beganAt, peopleCount, recordsCount, contactPoint, ...same } = body;
      await services.incidents.write(id, {
        ...same,
        began_at: beganAt === null ? null : new Date(beganAt),
        people_count: peopleCount,
        records_count: recordsCount,
        contact_point: contactPoint,
      });
    },
  }),
  route({
    method: 'POST',
    path: '/incidents/:id/actions',
    summary: 'Note that the authority was told, or need not be; close or reopen an incident',
    permission: 'privacy:read',
    machines,
    params,
    body: z.strictObject({ action: z.enum(incidentActions) }),
    responses: { 204: nothing('Done') },
    handler: ({ params: { id }, body: { action }, services: { incidents } }) => incidents.change(id, action),
  }),
  route({
    method: 'POST',
    path: '/incidents/:id/search',
    summary: 'Find in the audit log whose data were seen or changed in a period, and add them to those who are affected',
    permission: 'privacy:read',
    machines,
    params,
    body: z
      .strictObject({
        actor: z.uuid().nullable().default(null),
        route: z.string().trim().max(300).nullable().default(null),
        since: z.iso.datetime({ offset: true }),
        until: z.iso.datetime({ offset: true }),
      })
      .refine(({ actor, route: name }) => actor !== null || name !== null, {
        path: ['actor'],
        error: 'name an account or a route',
      }),
    responses: {
      200: z.object({
        added: z.int(),
        more: z.boolean(),
        routes: z.array(z.object({ route: z.string(), doing: z.string(), times: z.int() })).max(200),
      }),
    },
    handler: ({ params: { id }, body: { since, until, ...query }, services: { incidents }, request: { language } }) =>
      incidents.find(id, { ...query, since: new Date(since), until: new Date(until) }, language),
  }),
  route({
    method: 'GET',
    path: '/incidents/:id/people',
    summary: 'People who are affected',
    permission: 'privacy:read',
    machines,
    params,
    query: z.object({ after: z.uuid().optional() }),
    responses: {
      200: z.object({
        people: z.array(z.object({ id: z.uuid(), name: z.string() })).max(affectedPage),
        more: z.boolean(),
      }),
    },
    async handler({ params: { id }, query: { after = null }, services }) {
      await services.incidents.get(id);
      const found = await services.incidents.peopleOf(id, after);
      const names = await namesOf(services, found.slice(0, affectedPage));
      return { people: [...names].map(([person, name]) => ({ id: person, name })), more: found.length > affectedPage };
    },
  }),
  route({
    method: 'DELETE',
    path: '/incidents/:id/people/:person',
    summary: 'Somebody is not affected after all',
    permission: 'privacy:read',
    machines,
    params: z.object({ id: z.uuid(), person: z.uuid() }),
    responses: { 204: nothing('Removed') },
    handler: ({ params: { id, person }, services: { incidents } }) => incidents.remove(id, person),
  }),
];

const hour = 3_600_000;

function lineOf(row: IncidentRow, school: string | null, now: Date): z.output<typeof line> {
  return {
    id: row.id,
    number: row.number,
    school,
    what: row.what,
    state: row.state,
    risk: row.risk,
    awareAt: row.aware_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    hours: row.state === 'open' ? Math.floor((row.due_at.getTime() - now.getTime()) / hour) : null,
  };
}

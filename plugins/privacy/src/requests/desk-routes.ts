import { nothing, pageOf, pageQuery, reply, restrictionGrounds, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { findPerson, namesOf } from '../find-person.js';
import { objectsTo } from './carry-out.js';
import { answeringSchool } from './controllers.js';
import { daysBetween } from './deadlines.js';
import { mostSteps } from './requests.js';
import { currentValue } from './roster-values.js';
import { rectifiedFields } from './rows.js';
import { actionsOf, requestActions, requestKinds, requestStates } from './states.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must answer privacy requests.' };
const params = z.object({ id: z.uuid() });
const languages = z.enum(['nl', 'en', 'fr']);
const text = (max: number) => z.string().trim().max(max).default('');

const line = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: z.enum(requestKinds),
  askedBy: z.enum(['self', 'parent', 'school']),
  state: z.enum(requestStates),
  /** Of whom the data are; null after they were erased. */
  name: z.string().nullable(),
  /** Null: the operator answers. */
  school: z.string().nullable(),
  receivedOn: z.iso.date(),
  dueOn: z.iso.date().nullable(),
  /** Days until the deadline; negative: overdue. */
  days: z.int().nullable(),
});
export type RequestLine = z.output<typeof line>;

const detail = line.extend({
  personId: z.uuid().nullable(),
  purpose: z.string().nullable().describe('In the reader’s language'),
  details: z.string(),
  askerName: z.string(),
  askerContact: z.string(),
  identityHow: z.string(),
  reason: z.string(),
  answer: z.string(),
  field: z.enum(rectifiedFields).nullable(),
  rosterValue: z.string().describe('What the portal had when it was asked'),
  currentValue: z.string().describe('What it has now'),
  wanted: z.string(),
  flagged: z.boolean().describe('Passed on to the school, whose files have it'),
  corrected: z.boolean().describe('The school’s files are right now'),
  objectsTo: z.array(z.string()).max(200).describe('Purposes, in words, to which the portal objects when it is granted'),
  actions: z.array(z.enum(requestActions)).max(requestActions.length),
  steps: z
    .array(
      z.object({
        action: z.string(),
        detail: z.string().describe('Ground of a restriction, or the purpose that was objected to, in words'),
        state: z.enum(requestStates),
        dueOn: z.iso.date().nullable(),
        by: z.string().nullable(),
        at: z.date(),
      }),
    )
    .max(mostSteps),
  letters: z
    .array(z.object({ id: z.uuid(), kind: z.string(), language: z.string(), text: z.string(), madeAt: z.date() }))
    .max(mostSteps),
});

export const requestDeskRoutes = [
  route({
    method: 'GET',
    path: '/requests',
    summary: 'Requests about personal data: open ones by deadline, or closed ones, the latest first',
    permission: 'privacy:read',
    machines,
    query: z.object({ state: z.enum(['open', 'closed']).default('open'), ...pageQuery(50, 100) }),
    responses: { 200: z.object({ requests: z.array(line).max(100), more: z.boolean() }) },
    async handler({ query: { state, limit }, request, services }) {
      const found = await services.requestDesk.list(state, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ sort, id }) => [sort, id], request);
      const names = await namesOf(
        services,
        rows.map(({ person_id }) => person_id),
      );
      const schools = new Map((await services.directory.schools.list()).map(({ id, name }) => [id, name]));
      const today = await services.calendar.today();
      return reply(200, { requests: rows.map((row) => lineOf(row, { names, schools, today })), more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/requests/:id',
    summary: 'A request with its history and letters',
    permission: 'privacy:read',
    machines,
    params,
    responses: { 200: detail },
    async handler({ params: { id }, services, request: { language } }) {
      const { request, steps, letters } = await services.requests.get(id);
      const names = await namesOf(services, [request.person_id, ...steps.map(({ by_id }) => by_id)]);
      const school = request.school_id === null ? null : await services.directory.schools.get(request.school_id);
      const schools = new Map(school === null ? [] : [[school.id, school.name]]);
      const today = await services.calendar.today();
      const purposes = await services.privacy.purposes(language);
      const purposeName = (purpose: string) => purposes.find((each) => each.id === purpose)?.name ?? purpose;
      const value =
        request.kind === 'rectification' && request.person_id !== null
          ? await currentValue(services, request.person_id, request.field)
          : '';
      return {
        ...lineOf(request, { names, schools, today }),
        personId: request.person_id,
        purpose: request.purpose === null ? null : purposeName(request.purpose),
        details: request.details,
        askerName: request.asker_name,
        askerContact: request.asker_contact,
        identityHow: request.identity_how,
        reason: request.reason,
        answer: request.answer,
        field: request.field,
        rosterValue: request.roster_value,
        currentValue: value,
        wanted: request.wanted,
        flagged: request.flagged_at !== null,
        corrected: request.corrected_at !== null,
        objectsTo: objectsTo(request, purposes).map(({ name }) => name),
        actions: actionsOf('officer', request.state),
        steps: steps.map(({ action, detail, state, due_on, by_id, at }) => ({
          ...{ action, state, at },
          detail: action === 'objected' ? purposeName(detail) : detail,
          dueOn: due_on,
          by: names.get(by_id ?? '') ?? null,
        })),
        letters: letters.map(({ id: letter, kind, language, text: words, made_at }) => ({
          ...{ id: letter, kind, language, text: words },
          madeAt: made_at,
        })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/requests',
    summary: 'Record what a parent, or a person without an account, asked the school',
    permission: 'privacy:read',
    machines,
    body: z.strictObject({
      person: z.uuid(),
      askedBy: z.enum(['parent', 'school']),
      kind: z.enum(requestKinds),
      purpose: z.string().max(100).nullable().default(null),
      language: languages.default('nl'),
      details: text(2000),
      askerName: text(200),
      askerContact: text(300),
      field: z.enum(rectifiedFields).nullable().default(null),
      wanted: text(300),
    }),
    responses: { 201: z.object({ id: z.uuid(), number: z.string() }) },
    async handler({ body: { person, ...body }, services }) {
      const { schools } = await findPerson(services, person);
      const school = await answeringSchool(services, body.purpose, schools[0] ?? null);
      return reply(201, await services.requests.create({ ...body, personId: person, school }, 'record'));
    },
  }),
  route({
    method: 'POST',
    path: '/requests/:id/actions',
    summary: 'Check the identity, extend, grant, refuse or pass on a request',
    permission: 'privacy:read',
    machines,
    params,
    body: z.strictObject({
      action: z.enum(requestActions),
      identity: text(500).describe('How the identity was checked'),
      reason: text(2000),
      answer: text(2000),
      ground: z.enum(restrictionGrounds).optional().describe('Of a restriction that is granted'),
    }),
    responses: { 204: nothing('Done') },
    async handler({ params: { id }, body: { action, ...written }, services }) {
      await services.requests.change(id, action, 'officer', written);
    },
  }),
  route({
    method: 'POST',
    path: '/requests/:id/flag',
    summary: 'Pass a rectification on to the school, whose files have the field',
    permission: 'privacy:read',
    machines,
    params,
    responses: { 204: nothing('Passed on') },
    handler: ({ params: { id }, services: { corrections } }) => corrections.pass(id),
  }),
  route({
    method: 'GET',
    path: '/start/requests',
    summary: 'How many requests and incidents are open, and the next deadlines',
    audit: { none: 'It shows no personal data.' },
    permission: 'privacy:read',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: {
      200: z.object({
        open: z.int(),
        overdue: z.int(),
        nextDue: z.iso.date().nullable(),
        incidents: z.object({ open: z.int(), dueAt: z.date().nullable() }),
      }),
    },
    handler: async ({ services: { requestDesk, incidents } }) => ({
      ...(await requestDesk.counts()),
      incidents: await incidents.counts(),
    }),
  }),
];

interface Known {
  names: ReadonlyMap<string, string>;
  schools: ReadonlyMap<string, string>;
  today: string;
}

function lineOf(row: Awaited<ReturnType<Cradle['requests']['get']>>['request'], { names, schools, today }: Known): RequestLine {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    askedBy: row.asked_by,
    state: row.state,
    name: row.person_id === null ? null : (names.get(row.person_id) ?? null),
    school: row.school_id === null ? null : (schools.get(row.school_id) ?? null),
    receivedOn: row.received_on,
    dueOn: row.due_on,
    days: row.due_on === null ? null : daysBetween(today, row.due_on),
  };
}

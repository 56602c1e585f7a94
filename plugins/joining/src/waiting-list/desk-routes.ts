import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { type DeskSchool, mostGroups } from './desk.js';
import { type EntryRow, functions, mostSchools } from './rows.js';
import { email, entrySchool, instellingsnummer, lines, words } from './shapes.js';
import { deskStates, entryStates } from './states.js';

const route = routeFor<Cradle>();
const common = { permission: 'joining:desk', machines: { none: 'Administrators decide.' } } as const;
const params = z.object({ id: z.uuid() });
const most = 100;
const mostTwins = 20;

const contact = {
  id: z.uuid(),
  number: z.int(),
  kind: z.enum(['school', 'group']),
  name: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  email: z.string(),
  function: z.enum(functions),
  state: z.enum(entryStates),
  requestedAt: z.date(),
};
const entry = z.object({
  ...contact,
  remark: z.string(),
  priority: z.int(),
  changedAt: z.date(),
  offerUntil: z.date().nullable(),
  reason: z.string().nullable(),
  schools: z.array(entrySchool.extend({ known: z.boolean(), others: z.int() })).max(mostSchools),
});

const contactOf = (row: EntryRow, name: string) => ({
  ...{ id: row.id, number: Number(row.number), kind: row.kind, name: row.group_name ?? name, state: row.state },
  ...{ givenName: row.given_name, familyName: row.family_name, email: row.email, function: row.function },
  requestedAt: row.requested_at,
});

const shown = (row: EntryRow, schools: DeskSchool[]) => ({
  ...contactOf(row, schools[0]?.name ?? ''),
  ...{ remark: row.remark, priority: row.priority, reason: row.reason, schools },
  ...{ changedAt: row.changed_at, offerUntil: row.offer_until },
});

export const deskRoutes = [
  route({
    method: 'GET',
    path: '/entries',
    summary:
      'Requests for a place in a state, the waiting in order, others newest first, or those for a school; and counts by state',
    ...common,
    query: z.object({
      state: z.enum(deskStates).default('waiting'),
      number: instellingsnummer.optional().describe('instellingsnummer of a school'),
      ...pageQuery(50, most),
    }),
    responses: {
      200: z.object({
        entries: z.array(entry).max(most),
        more: z.boolean(),
        next: z.string().nullable().describe('`after` of the next page'),
        counts: z.record(z.enum(deskStates), z.int()),
      }),
    },
    async handler({ query: { state, number, limit }, request, services: { waitingListDesk: desk } }) {
      const after = request.after();
      const found =
        number === undefined ? await desk.page(state, after, limit + 1) : await desk.ofNumber(number, after, limit + 1);
      const positionOf = (row: EntryRow) => (number === undefined ? desk.positionIn(row) : [row.number]);
      const { rows, more, headers } = pageOf(found, limit, positionOf, request);
      const last = rows.at(-1);
      const next = more && last !== undefined ? request.next(positionOf(last)).split('?')[1] : undefined;
      const schools = await desk.schoolsOf(rows.map(({ id }) => id));
      const entries = rows.map((row) => shown(row, schools.get(row.id) ?? []));
      const cursor = new URLSearchParams(next).get('after');
      return reply(200, { entries, more, next: cursor, counts: await desk.counts() }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/entries/:id/twins',
    summary: 'Other requests for the same school that wait or have a place',
    ...common,
    params,
    responses: { 200: z.object({ entries: z.array(z.object(contact)).max(mostTwins), more: z.boolean() }) },
    async handler({ params: { id }, services: { waitingListDesk: desk } }) {
      const found = await desk.twins(id, mostTwins + 1);
      const rows = found.slice(0, mostTwins);
      const schools = await desk.schoolsOf(rows.map((row) => row.id));
      return {
        entries: rows.map((row) => contactOf(row, schools.get(row.id)?.[0]?.name ?? '')),
        more: found.length > mostTwins,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/entries/:id/offer',
    summary: 'Offer a place until a deadline; the contact gets a letter',
    ...common,
    params,
    body: z.strictObject({
      days: z.int().min(1).max(90),
      group: z
        .union([z.uuid(), z.literal('new')])
        .nullable()
        .default(null)
        .describe('School group that the schools join: its id, or `new` for one with the name in the request'),
    }),
    responses: { 204: nothing('Offered') },
    handler: ({ params: { id }, body: { days, group }, services }) => services.waitingListDesk.offer(id, days, group),
  }),
  route({
    method: 'GET',
    path: '/entries/:id/groups',
    summary: 'School groups of the portal that may be the one of a request',
    ...common,
    params,
    responses: { 200: z.object({ groups: z.array(z.object({ id: z.uuid(), name: z.string() })).max(mostGroups) }) },
    handler: async ({ params: { id }, services }) => ({ groups: await services.waitingListDesk.groupsLike(id) }),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/erasure',
    summary: 'Erase a request that has no place, at the wish of its contact or as it is no real one',
    ...common,
    recentSignIn: true,
    params,
    responses: { 204: nothing('Erased') },
    handler: ({ params: { id }, services }) => services.waitingListDesk.erase(id),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/principal',
    summary: 'Invite a principal to the schools of a request that are joining, to accept the processing agreement',
    ...common,
    recentSignIn: true,
    params,
    body: z.strictObject({ givenName: words(100), familyName: words(100), email }),
    responses: { 204: nothing('Invited') },
    handler: ({ params: { id }, body, services }) => services.accession.invitePrincipal(id, body),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/retract',
    summary: 'Take an offer back, with a reason; the request waits again',
    ...common,
    params,
    body: z.strictObject({ reason: lines(2_000).min(1) }),
    responses: { 204: nothing('Taken back') },
    handler: ({ params: { id }, body: { reason }, services }) => services.waitingListDesk.retract(id, reason),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/decline',
    summary: 'Decline a request, with a reason that the contact reads',
    ...common,
    params,
    body: z.strictObject({ reason: lines(2_000).min(1) }),
    responses: { 204: nothing('Declined') },
    handler: ({ params: { id }, body: { reason }, services }) => services.waitingListDesk.decline(id, reason),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/restore',
    summary: 'Put a request that was declined or merged, or whose offer lapsed, on the list again',
    ...common,
    params,
    responses: { 204: nothing('It waits again') },
    handler: ({ params: { id }, services }) => services.waitingListDesk.restore(id),
  }),
  route({
    method: 'POST',
    path: '/entries/:id/merge',
    summary: 'Drop a request for another one of the same school',
    ...common,
    params,
    body: z.strictObject({ into: z.uuid() }),
    responses: { 204: nothing('Merged') },
    handler: ({ params: { id }, body: { into }, services }) => services.waitingListDesk.merge(id, into),
  }),
  route({
    method: 'PUT',
    path: '/entries/:id/priority',
    summary: 'Put a waiting request before the others, in order, or after them',
    ...common,
    params,
    body: z.strictObject({ priority: z.int().min(-1).max(1) }),
    responses: { 204: nothing('Kept') },
    handler: ({ params: { id }, body: { priority }, services }) => services.waitingListDesk.prioritise(id, priority),
  }),
];

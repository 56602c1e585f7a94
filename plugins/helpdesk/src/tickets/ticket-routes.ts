import { fileAnswers, notFound, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Ticket } from '../models.js';
import { mostFiles } from './limits.js';
import type { Part } from './parts.js';
import { refused } from './problems.js';
import { summaryOf } from './rows.js';
import { body, details, id, summary } from './shapes.js';
import { ticketTransitions } from './states.js';
import { placeOf } from './tellings.js';

const route = routeFor<Cradle>();
const machines = { none: 'People ask for help.' };
const common = { permission: 'helpdesk:follow', machines } as const;
const most = 100;

const searchResult = z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() });

export const findTickets = route({
  method: 'GET',
  path: '/search',
  summary: 'Tickets that you may open, by words',
  ...common,
  timeoutMs: 5_000,
  query: z.object({ q: z.string().trim().min(2).max(100), limit: z.coerce.number().int().min(1).max(20).default(6) }),
  responses: { 200: z.object({ results: z.array(searchResult).max(20), more: z.boolean() }) },
  async handler({ query: { q, limit }, services: { queue } }) {
    const found = await queue.find(q, limit + 1);
    const results = found
      .slice(0, limit)
      .map((row) => ({ title: row.subject, detail: `#${row.number}`, place: placeOf(row.id) }));
    return { results, more: found.length > limit };
  },
});

/** Summaries with names; a constant number of statements. */
export async function summariesOf(services: Cradle, rows: readonly Ticket[], part: Part) {
  const names = await services.ticketNames.of({
    people: rows.flatMap(({ requester_id, owner_id }) => [requester_id, owner_id]),
    schools: rows.map(({ school_id }) => school_id),
  });
  return rows.map((row) => summaryOf(row, part, names, services.conversations.showsPeople(row, part)));
}

export const ticketRoutes = [
  findTickets,
  route({
    method: 'GET',
    path: '/my-tickets',
    summary: 'Your tickets and those in which you take part, the last changed first',
    ...common,
    query: z.object({ q: z.string().trim().max(100).default(''), ...pageQuery(30, most) }),
    responses: { 200: z.object({ tickets: z.array(summary).max(most), more: z.boolean() }) },
    async handler({ query: { q, limit }, request, principal, services }) {
      const found = await services.queue.own(q, request.after(), limit + 1);
      const position = (row: (typeof found)[number]) => [row.last_text, row.id];
      const { rows, more, headers } = pageOf(found, limit, position, request);
      const shown = await summariesOf(services, rows, 'requester');
      // Whoever takes part in a question that waits for a teacher is that teacher.
      const tickets = shown.map((each, at) =>
        each.turn === 'teacher' && rows[at]?.requester_id !== principal.id ? { ...each, turn: 'you' as const } : each,
      );
      return reply(200, { tickets, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id',
    summary: 'A ticket with its conversation',
    ...common,
    params: id,
    responses: { 200: details },
    handler: ({ params, services }) => services.conversations.read(params.id),
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/messages',
    summary: 'Write in a ticket; helpers may change its state in the same go',
    ...common,
    params: id,
    body: z.object({
      text: body,
      kind: z.enum(['public', 'note']).default('public'),
      next: z.enum(['ask', 'wait', 'solve', 'work', 'none']).default('none'),
      seen: z
        .union([z.literal(''), z.coerce.number().int().min(0)])
        .default('')
        .describe('Number of messages that the writer saw'),
    }),
    upload: { files: { kind: 'attachments', min: 0, max: mostFiles } },
    responses: {
      201: z.object({ ticket: z.uuid().describe('The ticket that has it: another one if this was merged or closed long ago') }),
    },
    async handler({ params, body: { seen, ...answer }, uploads, services: { answering, asking, conversations } }) {
      await conversations.get(params.id);
      const files = await asking.keep(uploads.files);
      return { ticket: await answering.answer(params.id, { ...answer, seen: seen === '' ? null : seen }, files) };
    },
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/actions',
    summary: 'Change the state of a ticket',
    ...common,
    params: id,
    body: z.strictObject({
      action: z.enum(ticketTransitions.map(({ action }) => action)),
      reason: z.string().trim().max(500).default(''),
    }),
    responses: { 204: nothing('Done') },
    async handler({ params, body: { action, reason }, services }) {
      await services.answering.act(params.id, action, reason);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/pass-on',
    summary: 'Pass a pupil’s question on to the helpdesk',
    permission: 'helpdesk:ask',
    machines,
    params: id,
    responses: { 204: nothing('Passed on') },
    async handler({ params, services: { asking, conversations } }) {
      const { ticket, part } = await conversations.get(params.id);
      if (part === 'requester') throw refused('pupils-ask-teacher');
      await asking.passOn(ticket);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/tickets/:id/colleagues',
    summary: 'Staff of the school of a ticket whose name contains these words',
    permission: 'helpdesk:ask',
    machines,
    params: id,
    query: z.object({ q: z.string().trim().min(2).max(100) }),
    responses: { 200: z.object({ people: z.array(z.object({ id: z.uuid(), name: z.string() })).max(10) }) },
    async handler({ params, query: { q }, services: { conversations, directory } }) {
      const { ticket } = await conversations.get(params.id);
      if (ticket.school_id === null) return { people: [] };
      const found = await directory.peopleSearch.find({ search: q, school: ticket.school_id, kind: 'staff', page: 1, size: 10 });
      return { people: found.people.map((each) => ({ id: each.id, name: `${each.givenName} ${each.familyName}` })) };
    },
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/participants',
    summary: 'Let a colleague take part in a ticket',
    permission: 'helpdesk:ask',
    machines,
    params: id,
    body: z.strictObject({ person: z.uuid() }),
    responses: { 204: nothing('Added') },
    async handler({ params, body: { person }, services: { conversations, directory, ticketing } }) {
      const { ticket } = await conversations.get(params.id);
      const found = await directory.people.get(person);
      if (found === null || found.kind !== 'staff' || ticket.school_id === null || !found.schools.includes(ticket.school_id)) {
        throw refused('not-of-school');
      }
      await ticketing.addParticipant(ticket, { personId: person, email: null });
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/tickets/:id/participants/:participant',
    summary: 'Let somebody no longer take part in a ticket',
    permission: 'helpdesk:ask',
    machines,
    params: z.object({ id: z.uuid(), participant: z.uuid() }),
    responses: { 204: nothing('Removed') },
    async handler({ params, services: { conversations, knex } }) {
      await conversations.get(params.id);
      const removed = await knex('ticket_participants').where({ id: params.participant, ticket_id: params.id }).delete();
      if (removed === 0) throw notFound();
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/tickets/:id/survey',
    summary: 'Say what a solution was worth, once',
    ...common,
    params: id,
    body: z.strictObject({ score: z.int().min(1).max(5), remark: z.string().trim().max(1_000).default('') }),
    responses: { 204: nothing('Stored') },
    async handler({ params, body: { score, remark }, principal, services: { conversations, knex, objections } }) {
      const { ticket, part } = await conversations.get(params.id);
      if (part !== 'requester' || ticket.state !== 'closed' || ticket.solved_times === 0) throw refused('not-now');
      // The page does not ask whoever objected; what they say anyway is not stored.
      if (!(await objections.mayUse(principal.id as string, 'improvement'))) return reply(204);
      const { school_id, provider_id, solved_times: solution } = ticket;
      const stored = await knex('ticket_surveys')
        .insert({ ticket_id: ticket.id, school_id, provider_id, solution, score, remark, by_id: principal.id })
        .onConflict(['ticket_id', 'solution'])
        .ignore()
        .returning('id');
      if (stored.length === 0) throw refused('survey-answered');
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/attachments/:file',
    summary: 'A file of a message that you may read',
    ...common,
    params: z.object({ file: z.uuid() }),
    query: z.object({ thumbnail: z.stringbool().default(false) }),
    responses: fileAnswers,
    async handler({ params, query, services: { attachments, conversations, files } }) {
      const message = await attachments.messageOf(params.file);
      if (message.side_id !== null) await conversations.sideOf(message.side_id);
      else if ((await conversations.get(message.ticket_id)).part !== 'agent' && message.kind !== 'public') throw notFound();
      return files.open('attachments', params.file, query);
    },
  }),
];

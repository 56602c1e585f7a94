import { csvStream, reply, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Coaching } from '../models.js';
import { day, id } from '../shapes.js';
import { mostEntries } from './log.js';
import { coachingStates } from './states.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const mostShown = 200;
const minutes = z.int().min(15).max(60_000);
const reason = z.string().trim().max(500).default('');
const kinds = ['visit', 'online', 'preparation', 'other'] as const;

const summary = z.object({
  id: z.uuid(),
  state: z.enum(coachingStates),
  goal: z.string(),
  tool: z.string(),
  schoolName: z.string(),
  providerName: z.string(),
  requester: z.string().nullable(),
  coach: z.string().nullable(),
  wishedMinutes: z.int(),
  agreedMinutes: z.int().nullable(),
  reason: z.string(),
  updatedAt: z.date(),
});
const entry = z.object({
  id: z.uuid(),
  day: z.string(),
  minutes: z.int(),
  kind: z.string(),
  note: z.string(),
  privateNote: z.string().nullable().describe('Only for the coach who wrote it'),
  byCoach: z.boolean().describe('Whether the coach confirmed it'),
  bySchool: z.boolean(),
  reverses: z.uuid().nullable(),
});
const details = summary.extend({
  parts: z.array(z.string()).max(5).describe('What the caller is in it'),
  standIn: z.string().nullable(),
  coachId: z.uuid().nullable(),
  standInId: z.uuid().nullable(),
  amendedMinutes: z.int().nullable(),
  amendedBy: z.enum(['school', 'provider']).nullable(),
  usedMinutes: z.int(),
  entries: z.array(entry).max(mostEntries),
  reports: z.array(z.object({ id: z.uuid(), text: z.string(), at: z.date() })).max(50),
  coaches: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .max(100)
    .describe('Whom the planner can propose'),
});
const changed = z.object({ id: z.uuid(), state: z.enum(coachingStates) });
const changedOf = ({ id: changedId, state }: Coaching) => ({ id: changedId, state });

/** Summaries with the names of people, schools and providers; a constant number of statements. */
async function summaries({ peopleNames, actAs }: Cradle, rows: readonly Coaching[]): Promise<z.input<typeof summary>[]> {
  const people = rows.flatMap(({ requester_id, coach_id }) => [requester_id, coach_id].flatMap((each) => each ?? []));
  const names = await peopleNames.of(
    people,
    rows.map(({ school_id }) => school_id),
  );
  const ids = [...new Set(rows.map(({ provider_id }) => provider_id))];
  const providers = await actAs(systemPrincipal(), async ({ providerNames }: Cradle) => providerNames.of(ids));
  const nameOf = (person: string | null) => (person === null ? null : (names.people.get(person) ?? null));
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    goal: row.goal,
    tool: row.tool,
    schoolName: names.schools.get(row.school_id) ?? '',
    providerName: providers.get(row.provider_id) ?? '',
    requester: nameOf(row.requester_id),
    coach: nameOf(row.coach_id),
    wishedMinutes: row.wished_minutes,
    agreedMinutes: row.agreed_minutes,
    reason: row.reason,
    updatedAt: row.updated_at,
  }));
}

const listOf = async (services: Cradle) => {
  const rows = await services.coachings.list(mostShown + 1);
  return { coachings: await summaries(services, rows.slice(0, mostShown)), more: rows.length > mostShown };
};

async function detailsOf(services: Cradle, coachingId: string): Promise<z.input<typeof details>> {
  const { coachings, coachingLog, coachingReports, directory, peopleNames } = services;
  const coaching = await coachings.get(coachingId);
  const parts = coachings.partsIn(coaching);
  const [shown] = await summaries(services, [coaching]);
  const entries = await coachingLog.of(coaching);
  const reports = await coachingReports.of(coaching);
  const people = parts.includes('planner') ? await directory.providers.peopleOf(coaching.provider_id) : [];
  const standIn =
    coaching.stand_in_id === null ? null : (await peopleNames.of([coaching.stand_in_id], [])).people.get(coaching.stand_in_id);
  return {
    ...(shown as z.input<typeof summary>),
    parts,
    standIn: standIn ?? null,
    coachId: coaching.coach_id,
    standInId: coaching.stand_in_id,
    amendedMinutes: coaching.amended_minutes,
    amendedBy: coaching.amended_by,
    usedMinutes: entries.reduce((sum, each) => sum + each.minutes, 0),
    entries: entries.map((each) => ({
      id: each.id,
      day: each.day,
      minutes: each.minutes,
      kind: each.kind,
      note: each.note,
      privateNote: each.private_note,
      byCoach: each.coach_at !== null,
      bySchool: each.school_at !== null,
      reverses: each.reverses_id,
    })),
    reports: reports.map(({ id: reportId, text, created_at }) => ({ id: reportId, text, at: created_at })),
    coaches: people
      .filter(({ roles }) => roles.includes('coach'))
      .slice(0, 100)
      .map((each) => ({ id: each.id, name: `${each.givenName} ${each.familyName}` })),
  };
}

const entryInput = z.strictObject({
  day,
  minutes: minutes.max(1_440),
  kind: z.enum(kinds),
  note: z.string().trim().max(2_000).default(''),
  privateNote: z.string().trim().max(2_000).default(''),
});
const answers = { 200: changed };

export const coachingRoutes = [
  route({
    method: 'GET',
    path: '/coachings',
    summary: 'Coachings in which you have a part',
    permission: 'academy:coaching',
    machines,
    responses: { 200: z.object({ coachings: z.array(summary).max(mostShown), more: z.boolean() }) },
    handler: ({ services }) => listOf(services),
  }),
  route({
    method: 'GET',
    path: '/coachings/:id',
    summary: 'A coaching with its hours and reports',
    permission: 'academy:coaching',
    machines,
    params: id,
    responses: { 200: details },
    handler: ({ params, services }) => detailsOf(services, params.id),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/actions',
    summary: 'Carry out a step: approve, decline, accept, pass, send back, close, withdraw',
    permission: 'academy:coaching',
    machines,
    params: id,
    body: z.strictObject({ action: z.enum(['approve', 'decline', 'accept', 'pass', 'send-back', 'close', 'withdraw']), reason }),
    responses: answers,
    handler: async ({ params, body, services: { coachings } }) =>
      changedOf(await coachings.act(params.id, body.action, body.reason)),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/entries',
    summary: 'Note time that was spent',
    permission: 'academy:coaching',
    machines,
    params: id,
    body: entryInput,
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body, services: { coachingLog } }) => ({ id: (await coachingLog.add(params.id, body)).id }),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/entries/:entry/confirmation',
    summary: 'Confirm time that the other side noted',
    permission: 'academy:coaching',
    machines,
    params: id.extend({ entry: z.uuid() }),
    responses: { 200: z.object({ id: z.uuid() }) },
    handler: async ({ params, services: { coachingLog } }) => ({ id: (await coachingLog.confirm(params.id, params.entry)).id }),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/entries/:entry/reversal',
    summary: 'Take noted time back',
    permission: 'academy:coaching',
    machines,
    params: id.extend({ entry: z.uuid() }),
    body: z.strictObject({ note: z.string().trim().min(1).max(2_000) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body, services: { coachingLog } }) => ({
      id: (await coachingLog.reverse(params.id, params.entry, body.note)).id,
    }),
  }),
  route({
    method: 'PUT',
    path: '/coachings/:id/amendment',
    summary: 'Propose other hours, which the other side signs',
    permission: 'academy:coaching',
    machines,
    params: id,
    body: z.strictObject({ minutes }),
    responses: answers,
    handler: async ({ params, body, services: { coachingLog } }) => changedOf(await coachingLog.amend(params.id, body.minutes)),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/amendment/signature',
    summary: 'Sign the hours that the other side proposed',
    permission: 'academy:coaching',
    machines,
    params: id,
    responses: answers,
    handler: async ({ params, services: { coachingLog } }) => changedOf(await coachingLog.signAmendment(params.id)),
  }),
  route({
    method: 'GET',
    path: '/coaching-providers',
    summary: 'Training providers that can be asked for coaching',
    permission: 'academy:enrol',
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.object({ providers: z.array(z.object({ id: z.uuid(), name: z.string() })).max(200) }) },
    handler: async ({ services: { providerNames } }) => ({ providers: await providerNames.published() }),
  }),
  route({
    method: 'POST',
    path: '/coachings',
    summary: 'Ask for coaching',
    permission: 'academy:enrol',
    machines,
    body: z.strictObject({
      school: z.uuid(),
      provider: z.uuid(),
      goal: z.string().trim().min(1).max(2_000),
      tool: z.string().trim().max(80).default(''),
      wishedMinutes: minutes,
    }),
    responses: { 201: changed },
    handler: async ({ body, services: { coachings } }) => changedOf(await coachings.request(body)),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/proposal',
    summary: 'Propose a coach, with the hours that were agreed',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ coach: z.uuid(), agreedMinutes: minutes }),
    responses: answers,
    handler: async ({ params, body, services: { coachings } }) =>
      changedOf(await coachings.propose(params.id, body.coach, body.agreedMinutes)),
  }),
  route({
    method: 'PUT',
    path: '/coachings/:id/stand-in',
    summary: 'Name a coach who stands in, or nobody any more',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ coach: z.uuid().nullable() }),
    responses: answers,
    handler: async ({ params, body, services: { coachings } }) => changedOf(await coachings.standIn(params.id, body.coach)),
  }),
  route({
    method: 'POST',
    path: '/coachings/:id/reports',
    summary: 'Hand in the report',
    permission: 'academy:coach',
    machines,
    params: id,
    body: z.strictObject({ text: z.string().trim().min(1).max(10_000) }),
    responses: { 201: changed },
    handler: async ({ params, body, services: { coachingReports } }) =>
      changedOf(await coachingReports.submit(params.id, body.text)),
  }),
  route({
    method: 'GET',
    path: '/delivered-hours',
    summary: 'Hours of coaching that both sides confirmed, as CSV',
    permission: 'academy:export',
    machines,
    query: z.object({ from: day, to: day }),
    responses: { 200: { description: 'Provider, school, program, day, kind and minutes', contentType: 'text/csv' } },
    handler: ({ query: { from, to }, work }) =>
      reply(200, csvStream(deliveredRows(from, to, work as never)), {
        'content-disposition': 'attachment; filename="coaching.csv"',
      }),
  }),
];

const rowsAtOnce = 500;

async function* deliveredRows(from: string, to: string, work: <T>(fn: (services: Cradle) => Promise<T>) => Promise<T>) {
  yield ['provider', 'school', 'coaching', 'program', 'day', 'kind', 'minutes'];
  for (let after: string[] | null = null; ; ) {
    const position: string[] | null = after;
    const { rows, schools, providers } = await work(async ({ deliveredHours, peopleNames, actAs }) => {
      const found = await deliveredHours.page(from, to, position, rowsAtOnce);
      const names = await peopleNames.of(
        [],
        found.map(({ school_id }) => school_id),
      );
      const ids = [...new Set(found.map(({ provider_id }) => provider_id))];
      const named = await actAs(systemPrincipal(), async (services: Cradle) => services.providerNames.of(ids));
      return { rows: found, schools: names.schools, providers: named };
    });
    for (const row of rows) {
      const { provider_id, school_id, coaching_id, tool, day, kind, minutes: spent } = row;
      yield [providers.get(provider_id) ?? '', schools.get(school_id) ?? '', coaching_id, tool, day, kind, spent];
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = [last.provider_id, last.school_id, last.day, last.id];
  }
}

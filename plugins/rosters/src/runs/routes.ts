import { conflict, notFound, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { failures } from '../source/failure.js';
import { runKinds, runStates } from './run.js';

const route = routeFor<Cradle>();
const machines = { none: 'People of the school decide about its data.' } as const;
const ofSchool = z.object({ school: z.uuid() });
const ofRun = z.object({ id: z.uuid() });
/** Runs in a list. */
const mostRuns = 100;
const mostNotes = 1_000;
/** A removal for each class is possible. */
const mostRemovals = 50_000;
const toldRemovals = 100;

const counts = z.object({ added: z.int(), changed: z.int(), removed: z.int(), unchanged: z.int() });
const tables = ['schools', 'sites', 'school_years', 'people', 'roles', 'classes', 'enrolments'] as const;
const run = z.object({
  id: z.uuid(),
  kind: z.enum(runKinds),
  state: z.enum(runStates),
  startedAt: z.date(),
  endedAt: z.date().nullable(),
  objects: z.int().describe('Objects that were read'),
  changes: z.partialRecord(z.enum(tables), counts).nullable(),
  leftOut: z.int().describe('Rows that were left out, or taken without a part'),
  failure: z
    .string()
    .nullable()
    .describe(`One of ${failures.join(', ')}`),
});
const removal = z.object({
  kind: z.enum(['people', 'roles', 'classes', 'enrolments', 'places', 'sites', 'sessions']),
  class: z.string().nullable(),
  count: z.int(),
  total: z.int(),
});
const note = z.object({ file: z.string(), sourcedId: z.string(), column: z.string().nullable(), code: z.string() });

export const runRoutes = [
  route({
    method: 'POST',
    path: '/schools/:school/runs',
    summary: 'Read the system of a school of yours now; a preview takes nothing over until it is approved',
    permission: 'roster:connect',
    machines,
    params: ofSchool,
    body: z.strictObject({ kind: z.enum(['preview', 'manual']) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    async handler({ params: { school }, body: { kind }, services: { connections, runs } }) {
      await connections.schoolOf(school);
      if ((await connections.of(school)) === null) throw notFound();
      if (await runs.awaitsAgreement(school))
        throw conflict('rosters/agreement-awaited', 'The school has to accept the processing agreement first.');
      const id = await runs.start(school, kind);
      if (id === null) throw conflict('rosters/at-work', 'The system of this school is being read already.');
      return { id };
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:school/runs',
    summary: 'The latest runs of a school of yours, newest first',
    permission: 'roster:connect',
    machines,
    audit: { none: 'It shows numbers.' },
    params: ofSchool,
    query: z.object({ limit: z.coerce.number().int().min(1).max(mostRuns).default(10) }),
    responses: { 200: z.object({ runs: z.array(run).max(mostRuns), more: z.boolean() }) },
    async handler({ params: { school }, query: { limit }, services: { runs } }) {
      const found = await runs.list(school, limit + 1);
      return { runs: found.slice(0, limit).map(shown), more: found.length > limit };
    },
  }),
  route({
    method: 'GET',
    path: '/runs/:id',
    summary: 'A run of a school of yours: what it would change or changed, and what was left out',
    permission: 'roster:connect',
    machines,
    params: ofRun,
    responses: {
      200: run.extend({
        removals: z.array(removal).max(toldRemovals),
        removalCount: z.int(),
        notes: z.array(note).max(mostNotes),
      }),
    },
    async handler({ params: { id }, services: { runs } }) {
      const { run: found, report } = await runs.get(id);
      return {
        ...shown(found),
        removals: found.removals.slice(0, toldRemovals),
        removalCount: Math.min(found.removals.length, mostRemovals),
        notes: report.notes,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/runs/:id/approve',
    summary: 'Take over what a run has read, with the removals that it shows',
    permission: 'roster:connect',
    machines,
    params: ofRun,
    responses: { 204: nothing('It is being taken over') },
    handler: ({ params: { id }, services }) => services.runs.approve(id),
  }),
  route({
    method: 'POST',
    path: '/runs/:id/reject',
    summary: 'Do not take over what a run has read',
    permission: 'roster:connect',
    machines,
    params: ofRun,
    responses: { 204: nothing('Nothing is taken over') },
    handler: ({ params: { id }, services }) => services.runs.reject(id),
  }),
];

type Shown = Awaited<ReturnType<Cradle['runs']['list']>>[number];
const shown = ({ id, kind, state, started_at, ended_at, objects, changes, left_out, failure }: Shown) => ({
  id,
  kind,
  state,
  startedAt: started_at,
  endedAt: ended_at,
  objects,
  changes,
  leftOut: left_out,
  failure,
});

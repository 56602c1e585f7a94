import { notFound, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
const audit = { none: 'It shows no personal data.' } as const;
const permission = 'launch-failures:read';
const machines = { none: 'Administrators and helpdesks read it.' } as const;

const traceLine = z.object({
  at: z.iso.datetime(),
  step: z.string(),
  outcome: z.string(),
  text: z.string(),
  code: z.string(),
});

export const foundLine = traceLine.extend({
  launchId: z.uuid().nullable(),
  tool: z.string().nullable(),
  school: z.string().nullable().describe('Name of the school'),
});

const named = z.object({ id: z.uuid(), name: z.string() });

export const traceRoutes = [
  route({
    method: 'GET',
    path: '/trace',
    summary: 'The trace of launches, newest first: by tool, school, hour or the code that somebody was shown',
    permission,
    machines,
    audit,
    query: z.object({
      code: z.string().trim().min(1).max(100).optional(),
      tool: z.uuid().optional(),
      school: z.uuid().optional(),
      hour: z.iso.datetime({ offset: true }).optional().describe('Start of the hour'),
      ...pageQuery(50, 100),
    }),
    responses: { 200: z.object({ lines: z.array(foundLine).max(100), more: z.boolean() }) },
    async handler({ query: { limit, ...query }, request, services: { traces, directory } }) {
      const before = request.after()?.[0] ?? null;
      const found = await traces.find({ ...query, limit: limit + 1 }, before === null ? null : String(before), request.language);
      const { rows, more, headers } = pageOf(found, limit, ({ number }) => [number], request);
      const schools = new Map((await directory.schools.list()).map(({ id, name }) => [id, name]));
      const lines = rows.map(({ school, ...line }) => ({
        ...line,
        school: school === null ? null : (schools.get(school) ?? null),
      }));
      return reply(200, { lines, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/trace/filters',
    summary: 'Tools and schools by which the trace can be filtered',
    permission,
    machines,
    audit,
    responses: { 200: z.object({ tools: z.array(named).max(1_000), schools: z.array(named).max(5_000) }) },
    async handler({ services: { registrations, directory, principal } }) {
      const { registrations: tools } = await registrations.list();
      const schools = await directory.schools.list();
      return {
        tools: tools.map(({ id, name }) => ({ id, name })),
        schools: schools.filter(({ id }) => principal.tenants === '*' || principal.tenants.includes(id)),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/trace/:code',
    summary: 'One launch, step by step, by the code that the person was shown',
    permission,
    machines,
    audit,
    params: z.object({ code: z.string().max(100) }),
    responses: {
      200: z.object({
        launchId: z.uuid().nullable(),
        tool: z.string().nullable(),
        school: z.uuid().nullable(),
        lines: z.array(traceLine).max(201),
      }),
    },
    async handler({ params, request, services: { launches } }) {
      const trace = await launches.trace(params.code, request.language);
      if (trace === null) throw notFound();
      return trace;
    },
  }),
];

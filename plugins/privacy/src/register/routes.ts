import { html, languages, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { languageOf } from '../documents/messages.js';
import { partyOf } from './party.js';
import { processingOf } from './processing.js';
import { registerCsv, registerSheet } from './sheet.js';

const route = routeFor<Cradle>();
/** Default: the requester's language. */
const query = z.object({ language: z.enum(languages).optional() });
/** Default party: the operator. */
const ofParty = query.extend({ school: z.uuid().optional() });
const nobody = { none: 'It shows no personal data.' };

const register = z.object({
  title: z.string(),
  lead: z.string(),
  columns: z.array(z.string()).max(100),
  parts: z
    .array(
      z.object({
        id: z.string(),
        version: z.string(),
        title: z.string(),
        facts: z.array(z.string()).max(100),
        rows: z.array(z.array(z.string()).max(100)).max(10_000),
      }),
    )
    .max(1_000),
  measures: z.object({ title: z.string(), lines: z.array(z.string()).max(100) }),
});
export type RegisterText = z.infer<typeof register>;

const texts = z.array(z.string()).max(1_000);
const activity = z.object({
  id: z.string(),
  name: z.string(),
  why: z.string(),
  controller: z.string(),
  basis: z.string(),
  special: z.string(),
  people: z.string(),
  data: texts,
  recipients: texts,
  transfers: texts,
  retention: texts,
});
const processing = z.object({
  controller: z.string(),
  contact: z.string(),
  officer: z.string(),
  asController: z.array(activity).max(1_000),
  asProcessor: z.array(activity).max(1_000),
  measures: texts,
});
export type ProcessingText = z.infer<typeof processing>;

export const registerRoutes = [
  route({
    method: 'GET',
    path: '/processing/parties',
    summary: 'Schools, and the operator, whose register the caller may read',
    permission: 'privacy:read',
    machines: { none: 'Administrators use it.' },
    audit: nobody,
    responses: {
      200: z.object({ operator: z.boolean(), schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000) }),
    },
    handler: async ({ services: { directory, principal } }) => ({
      operator: principal.tenants === '*',
      schools: (await directory.schools.list()).map(({ id, name }) => ({ id, name })),
    }),
  }),
  route({
    method: 'GET',
    path: '/processing',
    summary: 'The register of a school or of the operator, as controller and as processor (GDPR art. 30(1) and (2))',
    permission: 'privacy:read',
    mayLag: true,
    machines: { none: 'Administrators use it.' },
    query: ofParty,
    audit: nobody,
    responses: { 200: processing },
    handler: ({ query, services, request }) => processingOf(services, partyOf(query, services), languageOf(query, request)),
  }),
  route({
    method: 'GET',
    path: '/processing/table',
    summary: 'The same as CSV',
    permission: 'privacy:read',
    mayLag: true,
    machines: { none: 'Administrators use it.' },
    query: ofParty,
    audit: nobody,
    responses: { 200: { description: 'A row for each activity', contentType: 'text/csv' } },
    handler: async ({ query, services, request }) => {
      const language = languageOf(query, request);
      return reply(200, registerCsv(await processingOf(services, partyOf(query, services), language), language), {
        'content-disposition': 'attachment; filename="register.csv"',
      });
    },
  }),
  route({
    method: 'GET',
    path: '/processing/sheet',
    summary: 'The same for paper',
    permission: 'privacy:read',
    mayLag: true,
    machines: { none: 'Administrators use it.' },
    query: ofParty,
    audit: nobody,
    responses: { 200: html('A page without external parts') },
    handler: async ({ query, services, request }) => {
      const language = languageOf(query, request);
      const processing = await processingOf(services, partyOf(query, services), language);
      return reply(200, registerSheet(processing, language, services.clock.now()), {
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      });
    },
  }),
  route({
    method: 'GET',
    path: '/register',
    summary: 'The record of processing activities (GDPR art. 30)',
    permission: 'privacy:read',
    mayLag: true,
    machines: { none: 'Administrators use it.' },
    query,
    audit: nobody,
    responses: { 200: register },
    handler: ({ query: { language }, services, request }) => services.privacy.register(language ?? request.language),
  }),
  route({
    method: 'GET',
    path: '/register/page',
    summary: 'The same as a file to keep',
    permission: 'privacy:read',
    mayLag: true,
    machines: { none: 'Administrators use it.' },
    query,
    audit: nobody,
    responses: { 200: html('A page without external parts') },
    handler: async ({ query: { language }, services, request }) =>
      reply(200, await services.privacy.registerPage(language ?? request.language), {
        'content-disposition': 'attachment; filename="register.html"',
      }),
  }),
];

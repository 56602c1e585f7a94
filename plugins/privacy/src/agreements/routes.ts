import { html, languages, nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { languageOf } from '../documents/messages.js';
import { changeKinds } from '../statement/composition.js';

const route = routeFor<Cradle>();
const machines = { none: 'People of a school decide.' };
const nobody = { none: 'It shows no personal data.' };
const query = z.object({ language: z.enum(languages).optional() });
const ofSchool = z.object({ school: z.uuid() });
const paper = { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" };

export const agreementRoutes = [
  route({
    method: 'GET',
    path: '/agreements',
    summary: 'The current version of the processing agreement, and its state for each school',
    permission: 'privacy:read',
    machines,
    query,
    audit: nobody,
    responses: {
      200: z.object({
        version: z
          .object({
            number: z.int(),
            since: z.date(),
            objectionUntil: z.date().nullable(),
            changes: z.array(z.object({ kind: z.enum(changeKinds), name: z.string() })).max(10_000),
          })
          .nullable(),
        schools: z
          .array(
            z.object({
              school: z.uuid(),
              name: z.string(),
              state: z.enum(['never', 'in-force', 'renewed', 'objected']),
              accepted: z.object({ id: z.uuid(), version: z.int(), at: z.date() }).nullable(),
            }),
          )
          .max(5_000),
      }),
    },
    handler: async ({ query, services: { agreements, directory }, request }) => {
      const version = await agreements.current(languageOf(query, request));
      const schools = await directory.schools.list();
      const names = new Map(schools.map(({ id, name }) => [id, name]));
      const states = version === null ? [] : await agreements.of([...names.keys()], version);
      return { version, schools: states.map((each) => ({ ...each, name: names.get(each.school) ?? '' })) };
    },
  }),
  route({
    method: 'GET',
    path: '/agreements/:school/draft',
    summary: 'The text of the current version with its annexes',
    permission: 'privacy:read',
    machines,
    params: ofSchool,
    query,
    audit: nobody,
    responses: { 200: html('A page without external parts') },
    handler: async ({ params: { school }, query, services: { agreements }, request }) =>
      reply(200, await agreements.draft(school, languageOf(query, request)), paper),
  }),
  route({
    method: 'POST',
    path: '/agreements/:school/acceptance',
    summary: 'Accepts a version on behalf of the school',
    permission: 'privacy:agree',
    machines,
    params: ofSchool,
    query,
    body: z.object({ version: z.int().min(1).max(1_000_000) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params: { school }, query, body: { version }, services: { agreements }, request }) =>
      reply(201, { id: await agreements.accept(school, version, languageOf(query, request)) }),
  }),
  route({
    method: 'POST',
    path: '/agreements/:school/objection',
    summary: 'Objects to a renewal on behalf of the school',
    permission: 'privacy:agree',
    machines,
    params: ofSchool,
    query,
    body: z.object({ version: z.int().min(1).max(1_000_000), reason: z.string().trim().min(1).max(2_000) }),
    responses: { 204: nothing('Noted') },
    handler: async ({ params: { school }, query, body: { version, reason }, services: { agreements }, request }) => {
      await agreements.object(school, version, reason, languageOf(query, request));
    },
  }),
  route({
    method: 'GET',
    path: '/agreements/:school/documents/:id',
    summary: 'An agreement as it was accepted',
    permission: 'privacy:read',
    machines,
    params: ofSchool.extend({ id: z.uuid() }),
    audit: nobody,
    responses: { 200: html('A page without external parts') },
    handler: async ({ params: { school, id }, services: { agreements } }) =>
      reply(200, await agreements.document(school, id), {
        ...paper,
        'content-disposition': 'attachment; filename="agreement.html"',
      }),
  }),
];

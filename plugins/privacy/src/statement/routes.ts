import { languages, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { changeKinds } from './composition.js';
import { keptStatement } from './kept.js';
import { readers } from './readers.js';

const route = routeFor<Cradle>();
const lines = z.array(z.string()).max(1_000);

export const statementRoutes = [
  route({
    method: 'GET',
    path: '/statement',
    summary: 'What the portal keeps about people, why and how long (GDPR art. 12 and 13), for everybody',
    permission: 'public',
    query: z.object({ language: z.enum(languages).default('nl'), reader: z.enum(readers).default('teacher') }),
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        sections: z.array(z.object({ heading: z.string(), lines })).max(20),
        purposes: z
          .array(
            z.object({
              name: z.string(),
              why: z.string(),
              controller: z.string(),
              basis: z.string(),
              recipients: lines,
              transfers: lines,
            }),
          )
          .max(1_000),
        parts: z
          .array(
            z.object({
              title: z.string(),
              kept: z.array(z.object({ what: z.string(), why: z.string(), howLong: z.string() })).max(1_000),
            }),
          )
          .max(1_000),
        versions: z
          .array(
            z.object({
              number: z.int(),
              since: z.date(),
              changes: z.array(z.object({ kind: z.enum(changeKinds), name: z.string() })).max(10_000),
            }),
          )
          .max(20),
      }),
    },
    handler: async ({ query: { reader, language }, services }) => keptStatement(reader, language, services),
  }),
];

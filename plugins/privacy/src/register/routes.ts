import { html, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
/** Default: the requester's language. */
const query = z.object({ language: z.enum(['nl', 'en', 'fr']).optional() });
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

export const registerRoutes = [
  route({
    method: 'GET',
    path: '/register',
    summary: 'The record of processing activities (GDPR art. 30)',
    permission: 'privacy:read',
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

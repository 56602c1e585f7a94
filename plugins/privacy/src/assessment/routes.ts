import { html, languages, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { languageOf } from '../documents/messages.js';
import { assessmentSheet } from './assessment.js';

const route = routeFor<Cradle>();

export const assessmentRoutes = [
  route({
    method: 'GET',
    path: '/assessment',
    summary: 'Data flows and questions for an impact assessment (GDPR art. 35), with answers from the register',
    permission: 'privacy:read',
    machines: { none: 'Administrators use it.' },
    query: z.object({ language: z.enum(languages).optional() }),
    audit: { none: 'It shows no personal data.' },
    responses: { 200: html('A page without external parts') },
    handler: async ({ query, services, request }) =>
      reply(200, await assessmentSheet(services, languageOf(query, request)), {
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      }),
  }),
];

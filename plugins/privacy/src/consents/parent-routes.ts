import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';
import { answers, describeQuestions } from './describe.js';

const route = routeFor<Cradle>();
const params = z.object({ token: z.string().regex(/^[\w-]{43}$/) });

export const parentConsentRoutes = [
  route({
    method: 'GET',
    path: '/consent-links/:token',
    summary: 'The question that a parent answers by a link; it names nobody',
    permission: 'public',
    params,
    audit: { none: 'Whoever has the link reads a question that names nobody.' },
    responses: {
      200: z.object({
        purpose: z.string(),
        about: z.string(),
        name: z.string(),
        text: z.string(),
        answer: z.enum(answers).nullable(),
        until: z.iso.datetime(),
      }),
    },
    async handler({ params: { token }, services, request: { language } }) {
      const found = await services.consents.byLink(token);
      const [described] = await describeQuestions(services, [found], language);
      const { name = '', text = '', answer = null } = described ?? {};
      const { purpose, about } = found;
      return { purpose, about, name, text, answer, until: (found.link_expires_at as Date).toISOString() };
    },
  }),
  route({
    method: 'PUT',
    path: '/consent-links/:token',
    summary: 'A parent gives, refuses or withdraws consent by a link',
    permission: 'public',
    params,
    body: z.strictObject({ answer: z.enum(answers) }),
    responses: { 204: nothing('Recorded') },
    async handler({ params: { token }, body: { answer }, services: { consents }, request: { language } }) {
      await consents.answer(await consents.byLink(token), answer, 'parent-link', language);
    },
  }),
];

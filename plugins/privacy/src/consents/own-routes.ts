import { forbidden, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';
import { answers, describeQuestions, questions } from './describe.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person decides about their own data.' };

/** @throws Problem 403 for a caller without an account of their own */
const ownId = ({ kind, id }: { kind: string; id: string | null }): string => {
  if (kind !== 'person' || id === null) throw forbidden();
  return id;
};

export const ownConsentRoutes = [
  route({
    method: 'GET',
    path: '/own/consents',
    summary: 'What you were asked to consent to, and what you answered (GDPR art. 7)',
    permission: 'signed-in',
    machines,
    audit: { none: 'It shows a person what they decided themself.' },
    responses: { 200: questions },
    async handler({ principal, services, request: { language } }) {
      const person = ownId(principal);
      const found = await services.consents.questionsTo(person);
      return {
        questions: await describeQuestions(services, found, language),
        mayDecide: await services.consents.mayDecide(person),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/own/consents/:question',
    summary: 'Give, refuse or withdraw your consent',
    permission: 'signed-in',
    machines,
    params: z.object({ question: z.uuid() }),
    body: z.strictObject({ answer: z.enum(answers) }),
    responses: { 204: nothing('Recorded') },
    async handler({ params, body: { answer }, principal, services: { consents }, request: { language } }) {
      await consents.answerSelf(await consents.questionTo(ownId(principal), params.question), answer, language);
    },
  }),
];

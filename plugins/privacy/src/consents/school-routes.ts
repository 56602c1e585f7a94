import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { findPerson, namesOf } from '../find-person.js';
import type { Cradle } from './cradle.js';
import { answers, describeQuestions, questions } from './describe.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person must answer privacy requests.' };
/** Maximum number of open questions in the list of a school. */
const MOST_OPEN = 100;
const params = z.object({ id: z.uuid() });
const ofQuestion = z.object({ id: z.uuid(), question: z.uuid() });

const open = z.object({
  id: z.uuid(),
  person: z.uuid(),
  personName: z.string(),
  name: z.string(),
  askedAt: z.iso.datetime(),
  /** Until when a parent can answer by the link that was made last. */
  linkUntil: z.iso.datetime().nullable(),
});

export const schoolConsentRoutes = [
  route({
    method: 'GET',
    path: '/consents',
    summary: 'Questions for consent to people of your schools that nobody answered yet, the oldest first',
    permission: 'privacy:read',
    machines,
    responses: { 200: z.object({ questions: z.array(open).max(MOST_OPEN), more: z.boolean() }) },
    async handler({ principal, services, request: { language } }) {
      const found = await services.consents.openIn(principal.tenants, MOST_OPEN);
      const shown = found.slice(0, MOST_OPEN);
      const people = await namesOf(
        services,
        shown.map(({ person_id }) => person_id),
      );
      const described = await describeQuestions(services, shown, language);
      const rows = shown.flatMap(({ id, person_id: person, link_expires_at }, index) => {
        const personName = people.get(person);
        const each = described[index];
        if (personName === undefined || each === undefined) return [];
        return [
          { id, person, personName, name: each.name, askedAt: each.askedAt, linkUntil: link_expires_at?.toISOString() ?? null },
        ];
      });
      return { questions: rows, more: found.length > MOST_OPEN };
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/consents',
    summary: 'What a person was asked to consent to, and what was answered',
    permission: 'privacy:read',
    machines,
    params,
    audit: { none: 'The kernel records each request about a person.' },
    responses: { 200: questions },
    async handler({ params: { id }, services, request: { language } }) {
      await findPerson(services, id);
      const found = await services.consents.questionsTo(id);
      return {
        questions: await describeQuestions(services, found, language),
        mayDecide: await services.consents.mayDecide(id),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/people/:id/consents/:question',
    summary: 'Record what a parent, or the person, answered on paper',
    permission: 'privacy:read',
    machines,
    params: ofQuestion,
    body: z.strictObject({ answer: z.enum(answers) }),
    responses: { 204: nothing('Recorded') },
    async handler({ params: { id, question }, body: { answer }, services, request: { language } }) {
      await findPerson(services, id);
      await services.consents.answer(await services.consents.questionTo(id, question), answer, 'parent-paper', language);
    },
  }),
  route({
    method: 'POST',
    path: '/people/:id/consents/:question/link',
    summary: 'Make a link by which a parent answers; an earlier link ends',
    permission: 'privacy:read',
    machines,
    params: ofQuestion,
    responses: { 201: z.object({ url: z.url(), expiresAt: z.iso.datetime() }) },
    async handler({ params: { id, question }, services }) {
      await findPerson(services, id);
      const { token, expiresAt } = await services.consents.makeLink(await services.consents.questionTo(id, question));
      return { url: `${services.portal.url}/toestemming/${token}`, expiresAt: expiresAt.toISOString() };
    },
  }),
];

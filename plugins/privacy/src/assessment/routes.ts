import { html, languages, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { languageOf, translator } from '../documents/messages.js';
import { namesOf } from '../find-person.js';
import { partyOf } from '../register/party.js';
import { assessmentSheet } from './assessment-sheet.js';
import { mostVersions } from './assessments.js';
import { prefilledIn, sameAnswers } from './prefilled.js';
import { type Answers, questions } from './questions.js';

const route = routeFor<Cradle>();
const machines = { none: 'Administrators use it.' };
const ofParty = z.object({ language: z.enum(languages).optional(), school: z.uuid().optional() });
const version = z.int().min(0).max(1_000_000);
const audit = { none: 'It shows no personal data.' };

const schoolOf = (query: z.output<typeof ofParty>, services: Cradle): string | null => {
  const party = partyOf(query, services);
  return party.kind === 'school' ? party.id : null;
};

export const assessmentRoutes = [
  route({
    method: 'GET',
    path: '/assessment',
    summary:
      'The impact assessment of a school or of the operator (GDPR art. 35): what the portal answers, and what people wrote',
    permission: 'privacy:read',
    machines,
    query: ofParty,
    audit,
    responses: {
      200: z.object({
        version,
        madeAt: z.date().nullable(),
        changed: z.boolean().describe('The portal answers something else than when this version was stored'),
        questions: z
          .array(z.object({ id: z.enum(questions), prefilled: z.array(z.string()).max(10_000), answer: z.string() }))
          .max(questions.length),
        versions: z.array(z.object({ version, at: z.date(), by: z.string().nullable() })).max(mostVersions),
      }),
    },
    async handler({ query, services, request }) {
      const { assessments, directory } = services;
      const school = schoolOf(query, services);
      const latest = await assessments.latest(school);
      // Compared in the language in which it was stored.
      const now = latest === null ? null : (await prefilledIn(latest.language, services)).answers;
      const prefilled = await prefilledIn(languageOf(query, request), services);
      const versions = await assessments.versions(school);
      const names = await namesOf(
        { directory },
        versions.map(({ made_by }) => made_by),
      );
      return {
        version: latest?.version ?? 0,
        madeAt: latest?.made_at ?? null,
        changed: latest !== null && now !== null && !sameAnswers(latest.prefilled.answers, now),
        questions: questions.map((id) => ({ id, prefilled: prefilled.answers[id], answer: latest?.answers[id] ?? '' })),
        versions: versions.map(({ version: number, made_at, made_by }) => ({
          ...{ version: number, at: made_at },
          by: names.get(made_by ?? '') ?? null,
        })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/assessment',
    summary: 'Store a version of the impact assessment',
    permission: 'privacy:read',
    machines,
    query: ofParty,
    body: z.strictObject({
      after: version.describe('The version that was changed; 0 for the first'),
      answers: z.partialRecord(z.enum(questions), z.string().trim().max(10_000)),
    }),
    responses: { 201: z.object({ version }) },
    async handler({ query, body: { after, answers }, services, request }) {
      const written: Answers = Object.fromEntries(Object.entries(answers).filter(([, text]) => text !== ''));
      const school = schoolOf(query, services);
      return reply(201, { version: await services.assessments.store(school, after, written, languageOf(query, request)) });
    },
  }),
  route({
    method: 'GET',
    path: '/assessment/sheet',
    summary:
      'The impact assessment for paper, with the data flows as a picture: a version as it was stored, or the questions as they are now',
    permission: 'privacy:read',
    machines,
    query: ofParty.extend({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    audit,
    responses: { 200: html('A page without external parts') },
    async handler({ query, services, request }) {
      const { assessments, directory, settings, clock } = services;
      const school = schoolOf(query, services);
      const stored = query.version === undefined ? null : await assessments.get(school, query.version);
      const language = stored?.language ?? languageOf(query, request);
      const party = school === null ? (await settings.portal()).operator : ((await directory.schools.get(school))?.name ?? '');
      const page = assessmentSheet({
        language,
        party: party || translator(language)('processing.operator'),
        prefilled: stored?.prefilled ?? (await prefilledIn(language, services)),
        answers: stored?.answers ?? {},
        version: stored?.version ?? 0,
        madeAt: stored?.made_at ?? clock.now(),
      });
      return reply(200, page, { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" });
    },
  }),
];

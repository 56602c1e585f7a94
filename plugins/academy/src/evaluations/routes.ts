import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { id } from '../shapes.js';
import { mostRemarks, questions } from './evaluations.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const score = z.int().min(1).max(5);

export const evaluationRoutes = [
  route({
    method: 'POST',
    path: '/my-learning/:id/evaluation',
    summary: 'Say what you thought of an event that you attended; without your name',
    permission: 'academy:enrol',
    machines,
    params: id,
    body: z.strictObject({ useful: score, clear: score, again: score, remark: z.string().trim().max(2_000).default('') }),
    responses: { 204: nothing('Taken') },
    handler: ({ params, body, services: { evaluations } }) => evaluations.answer(params.id, body),
  }),
  route({
    method: 'GET',
    path: '/desk/events/:id/evaluation',
    summary: 'What participants thought of an event, from five answers on',
    permission: 'academy:teach',
    machines,
    audit: { none: 'It shows answers of nobody in particular.' },
    params: id,
    responses: {
      200: z.object({
        answers: z.int(),
        scores: z
          .array(z.object({ question: z.enum(questions), counts: z.array(z.int()).max(5).describe('Of the answers 1 to 5') }))
          .max(3)
          .nullable()
          .describe('Null: fewer than five answers'),
        remarks: z.array(z.string()).max(mostRemarks),
      }),
    },
    handler: ({ params, services: { evaluations } }) => evaluations.of(params.id),
  }),
];

import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostOwn } from './own-requests.js';
import { rectifiedFields } from './rows.js';
import { requestKinds, requestStates } from './states.js';

const route = routeFor<Cradle>();
const machines = { none: 'A person asks about their own data.' };
const params = z.object({ id: z.uuid() });

const own = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: z.enum(requestKinds),
  state: z.enum(requestStates),
  receivedOn: z.iso.date(),
  dueOn: z.iso.date().nullable(),
  mayWithdraw: z.boolean(),
  letters: z.array(z.object({ id: z.uuid(), kind: z.string(), text: z.string(), madeAt: z.date() })).max(mostOwn * 10),
});

export const ownRequestRoutes = [
  route({
    method: 'GET',
    path: '/own/requests',
    summary: 'Your requests about your data, and what they can be about',
    permission: 'signed-in',
    machines,
    responses: {
      200: z.object({
        requests: z.array(own).max(mostOwn),
        schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(100),
        purposes: z
          .array(z.object({ id: z.string(), name: z.string(), controller: z.enum(['tenant', 'operator', 'joint']) }))
          .max(200),
      }),
    },
    async handler({ services: { ownRequests, privacy }, request: { language } }) {
      const purposes = await privacy.purposes(language);
      const schools = await ownRequests.schools();
      const requests = (await ownRequests.list()).map(({ request, letters }) => ({
        id: request.id,
        number: request.number,
        kind: request.kind,
        state: request.state,
        receivedOn: request.received_on,
        dueOn: request.due_on,
        mayWithdraw: request.closed_at === null && request.asked_by === 'self',
        letters: letters.map(({ id, kind, text, made_at }) => ({ id, kind, text, madeAt: made_at })),
      }));
      return {
        requests,
        schools: schools.slice(0, 100),
        purposes: purposes.slice(0, 200).map(({ id, name, controller }) => ({ id, name, controller })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/own/requests',
    summary: 'Ask something about your data (GDPR art. 15–22, 77)',
    permission: 'signed-in',
    machines,
    body: z.strictObject({
      kind: z.enum(requestKinds),
      school: z.uuid().nullable().default(null).describe('Which of your schools; null: the first'),
      purpose: z.string().max(100).nullable().default(null).describe('Its controller answers; null: about all purposes'),
      details: z.string().trim().max(2000).default(''),
      field: z.enum(rectifiedFields).nullable().default(null),
      wanted: z.string().trim().max(300).default(''),
    }),
    responses: { 201: z.object({ id: z.uuid(), number: z.string() }) },
    handler: async ({ body, request, services: { ownRequests } }) =>
      reply(201, await ownRequests.ask({ ...body, language: request.language })),
  }),
  route({
    method: 'POST',
    path: '/own/requests/:id/withdrawal',
    summary: 'Withdraw your request',
    permission: 'signed-in',
    machines,
    params,
    responses: { 204: nothing('Withdrawn') },
    handler: ({ params: { id }, services: { ownRequests } }) => ownRequests.withdraw(id),
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mailStates, shown } from './outbox.js';

const route = routeFor<Cradle>();
const state = z.enum(mailStates);

const mail = z.object({
  id: z.uuid(),
  channel: z.string(),
  kinds: z.array(z.string()).max(1_000).describe('Message keys of the names of the kinds of notification in it'),
  tries: z.int(),
  answer: z.string().nullable().describe('Code of the last answer of the mail server'),
  createdAt: z.iso.datetime(),
  nextTryAt: z.iso.datetime().nullable(),
});

export const outboxRoutes = [
  route({
    method: 'GET',
    path: '/outbox',
    summary: 'Outgoing e-mails in one state, without their recipients, and how many there are in each',
    permission: 'mail:manage',
    machines: { none: 'Administrators use it.' },
    query: z.strictObject({ state: state.default('held') }),
    responses: {
      200: z.object({
        configured: z.boolean().describe('Whether the settings name a mail server'),
        counts: z.record(state, z.int()),
        state,
        mails: z.array(mail).max(shown),
        more: z.boolean(),
        addresses: z.int().describe('Addresses that refuse e-mail'),
      }),
    },
    handler: async ({ query, services: { outbox } }) => ({ state: query.state, ...(await outbox.overview(query.state)) }),
  }),
  route({
    method: 'POST',
    path: '/outbox/again',
    summary: 'Send again the e-mails that were held, failed or were refused, at most 1,000 at a time',
    permission: 'mail:manage',
    machines: { none: 'Administrators use it.' },
    body: z.strictObject({ state: z.enum(['held', 'failed', 'refused']) }),
    responses: { 200: z.object({ count: z.int() }) },
    handler: async ({ body, services: { outbox } }) => ({ count: await outbox.sendAgain(body.state) }),
  }),
];

import { fileAnswers, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { receivedStates, sentStates, shown } from './desk/mail-desk.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const id = z.object({ id: z.uuid() });

export const mailRoutes = [
  route({
    method: 'GET',
    path: '/mail/health',
    summary: 'Whether the mailbox of the helpdesk is read and mails are sent',
    permission: 'helpdesk:manage-mail',
    machines,
    audit: { none: 'It shows nothing about anybody.' },
    responses: {
      200: z.object({
        configured: z.boolean().describe('Whether the settings name a mailbox'),
        checkedAt: z.iso.datetime().nullable(),
        failure: z.string().nullable().describe('Code of the last failure'),
        silent: z.boolean().describe('No check has succeeded for too long'),
        sends: z.boolean().describe('Whether the settings name a server for outgoing mail'),
        waiting: z.int().describe('Received mails that wait for a helper'),
      }),
    },
    handler: async ({ services: { mailDesk } }) => {
      const { checkedAt, ...health } = await mailDesk.health();
      return { ...health, checkedAt: checkedAt?.toISOString() ?? null };
    },
  }),
  route({
    method: 'GET',
    path: '/mail/received',
    summary: 'Received mails that wait for a helper, newest first',
    permission: 'helpdesk:manage-mail',
    machines,
    query: z.object({ state: z.enum(receivedStates).default('held'), ...pageQuery(shown, shown) }),
    responses: {
      200: z.object({
        mails: z
          .array(
            z.object({
              id: z.uuid(),
              sender: z.string(),
              name: z.string(),
              subject: z.string(),
              text: z.string().describe('The first 2,000 characters'),
              reason: z.string(),
              bytes: z.int(),
              at: z.iso.datetime(),
              readable: z.boolean().describe('Whether the mail as it came is still kept'),
              ticket: z.object({ number: z.int(), subject: z.string() }).nullable().describe('To which it says that it belongs'),
            }),
          )
          .max(shown),
        more: z.boolean(),
      }),
    },
    handler: async ({ query: { state }, request, services: { mailDesk } }) => {
      const found = await mailDesk.received(state, request.after());
      const { rows, more, headers } = pageOf(found, shown, (mail) => [mail.at, mail.id], request);
      return reply(200, { mails: rows, more }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/mail/received/:id/ruling',
    summary: 'Decide what a held mail becomes: a reply, a ticket, or nothing',
    permission: 'helpdesk:manage-mail',
    machines,
    params: id,
    body: z.strictObject({ to: z.enum(['ticket', 'reply', 'discard']) }),
    responses: { 204: nothing('Decided') },
    handler: ({ params, body, services: { mailDesk } }) => mailDesk.rule(params.id, body),
  }),
  route({
    method: 'GET',
    path: '/mail/sent',
    summary: 'Mails of the helpdesk in one state, without their recipients',
    permission: 'helpdesk:manage-mail',
    machines,
    query: z.object({ state: z.enum(sentStates).default('held'), ...pageQuery(shown, shown) }),
    responses: {
      200: z.object({
        mails: z
          .array(
            z.object({
              id: z.uuid(),
              kind: z.enum(['answer', 'acknowledgement', 'too-large']),
              answer: z.string().nullable().describe('Code of the last answer of the mail server'),
              tries: z.int(),
              at: z.iso.datetime(),
              nextTryAt: z.iso.datetime().nullable(),
              number: z.int().nullable().describe('Of its ticket'),
            }),
          )
          .max(shown),
        more: z.boolean(),
      }),
    },
    handler: async ({ query: { state }, request, services: { mailDesk } }) => {
      const found = await mailDesk.sent(state, request.after());
      const { rows, more, headers } = pageOf(found, shown, (mail) => [mail.at, mail.id], request);
      return reply(200, { mails: rows, more }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/mail/sent/again',
    summary: 'Send again the mails that were held, failed or were refused, at most 500 at a time',
    permission: 'helpdesk:manage-mail',
    machines,
    body: z.strictObject({ state: z.enum(['held', 'failed', 'refused']) }),
    responses: { 200: z.object({ count: z.int() }) },
    handler: async ({ body, services: { mailDesk } }) => ({ count: await mailDesk.sendAgain(body.state) }),
  }),
  route({
    method: 'GET',
    path: '/mails/:id',
    summary: 'The mail behind a message: its layout, cleaned, and attachments that are in the mail alone',
    permission: 'helpdesk:follow',
    machines,
    params: id,
    responses: {
      200: z.object({
        html: z
          .string()
          .nullable()
          .describe('HTML without scripts and without addresses that load something; show it in a sandbox'),
        withheld: z.array(z.object({ name: z.string(), type: z.string(), bytes: z.int() })).max(50),
        original: z.boolean().describe('Whether the reader may have the mail as it came'),
      }),
    },
    handler: ({ params, services: { mailDesk } }) => mailDesk.mail(params.id),
  }),
  route({
    method: 'GET',
    path: '/mails/:id/original',
    summary: 'A mail as it came, compressed',
    permission: 'helpdesk:handle',
    machines,
    params: id,
    responses: fileAnswers,
    handler: async ({ params, services: { mailDesk, files } }) => files.open('raw_mails', await mailDesk.original(params.id)),
  }),
];

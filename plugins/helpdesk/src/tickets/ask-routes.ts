import { notFound, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostFiles } from './limits.js';
import { body, lines, subject, trace, words } from './shapes.js';

const route = routeFor<Cradle>();
const machines = { none: 'People ask for help.' };
const upload = { files: { kind: 'attachments', min: 0, max: mostFiles } } as const;
const tool = z.string().max(100).default('');

export const askRoutes = [
  route({
    method: 'POST',
    path: '/tickets',
    summary: 'Ask the helpdesk',
    permission: 'helpdesk:follow',
    machines,
    body: z.object({
      ...{ subject, text: body, tool },
      school: z.union([z.literal(''), z.uuid()]).default(''),
      code: z.string().trim().max(100).default('').describe('Code of a launch that failed: its trace goes along'),
      device: z.string().trim().max(300).default(''),
    }),
    upload,
    responses: {
      201: z.object({
        id: z.uuid(),
        number: z.int(),
        line: z.enum(lines),
        answerBy: z.date().nullable().describe('When the first answer is expected'),
      }),
    },
    async handler({ body: { subject: about, text, tool: toolKey, school, code, device }, uploads, services }) {
      const question = {
        subject: about,
        text,
        device,
        school: school || null,
        toolKey: toolKey || null,
        traceCode: code || null,
      };
      const ticket = await services.asking.ask(question, uploads.files);
      return { id: ticket.id, number: Number(ticket.number), line: ticket.line, answerBy: ticket.first_due_at };
    },
  }),
  route({
    method: 'GET',
    path: '/traces/:code',
    summary: 'What would be sent of a launch that failed',
    permission: 'helpdesk:follow',
    machines,
    params: z.object({ code: z.string().max(100) }),
    responses: { 200: trace },
    async handler({ params: { code }, services }) {
      const found = await services.ticketTraces.preview(code);
      if (found === null) throw notFound();
      return found;
    },
  }),
  route({
    method: 'POST',
    path: '/form',
    summary: 'Ask the helpdesk without signing in',
    permission: 'public',
    bodyLimit: 64 * 1024,
    body: z.strictObject({ name: words(100), email: z.email().max(200), subject, text: body, tool }),
    responses: { 201: z.object({ number: z.int() }) },
    handler: ({ body: { tool: toolKey, ...question }, request, services }) =>
      services.publicForm.ask({ ...question, toolKey: toolKey || null }, request.address),
  }),
];

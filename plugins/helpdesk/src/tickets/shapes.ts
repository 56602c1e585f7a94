import { z } from 'zod';
import { ticketStates } from './states.js';

export const id = z.object({ id: z.uuid() });
export const ticketState = z.enum(ticketStates);
export const lines = ['teacher', 'school', 'portal', 'provider'] as const;
export const mostMessages = 200;
export const mostLines = 200;

/** A text that somebody writes. */
export const words = (max: number) => z.string().trim().min(1).max(max);
export const subject = words(200);
export const body = words(20_000);
export const labels = z.array(z.string().trim().min(1).max(40)).max(20);

export const traceLine = z.object({ at: z.string(), step: z.string(), outcome: z.string(), text: z.string(), code: z.string() });
export const trace = z.object({
  code: z.string(),
  tool: z.string(),
  happenedAt: z.date(),
  lines: z.array(traceLine).max(mostLines),
});

export const summary = z.object({
  id: z.uuid(),
  number: z.int(),
  subject: z.string(),
  state: ticketState,
  turn: z.enum(['you', 'helpdesk', 'teacher', 'provider', 'nobody']).describe('Who must act now'),
  line: z.enum(lines),
  priority: z.int(),
  labels: z.array(z.string()).max(20),
  toolKey: z.string().nullable(),
  school: z.string().nullable(),
  requester: z.string().nullable().describe('Null: not known, or not shown to the reader'),
  owner: z.string().nullable(),
  messages: z.int(),
  attachments: z.int(),
  lastBy: z.string(),
  lastAt: z.date(),
  dueAt: z.date().nullable(),
  createdAt: z.date(),
});

export const file = z.object({ id: z.uuid(), name: z.string(), bytes: z.int() });
export const message = z.object({
  id: z.uuid(),
  kind: z.enum(['public', 'note', 'side']),
  part: z.enum(['requester', 'agent', 'provider', 'portal']),
  author: z.string().nullable(),
  mine: z.boolean(),
  channel: z.string(),
  mail: z.uuid().nullable(),
  automatic: z.boolean(),
  fromNumber: z.int().nullable().describe('The ticket from which it came'),
  text: z.string(),
  at: z.date(),
  files: z.array(file).max(50),
});

export const side = z.object({
  id: z.uuid(),
  subject: z.string(),
  provider: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  updatedAt: z.date(),
  trace: z.array(traceLine).max(mostLines).nullable(),
  messages: z.array(message).max(mostMessages),
});

export const link = z.object({
  id: z.uuid(),
  number: z.int(),
  subject: z.string(),
  state: ticketState,
  kind: z.string(),
});

export const details = summary.extend({
  part: z.enum(['agent', 'requester', 'participant']),
  actions: z.array(z.string()).max(20).describe('What the reader may do with its state'),
  channel: z.string(),
  device: z.string(),
  outage: z.uuid().nullable(),
  mergedInto: z.uuid().nullable(),
  ownerId: z.uuid().nullable(),
  firstDueAt: z.date().nullable(),
  solveDueAt: z.date().nullable(),
  answeredAt: z.date().nullable(),
  conversation: z.array(message).max(mostMessages),
  earlier: z.boolean().describe('Whether older messages are left out'),
  trace: trace.nullable(),
  participants: z.array(z.object({ id: z.uuid(), name: z.string() })).max(50),
  links: z.array(link).max(50),
  survey: z.boolean().describe('Whether the reader may say what the solution was worth'),
});

export const history = z.array(
  z.object({
    action: z.string(),
    state: ticketState,
    part: z.string(),
    by: z.string().nullable(),
    detail: z.string(),
    at: z.date(),
  }),
);

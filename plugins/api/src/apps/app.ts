import { z } from 'zod';

export const mostApps = 100;
export const mostScopes = 50;
export const mostSecrets = 2;
export const mostKeys = 4;

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'Fill this in.')
    .max(most, `Keep it to ${most} characters.`)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');

/** What the partner writes about an app, and the portal approves. */
export const appBody = z.strictObject({
  name: line(60),
  description: z.string().trim().min(1, 'Fill this in.').max(1_000, 'Keep it to 1,000 characters.'),
  website: z.url({ protocol: /^https$/, error: 'This is not an https address.' }).max(500),
  scopes: z
    .array(z.string().max(200))
    .min(1, 'Choose at least one.')
    .max(mostScopes)
    .transform((names) => [...new Set(names)].sort()),
});
export type AppBody = z.output<typeof appBody>;

const states = ['submitted', 'approved', 'refused', 'suspended'] as const;
export type AppState = (typeof states)[number];

const described = z.object({
  name: z.string(),
  description: z.string(),
  website: z.string(),
  scopes: z.array(z.string()).max(mostScopes),
});

export const appView = described.extend({
  id: z.uuid().describe('Client id'),
  provider: z.object({ id: z.uuid(), name: z.string() }),
  state: z.enum(states),
  pending: z.boolean().describe('Whether the portal has to approve what was changed'),
  reason: z.string().nullable().describe('Why it was refused or suspended'),
  approved: described.nullable().describe('As the portal approved it last'),
});
export type AppView = z.output<typeof appView>;

export const secretView = z.object({
  id: z.uuid(),
  hint: z.string().describe('Its last four characters'),
  createdAt: z.date(),
  endsAt: z.date().nullable(),
});

export const keyView = z.object({ id: z.uuid(), kid: z.string(), alg: z.string(), createdAt: z.date() });

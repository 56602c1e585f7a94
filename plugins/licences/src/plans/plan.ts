import { z } from 'zod';
import { daysBetween } from '../days/brussels.js';

/** Key of a tool: that of `library.tools`, and of its registration in the LTI platform. */
export const toolKey = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

export const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line of text');

export const instellingsnummer = z.string().regex(/^[0-9]{6}$/, 'must be six digits');
const seats = z.int().min(1).max(1_000_000);
const longestYears = 10;

const terms = {
  startsOn: z.iso.date(),
  endsOn: z.iso.date().describe('The last day, included: until midnight in Brussels'),
  graceDays: z.int().min(0).max(90).default(0).describe('Days after the end on which those who have a seat may go on'),
  seats: seats.nullable().describe('Null: unlimited'),
  counts: z.enum(['pupils', 'everyone']).default('pupils').describe('Who needs a seat'),
  price: line(300).default('').describe('In words, such as "€ 4 per pupil and year"'),
};

const inOrder = {
  when: ({ startsOn, endsOn }: { startsOn: string; endsOn: string }) => {
    const days = daysBetween(startsOn, endsOn);
    return days >= 0 && days <= longestYears * 366;
  },
  error: { path: ['endsOn'], error: `must be startsOn or later, and at most ${longestYears} years later` },
};

export const offerInput = z.strictObject(terms).refine(inOrder.when, inOrder.error);
export type Terms = z.output<typeof offerInput>;

export const planInput = z
  .strictObject({ ...terms, name: line(200).min(1), tools: z.array(toolKey).min(1).max(50) })
  .refine(inOrder.when, inOrder.error);
export type PlanInput = z.output<typeof planInput>;

/** What the schools get: as before unless it is said. */
export const renewalInput = z
  .strictObject({
    startsOn: terms.startsOn,
    endsOn: terms.endsOn,
    seats: seats.nullable(),
    price: line(300),
  })
  .refine(inOrder.when, inOrder.error);
export type Renewal = z.output<typeof renewalInput>;

const shownTerms = {
  id: z.uuid(),
  name: z.string(),
  tools: z.array(z.object({ key: z.string(), name: z.string() })).max(50),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
  endsAt: z.iso.datetime().describe('The midnight after the last day in Brussels'),
  graceDays: z.int(),
  seats: z.int().nullable(),
  counts: z.enum(['pupils', 'everyone']),
  price: z.string(),
  state: z.enum(['to-come', 'current', 'grace', 'ended', 'withdrawn']),
  used: z.int().describe('Seats taken in all schools of the plan'),
};

export const providerPlan = z.object({
  ...shownTerms,
  agreement: z.uuid(),
  schools: z.int().describe('Schools to which it is granted now'),
  renewedBy: z.uuid().nullable(),
});
export type ProviderPlan = z.output<typeof providerPlan>;

export const schoolPlan = z.object({
  ...shownTerms,
  provider: z.string().describe('Name of the provider'),
  mostSeats: z.int().nullable().describe('Of the school; null: those of the plan'),
  usedHere: z.int().describe('Seats taken in the school'),
  onlyChosen: z.boolean().describe('Only those to whom the school handed it out may use it'),
  renewed: z.boolean().describe('Another plan follows it'),
  daysLeft: z.int().describe('Until the last day: 0 on that day, negative after it'),
});
export type SchoolPlan = z.output<typeof schoolPlan>;

export interface PlanRow {
  id: string;
  agreement_id: string;
  provider_id: string;
  name: string;
  tools: string[];
  starts_on: string;
  ends_on: string;
  grace_days: number;
  seats: number | null;
  counts: 'pupils' | 'everyone';
  price: string;
  withdrawn_at: Date | null;
}

export const planColumns = [
  'id',
  'agreement_id',
  'provider_id',
  'name',
  'tools',
  'starts_on',
  'ends_on',
  'grace_days',
  'seats',
  'counts',
  'price',
  'withdrawn_at',
] as const;

import { z } from 'zod';
import { offerInput } from '../plans/plan.js';

export const requestState = z.enum(['asked', 'offered', 'accepted', 'declined', 'withdrawn']);
export type RequestState = z.output<typeof requestState>;

const text = (max: number) => z.string().trim().max(max);

export const wish = z.strictObject({
  tool: z.string().max(100),
  seats: z.int().min(1).max(1_000_000).nullable().describe('Wanted seats; null: for the whole school'),
  note: text(1_000).default(''),
});

const withUntil = { until: z.iso.date().describe('Last day on which the school can accept it'), answer: text(1_000).default('') };
export const offerBody = z.strictObject({ ...withUntil, offer: offerInput });

export const licenceRequest = z.object({
  id: z.uuid(),
  school: z.string(),
  number: z.string(),
  tool: z.string().describe('Name of the tool'),
  state: requestState,
  wantedSeats: z.int().nullable(),
  note: z.string(),
  answer: z.string(),
  offer: z
    .object({
      startsOn: z.iso.date(),
      endsOn: z.iso.date(),
      graceDays: z.int(),
      seats: z.int().nullable(),
      counts: z.enum(['pupils', 'everyone']),
      price: z.string(),
      until: z.iso.date(),
      over: z.boolean(),
    })
    .nullable(),
  at: z.iso.datetime(),
});

export const answerText = text(1_000);
/** All terms of the offer that was on the page. */
export const seenOffer = offerInput;

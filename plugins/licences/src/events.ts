import { z } from 'zod';

export const events = {
  /** A licence of a school ends soon, and no other one of the school follows. Published once for each of `days`. */
  ending: z.object({
    school: z.uuid(),
    plan: z.uuid(),
    /** Keys of the tools. */
    tools: z.array(z.string()),
    /** Their names, joined by commas. */
    names: z.string(),
    /** The last day, as `2027-08-31`. */
    day: z.iso.date(),
    /** At most so many days before the end: 30, 7 or 1. */
    days: z.union([z.literal(30), z.literal(7), z.literal(1)]),
  }),
};

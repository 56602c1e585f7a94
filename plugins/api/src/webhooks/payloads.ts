import { z } from 'zod';

/** Payload schemas of the jobs. */
export const payloads = {
  deliver: z.strictObject({ delivery: z.uuid(), round: z.int() }),
  'clean-up': z.strictObject({}),
};

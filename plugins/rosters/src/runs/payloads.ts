import { z } from 'zod';

/** Payloads of the jobs; apart from these, which enqueue themselves. */
export const payloads = {
  read: z.object({ run: z.uuid(), step: z.int() }),
  apply: z.object({ run: z.uuid() }),
  begin: z.object({ school: z.uuid() }),
  nightly: z.object({}),
};

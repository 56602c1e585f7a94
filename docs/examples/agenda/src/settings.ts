import { z } from 'zod';

/** What each school chooses on the settings page, which the kernel makes from this schema. */
export const settings = {
  tenant: z.object({
    remind: z.boolean().default(true),
    keepWeeks: z.int().min(1).max(52).default(10),
  }),
};

import { z } from 'zod';

/** Settings of a school. */
export const settings = {
  tenant: z.object({
    /** Age from which a pupil answers without a parent: 13 in Belgium for services of the information society (GDPR art. 8(1)). */
    consentAge: z.int().min(13).max(16).default(13),
  }),
};

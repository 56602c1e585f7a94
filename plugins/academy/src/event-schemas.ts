import { z } from 'zod';

/** Events of the academy; docs/academy.md says when each is published. */
export const events = {
  /** Somebody was marked as having attended. `minutes`: of the sessions together. */
  attended: z.object({ school: z.uuid(), personId: z.uuid(), minutes: z.int().nonnegative() }),
};

import { z } from 'zod';

/** What each job is enqueued with. */
const school = z.object({ school: z.uuid() });
export const payloads = {
  remind: z.object({}),
  'remind-school': school,
  'remind-class': z.object({ homework: z.uuid() }),
  tidy: z.object({}),
  'tidy-school': school,
};

import { z } from 'zod';

/** Payloads of jobs that services enqueue. */
export const payloads = {
  noteStatement: z.object({}),
  'search-names': z.object({ search: z.uuid() }),
};

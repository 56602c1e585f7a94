import { z } from 'zod';

/** Payload schema of each job. */
export const payloads = {
  'renew-index': z.object({ schemes: z.array(z.string()), after: z.uuid().nullable() }),
  'check-links': z.object({}),
  'remove-unused-materials': z.object({}),
  'store-provided': z.object({}),
};

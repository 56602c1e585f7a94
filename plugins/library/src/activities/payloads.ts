import { z } from 'zod';

/** Schema of the payload by job. */
export const payloads = {
  'renew-index': z.object({ schemes: z.array(z.string()), after: z.uuid().nullable() }),
};

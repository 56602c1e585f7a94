import { z } from 'zod';

/** The values of a notification's placeholders. */
export const notificationParams = z
  .record(z.string().regex(/^\w{1,40}$/), z.union([z.string().max(200), z.number()]))
  .refine((given) => Object.keys(given).length <= 10, 'has more than ten members');

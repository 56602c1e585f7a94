import { z } from 'zod';

export const material = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string().describe('Media type, detected from the content'),
  bytes: z.int(),
  picture: z.boolean(),
});

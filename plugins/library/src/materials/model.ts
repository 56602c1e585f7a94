import { z } from 'zod';

export const material = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string().describe('Media type, detected from the content'),
  bytes: z.int(),
  picture: z.boolean(),
});

/** A file that a teacher uploaded for an activity. */
export interface Material {
  id: string;
  name: string;
  /** Media type, detected from the content. */
  type: string;
  bytes: number;
  picture: boolean;
}

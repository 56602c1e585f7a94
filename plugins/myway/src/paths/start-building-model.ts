import { z } from 'zod';

/** Paths that the start page offers to go on with. */
export const mostBuilding = 4;

export const building = z.object({
  id: z.uuid(),
  title: z.string(),
  language: z.string(),
  steps: z.int(),
  changedAt: z.iso.datetime(),
});
export type Building = z.output<typeof building>;

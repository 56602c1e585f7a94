import { z } from 'zod';

export const mostRoutes = 500;

export const usageView = z.object({
  days: z.array(z.object({ day: z.iso.date(), answered: z.int(), refused: z.int() })).max(31),
  routes: z
    .array(z.object({ route: z.string(), answered: z.int(), refused: z.int(), last: z.iso.date() }))
    .max(mostRoutes)
    .describe('Of the last 30 days, the most frequent first'),
  more: z.boolean(),
});
export type UsageView = z.output<typeof usageView>;

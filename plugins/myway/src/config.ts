import { z } from 'zod';

export const config = z.object({
  /** Days after which a pupil counts as stuck on a step that was started but not finished. */
  stuckAfterDays: z.int().positive().default(7),
  /** Attempts, none of them good enough, after which a pupil counts as stuck on a step. */
  stuckAfterTries: z.int().positive().default(3),
  /** Minimum share of the maximum score (0–1) of an attempt that is good enough. */
  goodEnough: z.number().gt(0).max(1).default(0.6),
});

export type Config = z.output<typeof config>;

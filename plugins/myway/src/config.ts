import { z } from 'zod';

export const config = z.object({
  /** Days after which a pupil counts as stuck on a step that was started and not finished. */
  stuckAfterDays: z.int().positive().default(7),
  /** Attempts without one good enough after which a pupil counts as stuck on a step. */
  stuckAfterTries: z.int().positive().default(3),
  /** Share of the maximum (0–1) from which an attempt is good enough. */
  goodEnough: z.number().gt(0).max(1).default(0.6),
});

export type Config = z.output<typeof config>;

import { z } from 'zod';

const billion = 1_000_000_000;

export const config = z.strictObject({
  /** What may be spent for the pupils of a school year, in 10⁻⁹: ε 4 and δ 10⁻⁶ unless set otherwise. Holds for years without a first answer. */
  budget: z
    .strictObject({
      epsilon: z
        .int()
        .min(1)
        .max(10 * billion)
        .default(4 * billion),
      delta: z.int().min(0).max(10_000).default(1_000),
    })
    .default({ epsilon: 4 * billion, delta: 1_000 }),
});

export type Config = z.output<typeof config>;

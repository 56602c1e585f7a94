import { z } from 'zod';

export const cubeConfig = z.strictObject({
  /** Fills the figures of a demonstration with invented schools, which keeps a core busy for minutes. */
  demonstration: z.boolean().default(false),
});

export type CubeConfig = z.output<typeof cubeConfig>;

import { z } from 'zod';

export const config = z.strictObject({
  /** How long an access token is valid, in seconds. A school that switches an app off ends its tokens at once. */
  tokenSeconds: z.int().min(60).max(3600).default(600),
  /** Cost of the calls that an app may make in a minute, for each school. */
  budget: z.int().min(1).max(100_000).default(600),
});

export type Config = z.output<typeof config>;

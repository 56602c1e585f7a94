import { z } from 'zod';
import { tidy } from './tidy.js';

export const config = z.strictObject({
  /** Name of the portal as tools see it (claim `tool_platform`, LTI 1.3 Core §5.4.2). */
  platformName: z.string().transform(tidy).pipe(z.string().min(1).max(100)).default('i-Learn'),
  /** Age in days at which a signing key is replaced. */
  keyLifetimeDays: z.int().min(1).max(3650).default(90),
  /** Hours between publishing a new key and signing with it, because tools cache the key set. */
  keyLeadHours: z.int().min(0).max(720).default(24),
  /** Accept `scoreGiven` above `scoreMaximum`, as AGS 2.0 §3.4 requires of platforms. `false`: refuse such scores with 400. */
  allowExtraCredit: z.boolean().default(true),
});

export type Config = z.output<typeof config>;

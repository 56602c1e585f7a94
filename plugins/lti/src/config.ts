import { z } from 'zod';

export const config = z.strictObject({
  /** What tools may call the portal (`tool_platform.name`, LTI 1.3 Core §5.4.2). */
  platformName: z.string().trim().min(1).max(100).default('i-Learn'),
  /** A signing key is replaced after this many days. */
  keyLifetimeDays: z.int().min(1).max(3650).default(90),
  /** How long a new key is published before it signs, for tools that keep the key set for a while. */
  keyLeadHours: z.int().min(0).max(720).default(24),
  /** Accept `scoreGiven` above `scoreMaximum` (AGS 2.0 §3.4). Off: such a score is refused as a fault of the tool. */
  allowExtraCredit: z.boolean().default(false),
});

export type Config = z.output<typeof config>;

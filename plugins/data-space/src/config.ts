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
  /** Lets partners prove who they are by a DID and credentials (DCP 1.0.1). Without it they send the bearer token that the portal gave them. */
  dcp: z
    .strictObject({
      /** DIDs of the authorities whose credentials count. */
      issuers: z
        .array(z.string().regex(/^did:web:[\w.:%-]+$/, 'This is no did:web.'))
        .min(1)
        .max(20),
      /** Type of the credential that a partner must have. */
      credential: z
        .string()
        .regex(/^\w{1,100}$/)
        .default('MembershipCredential'),
    })
    .optional(),
});

export type Config = z.output<typeof config>;

import { z } from 'zod';
import { realmKinds } from './protocols/contribution.js';

/** Configuration: OpenID providers without a plugin of their own, such as the identity provider of a school group. */
export const oidcConfig = z.strictObject({
  providers: z
    .array(
      z.strictObject({
        /** Part of its addresses and of the identities: never change it. */
        key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40'),
        label: z.string().min(1).max(40),
        audiences: z
          .array(z.enum(['pupil', 'staff', 'provider']))
          .min(1)
          .default(['pupil', 'staff']),
        /** Address without `/.well-known/openid-configuration`. List its host under `http` too. */
        issuer: z.url(),
        clientId: z.string().min(1),
        clientSecret: z.string().min(1),
        scope: z.string().default('openid profile'),
        /** Claim that says to which school somebody belongs, and how schools enter its value; without it, all accounts belong to the schools that use the provider. */
        school: z.strictObject({ claim: z.string().min(1), kind: z.enum(realmKinds).exclude(['none']) }).optional(),
        /** Claim with the key by which rosters know the account; it must never change. */
        rosterKeyClaim: z.string().min(1).default('sub'),
      }),
    )
    .max(20)
    .default([]),
});

export type OidcConfig = z.output<typeof oidcConfig>;

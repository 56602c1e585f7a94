import { defineSignIn, nameOf, oidcProtocol, SignInRefused } from '@ilearn/plugin-sign-in-oidc/provider';
import { z } from 'zod';

const config = z.strictObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  issuer: z.url().default('https://accounts.google.com'),
});

/** Signing in with Google Workspace accounts of a school. */
export default defineSignIn({
  id: 'sign-in-google',
  version: '0.1.0',
  config,
  http: {
    hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'openidconnect.googleapis.com', 'www.googleapis.com'],
    operator: 'another address of the provider, for tests',
    purpose: 'signing in with Google accounts of a school',
    sends: 'the code with which Google answered the sign-in, which works once',
  },
  messages: new URL('../messages/', import.meta.url),
  providers({ clientId, clientSecret: secret, issuer }) {
    if (clientId === undefined || secret === undefined) return [];
    const protocol = oidcProtocol({
      issuer,
      clientId,
      secret,
      scope: 'openid profile',
      // The parameter `hd` would only choose which accounts Google offers; the claim decides.
      parameters: { prompt: 'select_account' },
      // Google knows no other prompt.
      again: {},
      saysWhen: false,
      proofOf(claims) {
        if (typeof claims.hd !== 'string' || claims.hd === '') throw new SignInRefused('private-account', 'no hd');
        return { subject: claims.sub, realms: [claims.hd.toLowerCase()], rosterKeys: [claims.sub], name: nameOf(claims) };
      },
    });
    // Google does not tell when people sign out there.
    return [{ key: 'google', label: 'Google', audiences: ['pupil', 'staff'], realm: 'domain', sessionHours: 4, protocol }];
  },
});

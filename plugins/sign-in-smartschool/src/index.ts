import { defineSignIn } from '@ilearn/plugin-sign-in-oidc/provider';
import { z } from 'zod';
import { smartschoolProtocol } from './protocol.js';

const config = z.strictObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Where people sign in and the portal gets its token. */
  url: z.url().default('https://oauth.smartschool.be'),
  /** Scope that Smartschool grants the portal. Its answer must tell co-accounts of parents apart; `userinfo` does not. */
  scope: z.string().min(1).default('fulluserinfo'),
  /** Path of the user information that belongs to the scope. */
  userInfo: z
    .string()
    .regex(/^\/Api\/V1\/[a-z]+$/)
    .default('/Api/V1/fulluserinfo'),
});

/** Signing in with Smartschool accounts: OAuth 2.0, without an id_token. */
export default defineSignIn({
  id: 'sign-in-smartschool',
  version: '0.1.0',
  config,
  http: {
    hosts: ['oauth.smartschool.be'],
    operator: 'another address of the provider, for tests',
    purpose: 'signing in with Smartschool accounts',
    sends: 'the code with which Smartschool answered the sign-in, which works once',
  },
  messages: new URL('../messages/', import.meta.url),
  providers({ clientId, clientSecret, url, scope, userInfo }) {
    if (clientId === undefined || clientSecret === undefined) return [];
    const protocol = smartschoolProtocol({ clientId, clientSecret, url, scope, userInfo });
    // Smartschool does not tell when people sign out there.
    return [
      { key: 'smartschool', label: 'Smartschool', audiences: ['pupil', 'staff'], realm: 'platform', sessionHours: 4, protocol },
    ];
  },
});

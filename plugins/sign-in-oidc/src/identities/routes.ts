import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostIdentities } from './identities.js';

const route = routeFor<Cradle>();
const machines = { none: 'It concerns the account of the signed-in person.' } as const;

export const identityRoutes = [
  route({
    method: 'GET',
    path: '/identities',
    summary: 'The accounts elsewhere with which you sign in, and those that you can add',
    permission: 'signed-in',
    machines,
    responses: {
      200: z.object({
        identities: z
          .array(
            z.object({
              id: z.uuid(),
              provider: z.string(),
              label: z.string(),
              made: z.enum(['roster', 'school', 'own']),
              addedAt: z.date(),
              usedAt: z.date(),
            }),
          )
          .max(mostIdentities),
        offered: z.array(z.object({ key: z.string(), label: z.string() })).max(100),
        signOutAt: z.string().nullable().describe('Name of the provider at which this session began, if one can sign out there'),
      }),
    },
    async handler({ principal, services: { identities, signInProviders, sessions } }) {
      const session = sessions.current();
      const begun = session === null ? null : await identities.providerOf(session.handle);
      return {
        identities: await identities.ofPerson(principal.id as string),
        offered: signInProviders.all().map(({ key, label }) => ({ key, label })),
        signOutAt: begun === null || begun.idToken === null ? null : (signInProviders.find(begun.provider)?.label ?? null),
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/identities/:id',
    summary: 'Stop signing in with one of your accounts elsewhere; sessions that it began end',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Removed') },
    handler: ({ principal, params, services }) => services.identities.remove(principal.id as string, params.id),
  }),
];

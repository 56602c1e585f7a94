import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
const machines = { none: 'It is a part of a person’s start page.' } as const;

/** Rows that a part of the start page shows. */
const mostShown = 8;

export const endingAccount = z.object({
  id: z.uuid(),
  displayName: z.string(),
  role: z.string(),
  expiresAt: z.iso.datetime(),
});

export const accountStartRoutes = [
  route({
    method: 'GET',
    path: '/start/accounts',
    summary: 'Temporary accounts that end within a week, and how many people have no account',
    permission: 'temporary-account:write',
    machines,
    responses: {
      200: z.object({
        ending: z.array(endingAccount).max(mostShown),
        without: z.int().nullable().describe('People without an account; null if they can sign in elsewhere'),
      }),
    },
    handler: async ({ services: { accountsStart } }) => ({
      ending: await accountsStart.ending(mostShown),
      without: await accountsStart.without(),
    }),
  }),
];

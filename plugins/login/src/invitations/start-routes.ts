import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

/** Providers that the start page shows. */
const mostShown = 20;

export const openInvitations = z.object({
  provider: z.uuid(),
  name: z.string(),
  open: z.int().describe('Sent, and not accepted yet'),
  expired: z.int(),
});

export const invitationStartRoutes = [
  route({
    method: 'GET',
    path: '/start/invitations',
    summary: 'How many invitations of the person’s providers are open or expired',
    audit: { none: 'It shows no personal data.' },
    permission: 'invitation:write',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ providers: z.array(openInvitations).max(mostShown) }) },
    handler: async ({ services }) => ({ providers: await services.invitations.open(mostShown) }),
  }),
];

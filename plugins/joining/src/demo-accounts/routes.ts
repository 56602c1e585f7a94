import { nothing, routeFor } from '@ilearn/core';
import { type PreparedPassword, preparePassword } from '@ilearn/plugin-login';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { email, language, token } from '../waiting-list/shapes.js';
import { demoLinkUsed } from './demo-accounts.js';

const route = routeFor<Cradle>();

export const demoAccountRoutes = [
  route({
    method: 'GET',
    path: '/demo-account',
    summary: 'Whether demo accounts can be had here, and whether this portal is itself a demonstration',
    permission: 'public',
    responses: {
      200: z.object({
        offered: z.boolean(),
        demonstration: z.boolean().describe('Everybody can read what is filled in on this portal'),
      }),
    },
    handler: async ({ services: { demoAccounts, demonstration } }) => ({
      offered: await demoAccounts.offered(),
      demonstration: await demonstration.isHere(),
    }),
  }),
  route({
    method: 'POST',
    path: '/demo-account',
    summary: 'Ask for a demo account; a link is sent to the address',
    permission: 'public',
    bodyLimit: 4_096,
    body: z.strictObject({ email, language: language.default('nl') }),
    responses: { 202: nothing('If the address may have one, a letter is on its way') },
    handler: ({ body, request, services: { demoAccounts } }) => demoAccounts.request(body.email, body.language, request.address),
  }),
  route({
    method: 'POST',
    path: '/demo-account/open',
    summary: 'Make the demo account of a link, and sign in',
    permission: 'public',
    bodyLimit: 4_096,
    body: z.strictObject({ token, password: z.string().min(1).max(256) }),
    responses: { 200: z.object({ username: z.string(), endsAt: z.date() }) },
    outside: {
      seconds: 30,
      // Only the password of somebody with a link that works is hashed.
      call: async ({ body, read, signal }): Promise<PreparedPassword | null> =>
        (await read(({ demoAccounts }) => demoAccounts.works(body.token))) ? preparePassword(body.password, signal) : null,
    },
    async handler({ body, result, services: { demoAccounts } }) {
      if (result === null) throw demoLinkUsed();
      return demoAccounts.open(body.token, result);
    },
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { messageTypes } from '../webhooks/types.js';

const route = routeFor<Cradle>();

export const referenceRoutes = [
  route({
    method: 'GET',
    path: '/reference',
    summary: 'Addresses, scopes and kinds of messages for developers',
    permission: 'signed-in',
    machines: { none: 'People read it.' },
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        issuer: z.string().describe('Value of aud in client assertions'),
        token: z.string(),
        revoke: z.string(),
        openapi: z.string(),
        scopes: z
          .array(
            z.object({ name: z.string(), plugin: z.string(), title: z.string().describe('Key in the messages of the plugin') }),
          )
          .max(500),
        messages: z.array(z.object({ name: z.string(), scope: z.string().nullable() })).max(500),
      }),
    },
    handler: async ({ services: { machines, portal } }) => ({
      issuer: portal.url,
      token: `${portal.url}/api/api/token`,
      revoke: `${portal.url}/api/api/revoke`,
      openapi: `${portal.url}/api/openapi.json`,
      scopes: machines.scopes(),
      messages: [...messageTypes],
    }),
  }),
];

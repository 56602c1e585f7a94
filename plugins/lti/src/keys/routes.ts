import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { platformConfiguration, platformEndpoints } from '../platform.js';

const route = routeFor<Cradle>();

const publicKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  alg: z.literal('RS256'),
  use: z.literal('sig'),
  n: z.string(),
  e: z.string(),
});

/** One hour: much less than `keyLeadHours` (24 by default), the time between publishing a new key and signing with it. */
const cacheControl = 'public, max-age=3600';

export const keyRoutes = [
  route({
    method: 'GET',
    path: '/jwks',
    summary: 'Public keys of this platform (JWK Set, RFC 7517)',
    permission: 'public',
    audit: { none: 'It shows no personal data.' },
    session: false,
    responses: { 200: z.object({ keys: z.array(publicKey).max(100) }) },
    handler: async ({ services }) =>
      reply(200, { keys: await services.signingKeys.published() }, { 'cache-control': cacheControl }),
  }),
  route({
    method: 'GET',
    path: '/openid-configuration',
    summary: 'Endpoints of this platform, as in OpenID Connect Discovery 1.0 §3',
    permission: 'public',
    audit: { none: 'It shows no personal data.' },
    session: false,
    responses: { 200: platformConfiguration },
    handler: ({ services }) => reply(200, platformEndpoints(services.portal.url), { 'cache-control': cacheControl }),
  }),
];

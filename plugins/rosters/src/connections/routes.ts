import { nothing, Problem, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { sourceSettings } from '../source/settings.js';

const route = routeFor<Cradle>();
const machines = { none: 'People of the school decide where its data come from.' } as const;
const params = z.object({ school: z.uuid() });
/** As it was stored: whoever entered it was told what an address must be. */
const shown = sourceSettings.extend({ address: z.string(), tokenAddress: z.string() });

export const connectionRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/connection',
    summary: 'The connection of a school of yours with its own system, without the secret',
    permission: 'roster:connect',
    machines,
    audit: { none: 'It shows the settings of a school.' },
    params,
    responses: { 200: z.object({ connection: shown.nullable() }) },
    handler: async ({ params: { school }, services }) => ({ connection: await services.connections.of(school) }),
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/connection',
    summary: 'Set the connection of a school of yours, which ends its runs; without a secret, that stays as it is',
    permission: 'roster:connect',
    recentSignIn: true,
    machines,
    params,
    body: sourceSettings.extend({ secret: z.string().trim().min(1).max(1_000).nullable() }),
    responses: { 204: nothing('Kept') },
    outside: {
      async call({ body: { address, tokenAddress }, http }) {
        for (const [pointer, url] of Object.entries({ '/address': address, '/tokenAddress': tokenAddress })) {
          const refusal = http.refusal(url);
          if (refusal !== null) throw addressRefused(pointer, refusal);
        }
      },
    },
    async handler({ params: { school }, body: { secret, ...settings }, services }) {
      await services.connections.set(school, settings, secret);
      // What was read in another way does not fit what would be read now.
      await services.runs.endAll(school);
    },
  }),
  route({
    method: 'POST',
    path: '/schools/:school/connection/remove',
    summary: 'Remove the connection of a school of yours; people and classes stay as they are',
    permission: 'roster:connect',
    machines,
    params,
    responses: { 204: nothing('Removed') },
    async handler({ params: { school }, services }) {
      await services.connections.schoolOf(school);
      await services.connections.remove(school);
      await services.runs.endAll(school);
    },
  }),
];

const addressRefused = (pointer: string, detail: string): Problem =>
  new Problem({
    type: 'rosters/address-refused',
    status: 422,
    title: 'Address refused',
    detail,
    errors: [{ in: 'body', pointer, message: detail }],
  });

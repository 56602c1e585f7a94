import { languages, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { channels } from '../kinds/kind.js';

const route = routeFor<Cradle>();
const own = { none: 'The preferences of whoever asks.' };
/** More kinds than any portal has. */
const mostKinds = 1_000;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time, such as 18:30');
const quiet = z.strictObject({ from: time, to: time }).nullable();
const shared = { mails: z.boolean(), language: z.enum(languages), quiet };

export const preferencesRoutes = [
  route({
    method: 'GET',
    path: '/preferences',
    summary: 'Which notifications you get, and how',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    audit: own,
    responses: {
      200: z.object({
        ...shared,
        kinds: z
          .array(z.object({ kind: z.string(), label: z.string(), audience: z.string(), channel: z.enum(channels) }))
          .max(mostKinds),
        address: z
          .enum(['none', 'known', 'refused'])
          .describe('Whether you have an e-mail address, and whether it refused e-mail'),
      }),
    },
    handler: ({ services: { preferences } }) => preferences.get(),
  }),
  route({
    method: 'PUT',
    path: '/preferences',
    summary: 'Change which notifications you get, and how',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    body: z.strictObject({
      ...shared,
      channels: z
        .record(z.string().max(200), z.enum(channels))
        .refine((given) => Object.keys(given).length <= mostKinds, 'has too many members'),
    }),
    responses: { 204: nothing('Changed') },
    handler: ({ body, services: { preferences } }) => preferences.change(body),
  }),
  route({
    method: 'POST',
    path: '/preferences/address',
    summary: 'Have e-mail sent to your address again, although it refused some',
    permission: 'signed-in',
    machines: { none: 'It concerns the signed-in person.' },
    responses: { 204: nothing('It is tried with the next e-mail') },
    handler: ({ services: { preferences } }) => preferences.tryAddressAgain(),
  }),
];

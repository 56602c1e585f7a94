import { type KernelCradle, type Language, languages, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { points } from '../points.js';

const route = routeFor<KernelCradle<unknown, { points: typeof points }>>();

const source = z.object({
  source: z.string().describe('Plugin and kind: directory.people'),
  labels: z.object(Object.fromEntries(languages.map((language) => [language, z.string()])) as Record<Language, z.ZodString>),
  icon: z.string(),
  permission: z.string().describe('Whoever has it may ask this source'),
  address: z.string().describe('Takes q and limit; answers { results, more }'),
});

export const sourceRoutes = [
  route({
    method: 'GET',
    path: '/sources',
    summary: 'What can be searched, and where to ask it',
    permission: 'signed-in',
    machines: { none: 'People search; machines have the lists of each plugin.' },
    audit: { none: 'It lists plugins, not people.' },
    responses: { 200: z.object({ sources: z.array(source).max(200) }) },
    handler: ({ services: { contributions } }) => ({
      sources: contributions
        .of('sources')
        .sort((a, b) => a.value.order - b.value.order)
        .map(({ plugin, value: { kind, labels, icon, permission, path } }) => ({
          source: `${plugin}.${kind}`,
          labels,
          icon,
          permission,
          address: `/api/${plugin}${path}`,
        })),
    }),
  }),
];

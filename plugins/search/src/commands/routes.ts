import { type KernelCradle, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { points } from '../points.js';
import { labelsSchema } from './command.js';

const route = routeFor<KernelCradle<unknown, { points: typeof points }>>();
/** Plugins declare them; a portal has a few dozen. */
const most = 500;

export const commandRoutes = [
  route({
    method: 'GET',
    path: '/commands',
    summary: 'What people can do from the search dialog, and the keys that pages know',
    permission: 'signed-in',
    machines: { none: 'People use the dialog; machines have the routes of each plugin.' },
    audit: { none: 'It lists what plugins declare.' },
    responses: {
      200: z.object({
        commands: z
          .array(
            z.object({
              command: z.string().describe('Plugin and kind: myway.new-path'),
              labels: labelsSchema,
              words: labelsSchema.nullable(),
              icon: z.string(),
              permission: z.string(),
              place: z.string(),
              aboutPage: z.boolean(),
            }),
          )
          .max(most),
        shortcuts: z
          .array(z.object({ labels: labelsSchema, keys: z.array(z.string()).max(4), page: z.string(), permission: z.string() }))
          .max(most),
      }),
    },
    handler: ({ services: { contributions } }) => ({
      commands: contributions
        .of('commands')
        .sort((a, b) => a.value.order - b.value.order)
        .slice(0, most)
        .map(({ plugin, value: { kind, order: _, aboutPage = false, ...command } }) => ({
          command: `${plugin}.${kind}`,
          aboutPage,
          ...command,
        })),
      shortcuts: contributions
        .of('shortcuts')
        .sort((a, b) => a.value.order - b.value.order)
        .slice(0, most)
        .map(({ value: { order: _, ...shortcut } }) => shortcut),
    }),
  }),
];

import { KERNEL_VERSION, type KernelCradle, type PrivilegedCradle, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { mostPlugins } from './shapes.js';

const route = routeFor<KernelCradle & Pick<PrivilegedCradle, 'plugins' | 'queues'>>();

export const portalState = z.object({
  version: z.string(),
  plugins: z.int().describe('In service'),
  out: z
    .array(z.object({ id: z.string(), state: z.enum(['waiting', 'disabled', 'quarantined']) }))
    .max(mostPlugins)
    .describe('Out of service'),
  failed: z.int().describe('Events and jobs that failed for good'),
  waiting: z.int().describe('Events and jobs that are not done'),
  engine: z.boolean().describe('Whether the job engine can be reached'),
});

export const portalStartRoutes = [
  route({
    method: 'GET',
    path: '/start',
    summary: 'How the portal is: modules out of service, failed work, version',
    permission: 'operations:read',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: portalState },
    async handler({ services: { plugins, queues } }) {
      const all = await plugins.list();
      const counts = await queues.counts();
      return {
        version: KERNEL_VERSION,
        plugins: all.filter(({ state }) => state === 'started').length,
        out: all.flatMap(({ id, state }) => (state === 'started' ? [] : [{ id, state }])),
        failed: counts.failed,
        waiting: counts.waiting + counts.delayed + counts.retrying + counts.running,
        engine: (await queues.engine()).reachable,
      };
    },
  }),
];

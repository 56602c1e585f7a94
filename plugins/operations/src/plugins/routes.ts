import { type KernelCradle, notFound, nothing, type PrivilegedCradle, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { mostPlugins, pluginReport } from './shapes.js';

const route = routeFor<KernelCradle & Pick<PrivilegedCradle, 'plugins'>>();
/** Id of a plugin, or its package name if the package could not be loaded. */
const one = z.object({ id: z.string().max(214) });
const asked = nothing('Accepted: the list shows the result');

export const pluginRoutes = [
  route({
    method: 'GET',
    path: '/plugins',
    summary: 'The plugins of this portal: state, cause, and what requires what',
    permission: 'operations:read',
    machines: { none: 'Operators use it.' },
    responses: { 200: z.array(pluginReport).max(mostPlugins) },
    handler: ({ services: { plugins }, request: { language } }) => plugins.list(language),
  }),
  route({
    method: 'POST',
    path: '/plugins/:id/retry',
    summary: 'Try a plugin again that is out of service, with those that wait for it',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    params: one,
    responses: { 204: asked },
    handler: async ({ params: { id }, services: { plugins } }) => {
      if (!(await plugins.retry(id))) throw notFound();
    },
  }),
  route({
    method: 'POST',
    path: '/plugins/:id/enable',
    summary: 'Bring a disabled plugin back',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    params: one,
    responses: { 204: asked },
    handler: async ({ params: { id }, services: { plugins } }) => {
      if (!(await plugins.enable(id))) throw notFound();
    },
  }),
  route({
    method: 'POST',
    path: '/plugins/:id/disable',
    summary: 'Take a plugin out of service; its data are kept',
    permission: 'operations:write',
    machines: { none: 'Operators use it.' },
    params: one,
    body: z.strictObject({ withDependants: z.boolean().default(false) }),
    responses: { 204: asked },
    handler: async ({ params: { id }, body, services: { plugins } }) => {
      if (!(await plugins.disable(id, body))) throw notFound();
    },
  }),
];

import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { appBody, appView, mostApps } from './app.js';

const route = routeFor<Cradle>();
const machines = { none: 'Administrators decide.' } as const;
const permission = 'app:approve';
const params = z.object({ id: z.uuid() });
const because = z.strictObject({
  reason: z.string().trim().min(1, 'Say why: the partner reads it.').max(500, 'Keep it to 500 characters.'),
});

export const approvalRoutes = [
  route({
    method: 'GET',
    path: '/approvals',
    summary: 'Apps that wait for approval, the longest waiting first',
    permission,
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.object({ apps: z.array(appView).max(mostApps), more: z.boolean() }) },
    async handler({ services }) {
      const found = await services.apps.pending(mostApps + 1);
      return { apps: found.slice(0, mostApps), more: found.length > mostApps };
    },
  }),
  route({
    method: 'POST',
    path: '/apps/:id/approve',
    summary: 'Approve an app as you saw it',
    permission,
    machines,
    params,
    body: appBody,
    responses: { 200: appView },
    handler: ({ params: { id }, body, services }) => services.apps.approve(id, body),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/refuse',
    summary: 'Refuse what waits for approval',
    permission,
    machines,
    params,
    body: because,
    responses: { 200: appView },
    handler: ({ params: { id }, body: { reason }, services }) => services.apps.refuse(id, reason),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/suspend',
    summary: 'End all access of an app at once',
    permission,
    machines,
    params,
    body: because,
    responses: { 200: appView },
    handler: ({ params: { id }, body: { reason }, services }) => services.apps.suspend(id, reason),
  }),
];

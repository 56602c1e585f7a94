import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { mostApps, mostScopes } from '../apps/app.js';
import type { Cradle } from '../cradle.js';
import { usageView } from '../usage/usage-view.js';
import { appOfSchool } from './grant.js';

const route = routeFor<Cradle>();
const machines = { none: 'A school decides it.' } as const;
const ofApp = z.object({ school: z.uuid(), app: z.uuid() });
const noPeople = { none: 'It shows no personal data.' };

export const grantRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/apps',
    summary: 'Approved apps, with what a school switched on',
    permission: 'app:read',
    machines,
    audit: noPeople,
    params: z.object({ school: z.uuid() }),
    responses: { 200: z.object({ apps: z.array(appOfSchool).max(2 * mostApps), more: z.boolean() }) },
    handler: ({ params: { school }, services }) => services.grants.ofSchool(school),
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/apps/:app',
    summary: 'Switch an app on for a school, for these scopes only',
    permission: 'app:grant',
    machines,
    params: ofApp,
    body: z.strictObject({
      scopes: z
        .array(z.string().max(200))
        .min(1, 'Choose at least one, or switch the app off.')
        .max(mostScopes)
        .transform((names) => [...new Set(names)].sort()),
    }),
    responses: { 204: nothing('Switched on') },
    async handler({ params: { school, app }, body: { scopes }, services }) {
      await services.grants.set(school, app, scopes);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/schools/:school/apps/:app',
    summary: 'Switch an app off for a school, at once',
    permission: 'app:grant',
    machines,
    params: ofApp,
    responses: { 204: nothing('Switched off') },
    async handler({ params: { school, app }, services }) {
      await services.grants.remove(school, app);
      return reply(204);
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:school/apps/:app/usage',
    summary: 'What an app asked about a school in the last 30 days, and how often',
    permission: 'app:read',
    machines,
    audit: noPeople,
    params: ofApp,
    responses: { 200: usageView },
    handler: ({ params: { school, app }, services }) => services.usage.of(school, app),
  }),
];

import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { appBody, appView, keyView, mostApps, mostKeys, mostSecrets, secretView } from '../apps/app.js';
import { publicJwk } from '../apps/credentials.js';
import type { Cradle } from '../cradle.js';
import { grantOfApp, mostGrants } from '../grants/grant.js';
import { endpointView, mostEndpoints } from '../webhooks/endpoint.js';

const route = routeFor<Cradle>();
const machines = { none: 'People manage apps.' } as const;
const permission = 'app:develop';
const params = z.object({ id: z.uuid() });
const noPeople = { none: 'It shows no personal data.' };

export const appRoutes = [
  route({
    method: 'GET',
    path: '/apps',
    summary: 'The apps of your providers, by name',
    permission,
    machines,
    audit: noPeople,
    query: z.object(pageQuery(mostApps, mostApps)),
    responses: { 200: z.object({ apps: z.array(appView).max(mostApps), more: z.boolean() }) },
    async handler({ query: { limit }, request, services }) {
      const found = await services.apps.list(limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ name, id }) => [name, id], request);
      return reply(200, { apps: rows, more }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/apps',
    summary: 'Register an app; the portal approves it before schools see it',
    permission,
    machines,
    body: appBody.extend({ provider: z.uuid() }),
    responses: { 201: appView },
    handler: async ({ body: { provider, ...body }, services }) => reply(201, await services.apps.add(provider, body)),
  }),
  route({
    method: 'GET',
    path: '/apps/:id',
    summary: 'An app with its credentials, webhooks, and the schools that switched it on',
    permission,
    machines,
    audit: noPeople,
    params,
    responses: {
      200: z.object({
        app: appView,
        secrets: z.array(secretView).max(mostSecrets),
        keys: z.array(keyView).max(mostKeys),
        endpoints: z.array(endpointView).max(mostEndpoints),
        grants: z.array(grantOfApp).max(mostGrants),
        moreGrants: z.boolean(),
      }),
    },
    async handler({ params: { id }, services: { apps, credentials, endpoints, grants } }) {
      const app = await apps.get(id);
      const granted = await grants.ofApp(id, mostGrants + 1);
      return {
        app,
        secrets: await credentials.secretsOf(id),
        keys: await credentials.keysOf(id),
        endpoints: await endpoints.of(id),
        grants: granted.slice(0, mostGrants),
        moreGrants: granted.length > mostGrants,
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/apps/:id',
    summary: 'Change an app; the portal approves the change before it counts',
    permission,
    machines,
    params,
    body: appBody,
    responses: { 200: appView },
    handler: ({ params: { id }, body, services }) => services.apps.change(id, body),
  }),
  route({
    method: 'DELETE',
    path: '/apps/:id',
    summary: 'Remove an app with its tokens, webhooks and what schools granted',
    permission,
    machines,
    params,
    responses: { 204: nothing('Removed') },
    async handler({ params: { id }, services }) {
      await services.apps.remove(id);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/apps/:id/secrets',
    summary: 'Make a secret, which is shown once; an app has at most two',
    permission,
    recentSignIn: true,
    machines,
    params,
    body: z.strictObject({
      endOthersAfterHours: z.int().min(0).max(720).nullable().default(null).describe('Null: until somebody removes it'),
    }),
    responses: { 201: z.object({ secret: z.string() }) },
    handler: async ({ params: { id }, body, services }) =>
      reply(201, { secret: await services.credentials.addSecret(id, body.endOthersAfterHours) }, { 'cache-control': 'no-store' }),
  }),
  route({
    method: 'DELETE',
    path: '/apps/:id/secrets/:secret',
    summary: 'Remove a secret, and end the tokens of the app',
    permission,
    machines,
    params: z.object({ id: z.uuid(), secret: z.uuid() }),
    responses: { 204: nothing('Removed') },
    async handler({ params: { id, secret }, services }) {
      await services.credentials.removeSecret(id, secret);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/apps/:id/keys',
    summary: 'Add a public key with which the app signs its client assertions',
    permission,
    recentSignIn: true,
    machines,
    params,
    body: z.strictObject({ jwk: publicJwk }),
    responses: { 201: z.array(keyView).max(mostKeys) },
    async handler({ params: { id }, body, services: { credentials } }) {
      await credentials.addKey(id, body.jwk);
      return reply(201, await credentials.keysOf(id));
    },
  }),
  route({
    method: 'DELETE',
    path: '/apps/:id/keys/:key',
    summary: 'Remove a public key, and end the tokens of the app',
    permission,
    machines,
    params: z.object({ id: z.uuid(), key: z.uuid() }),
    responses: { 204: nothing('Removed') },
    async handler({ params: { id, key }, services }) {
      await services.credentials.removeKey(id, key);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/apps/:id/sandbox',
    summary: 'Get a token to try the app out in the school in which nobody is real',
    permission,
    machines,
    params,
    responses: { 201: z.object({ token: z.string(), expiresIn: z.int().describe('Seconds'), school: z.string() }) },
    handler: async ({ params: { id }, services }) =>
      reply(201, await services.sandbox.tryOut(id), { 'cache-control': 'no-store' }),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/end-tokens',
    summary: 'End all tokens of the app at once',
    permission,
    machines,
    params,
    responses: { 204: nothing('Ended') },
    async handler({ params: { id }, services }) {
      await services.credentials.endTokens(id);
      return reply(204);
    },
  }),
];

import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import {
  deliveryStates,
  deliveryView,
  endpointBody,
  endpointChange,
  endpointView,
  mostDeliveries,
  mostTries,
} from './endpoint.js';
import { checkAddress } from './endpoints.js';

const route = routeFor<Cradle>();
const machines = { none: 'People manage apps.' } as const;
const permission = 'app:develop';
const ofApp = z.object({ id: z.uuid() });
const ofEndpoint = z.object({ id: z.uuid(), endpoint: z.uuid() });
const ofDelivery = z.object({ id: z.uuid(), delivery: z.uuid() });
const noStore = { 'cache-control': 'no-store' };

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/apps/:id/endpoints',
    summary: 'Add an address for messages; its secret is shown once',
    permission,
    recentSignIn: true,
    machines,
    params: ofApp,
    body: endpointBody,
    responses: { 201: z.object({ endpoint: endpointView, secret: z.string() }) },
    async handler({ params: { id }, body, services: { endpoints, http } }) {
      checkAddress(http.refusal(body.url));
      return reply(201, await endpoints.add(id, body), noStore);
    },
  }),
  route({
    method: 'PATCH',
    path: '/apps/:id/endpoints/:endpoint',
    summary: 'Change an endpoint, or switch it on or off',
    permission,
    machines,
    params: ofEndpoint,
    body: endpointChange,
    responses: { 200: endpointView },
    async handler({ params: { id, endpoint }, body, services: { endpoints, http } }) {
      if (body.url !== undefined) checkAddress(http.refusal(body.url));
      return endpoints.change(id, endpoint, body);
    },
  }),
  route({
    method: 'DELETE',
    path: '/apps/:id/endpoints/:endpoint',
    summary: 'Remove an endpoint with its messages',
    permission,
    machines,
    params: ofEndpoint,
    responses: { 204: nothing('Removed') },
    async handler({ params: { id, endpoint }, services }) {
      await services.endpoints.remove(id, endpoint);
      return reply(204);
    },
  }),
  route({
    method: 'POST',
    path: '/apps/:id/endpoints/:endpoint/secret',
    summary: 'Make another secret; for some hours, messages are signed with the previous one as well',
    permission,
    recentSignIn: true,
    machines,
    params: ofEndpoint,
    body: z.strictObject({ overlapHours: z.int().min(0).max(720).default(24) }),
    responses: { 201: z.object({ secret: z.string() }) },
    handler: async ({ params: { id, endpoint }, body: { overlapHours }, services }) =>
      reply(201, { secret: await services.endpoints.rotate(id, endpoint, overlapHours) }, noStore),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/endpoints/:endpoint/try-out',
    summary: 'Send a message about nothing',
    permission,
    machines,
    params: ofEndpoint,
    responses: { 201: z.object({ delivery: z.uuid() }) },
    handler: async ({ params: { id, endpoint }, services }) =>
      reply(201, { delivery: await services.deliveries.tryOut(id, endpoint) }),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/endpoints/:endpoint/replay',
    summary: 'Send the messages of a range of time once more, the oldest first, at most 1,000 at once',
    permission,
    machines,
    params: ofEndpoint,
    body: z.strictObject({
      from: z.coerce.date(),
      to: z.coerce.date(),
      states: z.array(z.enum(deliveryStates)).min(1).max(deliveryStates.length).default(['failed', 'held']),
    }),
    responses: { 200: z.object({ replayed: z.int(), more: z.boolean() }) },
    handler: ({ params: { id, endpoint }, body, services }) => services.deliveries.replayRange(id, endpoint, body),
  }),
  route({
    method: 'GET',
    path: '/apps/:id/deliveries',
    summary: 'Messages of the last 30 days, the latest first',
    permission,
    machines,
    audit: { none: 'It shows no ids of people.' },
    params: ofApp,
    query: z.object({
      endpoint: z.uuid().optional(),
      state: z.enum(deliveryStates).optional(),
      ...pageQuery(25, mostDeliveries),
    }),
    responses: { 200: z.object({ deliveries: z.array(deliveryView).max(mostDeliveries), more: z.boolean() }) },
    async handler({ params: { id }, query: { limit, ...filter }, request, services }) {
      await services.apps.get(id);
      const found = await services.deliveries.list(id, { ...filter, limit: limit + 1 }, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ position, id: delivery }) => [position, delivery], request);
      return reply(200, { deliveries: rows, more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/apps/:id/deliveries/:delivery/tries',
    summary: 'The tries of a message, the latest first',
    permission,
    machines,
    audit: { none: 'It shows no ids of people.' },
    params: ofDelivery,
    responses: {
      200: z
        .array(z.object({ at: z.date(), status: z.int().nullable(), failure: z.string().nullable(), ms: z.int() }))
        .max(mostTries),
    },
    handler: ({ params: { id, delivery }, services }) => services.deliveries.tries(id, delivery),
  }),
  route({
    method: 'POST',
    path: '/apps/:id/deliveries/:delivery/replay',
    summary: 'Send a message once more, with the same id',
    permission,
    machines,
    params: ofDelivery,
    responses: { 204: nothing('It is sent') },
    async handler({ params: { id, delivery }, services }) {
      await services.deliveries.replay(id, delivery);
      return reply(204);
    },
  }),
];

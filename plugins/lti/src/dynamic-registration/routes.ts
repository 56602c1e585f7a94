import { nothing, Problem, type Reply, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { toolAddress } from '../registrations/registration.js';
import { type ServiceScope, serviceScopes } from '../scopes.js';
import { record } from '../trace/record.js';
import { mostPending } from './self-registrations.js';
import { MetadataRefused, readMetadata, registeredMetadata } from './tool-metadata.js';

const route = routeFor<Cradle>();
const permission = 'registration:manage';
const machines = { none: 'Administrators use it.' } as const;
const params = z.object({ id: z.uuid() });
const scope = z.enum(serviceScopes as unknown as [ServiceScope, ...ServiceScope[]]);
const release = z.strictObject({ name: z.boolean(), email: z.boolean() });
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

const refusal = z.object({ error: z.string(), error_description: z.string() });

const pendingTool = z.object({
  id: z.uuid(),
  name: z.string(),
  key: z.string(),
  hosts: z.array(z.string()).max(1_002).describe('Hosts of its addresses'),
  scopes: z.array(scope).max(20),
  release,
  choosing: z.boolean().describe('Content can be chosen in it'),
  registeredAt: z.iso.datetime(),
});

const bearerOf = (header: string | undefined): string | null => /^Bearer +([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1] ?? null;

const refuse = (status: number, error: string, description: string): Reply =>
  reply(status, { error, error_description: description.replace(/[^\x20-\x7e]/g, '?') }, noStore);

export const selfRegistrationRoutes = [
  route({
    method: 'POST',
    path: '/registrations/invitations',
    summary: 'Make the address at which a tool registers itself, once, within an hour (Dynamic Registration 1.0 §3.3)',
    permission,
    machines,
    body: z.strictObject({ address: toolAddress.describe('Registration address of the tool') }),
    responses: { 201: z.object({ url: z.url() }) },
    async handler({ body: { address }, services: { selfRegistrations, portal } }) {
      const url = new URL(address);
      url.searchParams.set('openid_configuration', `${portal.url}/api/lti/openid-configuration`);
      url.searchParams.set('registration_token', await selfRegistrations.invite());
      return reply(201, { url: url.href }, noStore);
    },
  }),
  route({
    method: 'POST',
    path: '/register',
    summary: 'A tool registers itself (Dynamic Registration 1.0 §3.5)',
    permission: 'public',
    session: false,
    bodyLimit: 64 * 1024,
    body: z.unknown(),
    responses: { 201: z.record(z.string(), z.unknown()), 400: refusal, 401: refusal },
    async handler({ body, request, services }) {
      const trace = (outcome: string, registrationId: string | null = null) =>
        record({ services, request }, { step: 'registration', outcome, registrationId });
      const token = bearerOf(request.header('authorization'));
      if (token === null || !(await services.selfRegistrations.admits(token))) {
        trace('registration-token-invalid');
        return refuse(401, 'invalid_token', 'The registration token is missing, unknown, used or older than an hour.');
      }
      try {
        const tool = readMetadata(body);
        const made = await services.selfRegistrations.register(token, tool);
        if (made === null) {
          trace('registration-token-invalid');
          return refuse(401, 'invalid_token', 'The registration token was used before.');
        }
        trace('ok', made.id);
        return reply(201, registeredMetadata(made, tool), noStore);
      } catch (error) {
        if (error instanceof MetadataRefused) {
          trace(error.code === 'invalid_redirect_uri' ? 'redirect-uri-invalid' : 'metadata-invalid');
          return refuse(400, error.code, error.reason);
        }
        if (!(error instanceof Problem) || error.type !== 'lti/address-refused') throw error;
        trace('address-refused');
        return refuse(400, 'invalid_client_metadata', error.detail ?? error.title);
      }
    },
  }),
  route({
    method: 'GET',
    path: '/registrations/pending',
    summary: 'Tools that registered themselves and wait for approval',
    permission,
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.object({ tools: z.array(pendingTool).max(mostPending) }) },
    handler: async ({ services }) => ({ tools: await services.selfRegistrations.pending() }),
  }),
  route({
    method: 'POST',
    path: '/registrations/pending/:id/approve',
    summary: 'Take a tool into use that registered itself',
    permission,
    machines,
    params,
    body: z.strictObject({ scopes: z.array(scope).max(20), release }),
    responses: { 204: nothing('In use') },
    async handler({ params, body, services }) {
      await services.selfRegistrations.approve(params.id, body);
      return reply(204);
    },
  }),
  route({
    method: 'DELETE',
    path: '/registrations/pending/:id',
    summary: 'Refuse a tool that registered itself',
    permission,
    machines,
    params,
    responses: { 204: nothing('Refused') },
    async handler({ params, services }) {
      await services.selfRegistrations.refuse(params.id);
      return reply(204);
    },
  }),
];

import { notFound, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostProviderPeople, mostProviders, providerShape } from '../shapes.js';
import { providerKinds, providerRoles as roleNames } from '../tenants.js';

const route = routeFor<Cradle>();
const machines = { none: 'Administrators and providers use it.' } as const;
const idParams = z.object({ id: z.uuid() });
const personParams = z.object({ id: z.uuid(), person: z.uuid() });

const email = z.email('This is not an e-mail address.').max(254);
const line = (what: string) =>
  z
    .string()
    .trim()
    .min(1, `Give ${what}.`)
    .max(100, 'Keep it to 100 characters.')
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');

const providerBody = z.strictObject({
  name: line('a name'),
  /** Preferably a general address, not that of a person. */
  email: email.nullable(),
});
const roles = z
  .array(z.enum(roleNames))
  .min(1, 'Choose at least one role.')
  .max(roleNames.length)
  .transform((names) => [...new Set(names)]);

const details = providerShape.extend({
  /** General e-mail address. */
  email: z.string().nullable(),
  /** Roles that the caller may give here; none for those who do not manage the people. */
  grantable: z.array(z.string()).max(roleNames.length),
  people: z
    .array(
      z.object({
        id: z.uuid(),
        givenName: z.string(),
        familyName: z.string(),
        /** Null for callers who do not manage the people. */
        email: z.string().nullable(),
        roles: z.array(z.string()).max(roleNames.length),
        /** Whether the caller may change the roles and remove the person. */
        changeable: z.boolean(),
      }),
    )
    .max(mostProviderPeople)
    .describe('All of them: adding more than the maximum is refused'),
});

export const providerRoutes = [
  route({
    method: 'GET',
    path: '/providers',
    summary: 'Providers of training and tools, by name: your own, or all for portal administrators',
    audit: { none: 'It shows no personal data.' },
    permission: 'provider:read',
    machines,
    query: z.object(pageQuery(100, mostProviders)),
    responses: { 200: z.object({ providers: z.array(providerShape).max(mostProviders), more: z.boolean() }) },
    async handler({ query: { limit }, request, services }) {
      const found = await services.providers.list({ limit: limit + 1, after: request.after() });
      const { rows, more, headers } = pageOf(found, limit, ({ name, id }) => [name, id], request);
      return reply(200, { providers: rows, more }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/providers',
    summary: 'Add a provider',
    permission: 'provider:write',
    machines,
    body: providerBody.extend({ kind: z.enum(providerKinds) }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ body, services }) => reply(201, { id: await services.providers.create(body) }),
  }),
  route({
    method: 'GET',
    path: '/providers/:id',
    summary: 'A provider with its people and their roles',
    permission: 'provider:read',
    machines,
    params: idParams,
    responses: { 200: details },
    async handler({ params: { id }, services: { providers, providerPeople } }) {
      const provider = await providers.get(id);
      if (provider === null) throw notFound();
      return {
        ...provider,
        email: await providers.contactOf(id),
        grantable: await providerPeople.grantable(id),
        people: await providerPeople.members(id),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/providers/:id',
    summary: 'Change the name and the address of a provider',
    permission: 'provider:write',
    machines,
    params: idParams,
    body: providerBody,
    responses: { 204: nothing('Changed') },
    handler: ({ params, body, services }) => services.providers.update(params.id, body),
  }),
  route({
    method: 'DELETE',
    path: '/providers/:id',
    summary: 'Remove a provider with its people',
    permission: 'provider:write',
    machines,
    params: idParams,
    query: z.object({ people: z.coerce.number().int().min(0).describe('How many people work for it, as the caller was shown') }),
    responses: { 204: nothing('Removed') },
    handler: ({ params, query, services }) => services.providers.remove(params.id, query.people),
  }),
  route({
    method: 'POST',
    path: '/providers/:id/people',
    summary: 'Add a person to a provider',
    permission: 'provider-people:write',
    machines,
    params: idParams,
    body: z.strictObject({ givenName: line('a given name'), familyName: line('a family name'), email, roles }),
    responses: { 201: z.object({ id: z.uuid() }) },
    handler: async ({ params, body, services }) => reply(201, { id: await services.providerPeople.add(params.id, body) }),
  }),
  route({
    method: 'PUT',
    path: '/providers/:id/people/:person',
    summary: 'Change the roles of a person at a provider',
    permission: 'provider-people:write',
    machines,
    params: personParams,
    body: z.strictObject({ roles }),
    responses: { 204: nothing('Changed') },
    handler: ({ params, body, services }) => services.providerPeople.setRoles(params.id, params.person, body.roles),
  }),
  route({
    method: 'DELETE',
    path: '/providers/:id/people/:person',
    summary: 'Remove a person from a provider, with name and address',
    permission: 'provider-people:write',
    machines,
    params: personParams,
    responses: { 204: nothing('Removed') },
    handler: ({ params, services }) => services.providerPeople.remove(params.id, params.person),
  }),
];

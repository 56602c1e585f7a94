import { nothing, type Principal, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { refusalSpec, wrongFactor } from '../refusals.js';
import { createdPasskey, newApp, passkeyName, passkeyOptions, recoveryCodes, ticket, typedCode } from './answers.js';
import { mostPasskeys } from './passkeys.js';
import { normaliseCode } from './recovery-codes.js';

const route = routeFor<Cradle>();
const machines = { none: 'It concerns the account of the signed-in person.' } as const;
const noStore = { 'cache-control': 'no-store' };
const added = z.object({ codes: recoveryCodes.nullable().describe('New recovery codes, shown only now; null: none were made') });

const idOf = ({ id }: Principal): string => id as string;
/** What a challenge is for: this session, so that no other one can answer it. */
const useOf = ({ sessions }: Cradle): string => `add ${sessions.current()?.handle}`;

export const factorRoutes = [
  route({
    method: 'GET',
    path: '/factors',
    summary: 'Your second factors',
    permission: 'signed-in',
    machines,
    responses: {
      200: z.object({
        may: z.boolean().describe('Whether you can have them: members of staff who signed in with an own account'),
        passkeys: z
          .array(z.object({ id: z.uuid(), name: z.string(), addedAt: z.date(), usedAt: z.date().nullable() }))
          .max(mostPasskeys),
        appAddedAt: z.date().nullable(),
        recoveryCodes: z.int().describe('How many are left'),
        neededFrom: z.date().nullable().describe('From when you cannot sign in without one; null: you have one, or need none'),
        required: z.boolean(),
      }),
    },
    handler: ({ services }) => services.factors.own(),
  }),
  route({
    method: 'POST',
    path: '/factors/app',
    summary: 'The secret for an authenticator app, which is added with its first code',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    responses: { 200: newApp },
    async handler({ principal, services: { factors, authenticatorApp } }) {
      const { account } = await factors.requireHolder();
      return reply(200, await authenticatorApp.begin(idOf(principal), account.username), noStore);
    },
  }),
  route({
    method: 'POST',
    path: '/factors/app/first-code',
    summary: 'Add that app, in place of an earlier one',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    body: z.strictObject({ ticket, code: typedCode }),
    bodyLimit: 4096,
    responses: { 200: added, 401: refusalSpec('The code is not right') },
    async handler({ principal, body, services: { factors, authenticatorApp } }) {
      await factors.requireHolder();
      const fits = await authenticatorApp.add(idOf(principal), body.ticket, normaliseCode(body.code));
      return fits ? reply(200, { codes: await factors.added(idOf(principal)) }, noStore) : wrongFactor(0);
    },
  }),
  route({
    method: 'DELETE',
    path: '/factors/app',
    summary: 'Remove your authenticator app',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    responses: { 204: nothing('Removed') },
    async handler({ principal, services: { factors, authenticatorApp } }) {
      await factors.requireHolder();
      await factors.remove(idOf(principal), () => authenticatorApp.remove(idOf(principal)));
    },
  }),
  route({
    method: 'POST',
    path: '/factors/passkeys/options',
    summary: 'What a browser needs to make a passkey',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    responses: { 200: passkeyOptions },
    async handler({ principal, services }) {
      const { account, displayName } = await services.factors.requireHolder();
      await services.factors.requireRoom(idOf(principal));
      const person = { id: idOf(principal), username: account.username, displayName };
      return reply(200, { options: { ...(await services.passkeys.creation(person, useOf(services))) } }, noStore);
    },
  }),
  route({
    method: 'POST',
    path: '/factors/passkeys',
    summary: 'Add that passkey',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    body: z.strictObject({ name: passkeyName, credential: createdPasskey }),
    bodyLimit: 65_536,
    responses: { 200: added, 401: refusalSpec('The passkey does not fit') },
    async handler({ principal, body: { name, credential }, services }) {
      await services.factors.requireHolder();
      await services.factors.requireRoom(idOf(principal));
      const fits = await services.passkeys.add(idOf(principal), useOf(services), name, credential as never);
      return fits ? reply(200, { codes: await services.factors.added(idOf(principal)) }, noStore) : wrongFactor(0);
    },
  }),
  route({
    method: 'DELETE',
    path: '/factors/passkeys/:id',
    summary: 'Remove one of your passkeys',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Removed') },
    async handler({ principal, params: { id }, services: { factors, passkeys } }) {
      await factors.requireHolder();
      await factors.remove(idOf(principal), () => passkeys.remove(idOf(principal), id));
    },
  }),
  route({
    method: 'POST',
    path: '/factors/recovery-codes',
    summary: 'Make ten new recovery codes; earlier ones end',
    permission: 'signed-in',
    recentSignIn: true,
    machines,
    responses: { 200: z.object({ codes: recoveryCodes }) },
    async handler({ principal, services: { factors, recoveryCodes } }) {
      await factors.requireFactor(idOf(principal));
      return reply(200, { codes: await recoveryCodes.renew(idOf(principal)) }, noStore);
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/factors',
    summary: 'Whether a person has second factors that you may remove',
    permission: 'account:create',
    machines: { none: 'A person must know who asks for it.' },
    params: z.object({ id: z.uuid() }),
    responses: { 200: z.object({ removable: z.boolean() }) },
    handler: async ({ params: { id }, services }) => ({ removable: await services.factors.mayReset(id) }),
  }),
  route({
    method: 'DELETE',
    path: '/people/:id/factors',
    summary: 'Remove the second factors of a person who lost them, and end their sessions',
    permission: 'account:create',
    recentSignIn: true,
    machines: { none: 'A person must know who asks for it.' },
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Removed') },
    handler: ({ params: { id }, services }) => services.factors.resetOf(id),
  }),
];

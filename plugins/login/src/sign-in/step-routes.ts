import { Problem, type Reply, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import {
  createdPasskey,
  newApp,
  passkeyName,
  passkeyOptions,
  recoveryCodes,
  ticket,
  typedCode,
  usedPasskey,
} from '../factors/answers.js';
import { refusalSpec, tooManyAttempts, wrongFactor } from '../refusals.js';
import type { StepOutcome } from './second-step.js';

const route = routeFor<Cradle>();

const signedIn = z.object({
  displayName: z.string(),
  codes: recoveryCodes.nullable().describe('New recovery codes, shown only now; null: none were made'),
});
const responses = {
  200: signedIn,
  401: refusalSpec('Not the right factor, or the sign-in has ended'),
  429: refusalSpec('Too many failed attempts: wait'),
};

const ended = (): Problem =>
  new Problem({
    type: 'login/step-ended',
    status: 401,
    title: 'Start again',
    detail: 'Enter the username and the password again.',
  });

function answer(outcome: StepOutcome): Problem | Reply<200, z.input<typeof signedIn>> {
  if (outcome.kind === 'ended') return ended();
  if ('wait' in outcome) return outcome.kind === 'throttled' ? tooManyAttempts(outcome.wait) : wrongFactor(outcome.wait);
  const { displayName, codes, cookie } = outcome;
  return reply(200, { displayName, codes }, { 'set-cookie': cookie, 'cache-control': 'no-store' });
}

export const stepRoutes = [
  route({
    method: 'POST',
    path: '/step/code',
    summary: 'Finish a sign-in with a code of an authenticator app, or a recovery code',
    permission: 'public',
    body: z.strictObject({ code: typedCode }),
    bodyLimit: 4096,
    responses,
    handler: async ({ body: { code }, request, services }) =>
      answer(await services.secondStep.withCode(request.header('cookie'), code)),
  }),
  route({
    method: 'POST',
    path: '/passkey/options',
    summary: 'What a browser needs to sign in with a passkey',
    permission: 'public',
    bodyLimit: 4096,
    responses: { 200: passkeyOptions },
    async handler({ request, services }) {
      const { options, cookie } = await services.secondStep.passkeyRequest(request.header('cookie'));
      return reply(200, { options: { ...options } }, { 'set-cookie': cookie, 'cache-control': 'no-store' });
    },
  }),
  route({
    method: 'POST',
    path: '/passkey',
    summary: 'Sign in with a passkey',
    permission: 'public',
    body: z.strictObject({ credential: usedPasskey }),
    bodyLimit: 65_536,
    responses,
    handler: async ({ body, request, services }) =>
      answer(await services.secondStep.withPasskey(request.header('cookie'), body.credential as never)),
  }),
  route({
    method: 'POST',
    path: '/step/app',
    summary: 'The secret for an authenticator app, for somebody whose role requires a second factor before they are signed in',
    permission: 'public',
    bodyLimit: 4096,
    responses: { 200: newApp, 401: refusalSpec('The sign-in has ended') },
    async handler({ request, services }) {
      const app = await services.secondStep.newApp(request.header('cookie'));
      return app === null ? ended() : reply(200, app, { 'cache-control': 'no-store' });
    },
  }),
  route({
    method: 'POST',
    path: '/step/app/first-code',
    summary: 'Add that app with its first code, and finish the sign-in',
    permission: 'public',
    body: z.strictObject({ ticket, code: typedCode }),
    bodyLimit: 4096,
    responses,
    handler: async ({ body: { ticket, code }, request, services }) =>
      answer(await services.secondStep.addApp(request.header('cookie'), ticket, code)),
  }),
  route({
    method: 'POST',
    path: '/step/passkey/options',
    summary: 'What a browser needs to make a passkey, for somebody whose role requires a second factor before they are signed in',
    permission: 'public',
    bodyLimit: 4096,
    responses: { 200: passkeyOptions, 401: refusalSpec('The sign-in has ended') },
    async handler({ request, services }) {
      const options = await services.secondStep.passkeyCreation(request.header('cookie'));
      return options === null ? ended() : reply(200, { options: { ...options } }, { 'cache-control': 'no-store' });
    },
  }),
  route({
    method: 'POST',
    path: '/step/passkey',
    summary: 'Add that passkey, and finish the sign-in',
    permission: 'public',
    body: z.strictObject({ name: passkeyName, credential: createdPasskey }),
    bodyLimit: 65_536,
    responses,
    handler: async ({ body: { name, credential }, request, services }) =>
      answer(await services.secondStep.addPasskey(request.header('cookie'), name, credential as never)),
  }),
];

import { nothing, Problem, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { type PreparedPassword, preparePassword } from '../accounts/password-hash.js';
import { longestPassword } from '../accounts/password-rules.js';
import type { Cradle } from '../cradle.js';
import { refusalSpec, tooManyAttempts } from '../refusals.js';
import { invitationStates, mostInvitations, type Refusal } from './invitations.js';

const route = routeFor<Cradle>();
const permission = 'invitation:write';
/** Who makes accounts in a school. */
const ofSchools = 'account:create';
const machines = { none: 'People who manage a provider or a school use it.' } as const;
const schoolParams = z.object({ school: z.uuid() });
const listed = z.object({
  person: z.uuid(),
  name: z.string(),
  state: z.enum(invitationStates),
  expiresAt: z.iso.datetime().nullable(),
});
const personParams = z.object({ person: z.uuid() });
/** Counter of wrong tokens. */
const kind = 'invitation';

const token = z.string().regex(/^[\w-]{1,100}$/);
const refusals = {
  410: refusalSpec('The link does not work (any more)'),
  429: refusalSpec('Too many wrong links: wait'),
};

export const invitationRoutes = [
  route({
    method: 'GET',
    path: '/invitations',
    summary: 'The people of a provider who were invited or have no account yet, and what became of their invitations',
    permission,
    machines,
    query: z.object({ provider: z.uuid() }),
    responses: {
      200: z.object({
        invitations: z.array(listed).max(mostInvitations),
      }),
    },
    handler: async ({ query, services }) => ({ invitations: await services.invitations.list(query.provider) }),
  }),
  route({
    method: 'POST',
    path: '/invitations/:person/again',
    summary: 'Send a new invitation; the earlier link stops working',
    permission,
    machines,
    params: personParams,
    responses: { 204: nothing('It is on its way') },
    handler: ({ params, services }) => services.invitations.sendAgain(params.person),
  }),
  route({
    method: 'DELETE',
    path: '/invitations/:person',
    summary: 'Withdraw an invitation: its link stops working',
    permission,
    machines,
    params: personParams,
    responses: { 204: nothing('Withdrawn') },
    handler: ({ params, services }) => services.invitations.withdraw(params.person),
  }),
  route({
    method: 'GET',
    path: '/schools/:school/invitations',
    summary: 'The people of a school of yours who were invited, and what became of their invitations',
    permission: ofSchools,
    machines,
    params: schoolParams,
    responses: { 200: z.object({ invitations: z.array(listed.extend({ may: z.boolean() })).max(mostInvitations) }) },
    handler: async ({ params, services }) => ({ invitations: await services.invitations.listOfSchool(params.school) }),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/invitations/:person/again',
    summary: 'Send somebody of a school of yours a new invitation; the earlier link stops working',
    permission: ofSchools,
    recentSignIn: true,
    machines,
    params: schoolParams.extend(personParams.shape),
    responses: { 204: nothing('It is on its way') },
    handler: ({ params, services }) => services.invitations.sendAgainInSchool(params.school, params.person),
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/invitations/:person/address',
    summary: 'Mend the address of somebody of a school of yours, and send the invitation there',
    permission: ofSchools,
    recentSignIn: true,
    machines,
    params: schoolParams.extend(personParams.shape),
    body: z.strictObject({ email: z.email().max(254) }),
    responses: { 204: nothing('It is on its way') },
    handler: ({ params, body, services }) => services.invitations.sendToInSchool(params.school, params.person, body.email),
  }),
  route({
    method: 'DELETE',
    path: '/schools/:school/invitations/:person',
    summary: 'Withdraw the invitation of somebody of a school of yours: its link stops working',
    permission: ofSchools,
    machines,
    params: schoolParams.extend(personParams.shape),
    responses: { 204: nothing('Withdrawn') },
    handler: ({ params, services }) => services.invitations.withdrawInSchool(params.school, params.person),
  }),
  route({
    method: 'POST',
    path: '/invitation',
    summary: 'What the link of an invitation is for; the link stays valid',
    permission: 'public',
    body: z.strictObject({ token }),
    bodyLimit: 4096,
    responses: {
      200: z.object({
        provider: z.string(),
        invitedBy: z.string().nullable(),
        givenName: z.string(),
        shortestPassword: z.int(),
      }),
      ...refusals,
    },
    async handler({ body, request: { address }, services: { invitations, throttle } }) {
      const wait = await throttle.secondsToWaitAt(address, kind);
      if (wait > 0) return tooManyAttempts(wait);
      const found = await invitations.look(body.token);
      if (typeof found !== 'string') return found;
      await throttle.failedAt(address, kind);
      return refused(found);
    },
  }),
  route({
    method: 'POST',
    path: '/invitation/accept',
    summary: 'Make an account by an invitation, and sign in',
    permission: 'public',
    body: z.strictObject({
      token,
      username: z
        .string()
        .min(1)
        .max(256)
        .regex(/^\P{Cc}*$/u, 'must not contain control characters'),
      password: z.string().min(1).max(longestPassword),
    }),
    bodyLimit: 4096,
    responses: { 200: z.object({ displayName: z.string() }), ...refusals },
    outside: {
      seconds: 30,
      // Only the password of somebody with a link that works is hashed.
      call: async ({ body, request: { address }, read, signal }): Promise<{ wait: number } | Refusal | PreparedPassword> => {
        const wait = await read(({ throttle }) => throttle.secondsToWaitAt(address, kind));
        if (wait > 0) return { wait };
        const found = await read(({ invitations }) => invitations.look(body.token));
        return typeof found === 'string' ? found : preparePassword(body.password, signal);
      },
    },
    async handler({ body, result, request: { address }, services: { invitations, throttle } }) {
      if (typeof result === 'object' && 'wait' in result) return tooManyAttempts(result.wait);
      const done = typeof result === 'string' ? result : await invitations.accept(body.token, body.username, result);
      if (typeof done !== 'string') return done;
      await throttle.failedAt(address, kind);
      return refused(done);
    },
  }),
];

const details: Record<Refusal, string> = {
  unknown: 'This link does not work. Open the newest e-mail, or ask for a new invitation.',
  used: 'This invitation was used already. Sign in with the account that was made with it.',
  expired: 'This invitation has expired. Ask for a new one.',
  withdrawn: 'This invitation was withdrawn.',
};

/** Returned, not thrown: throwing would roll back the count of the failed attempt. */
const refused = (reason: Refusal): Problem =>
  new Problem({
    type: `login/invitation-${reason}`,
    status: 410,
    title: 'No invitation',
    detail: details[reason],
    extra: { reason },
  });

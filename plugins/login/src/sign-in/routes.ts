import { notFound, nothing, type RouteRequest, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { preparePassword } from '../accounts/password-hash.js';
import { longestPassword } from '../accounts/password-rules.js';
import type { Cradle } from '../cradle.js';
import { audiences } from '../exports.js';
import { refusalSpec, tooManyAttempts, wrongCredentials, wrongPassword } from '../refusals.js';
import { checkPassword } from './checked-password.js';

const route = routeFor<Cradle>();

/** Seconds that a sign-in may wait for its turn when many sign in at once. */
const patience = 30;
/** Limits the length before hashing. Usernames have no control characters, and PostgreSQL cannot store NUL. */
const typedPassword = z.string().min(1).max(longestPassword);
const typedUsername = z
  .string()
  .min(1)
  .max(256)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters');

const options = route({
  method: 'GET',
  path: '/options',
  summary: 'The ways to sign in, by kind of person',
  permission: 'public',
  audit: { none: 'It shows no personal data.' },
  responses: {
    200: z.object({
      audiences: z
        .array(
          z.object({
            key: z.enum(audiences),
            ofSchools: z.boolean(),
            providers: z.array(z.object({ key: z.string(), label: z.string(), startPath: z.string() })).max(100),
          }),
        )
        .max(audiences.length),
    }),
  },
  handler: ({ services }) => services.providers.options(),
});

const signIn = route({
  method: 'POST',
  path: '/session',
  summary: 'Sign in with an own account',
  permission: 'public',
  body: z.strictObject({ username: typedUsername, password: typedPassword }),
  bodyLimit: 4096,
  responses: {
    200: z.object({ displayName: z.string() }),
    202: z
      .object({ step: z.enum(['confirm', 'enrol']) })
      .describe('The password was right: a second factor is asked for, or must be added first'),
    401: refusalSpec('The username or the password is not right'),
    429: refusalSpec('Too many failed attempts: wait'),
  },
  outside: {
    seconds: patience,
    call: ({ body: { username, password }, request, read, signal }) =>
      checkPassword(password, () => read(({ signIn }) => signIn.begin({ username, ...clientOf(request) })), signal),
  },
  async handler({ services, body: { username }, request, result }) {
    const client = clientOf(request);
    const outcome = await services.signIn.attempt({ username, ...client }, result);
    if (outcome.kind === 'throttled') return tooManyAttempts(outcome.wait);
    if (outcome.kind === 'refused') return wrongCredentials(outcome.wait);
    if (outcome.kind === 'step') return reply(202, { step: outcome.step }, { 'set-cookie': outcome.cookie });
    const remembered = await services.knownDevices.remember(outcome.username, client.cookies);
    return reply(200, { displayName: outcome.displayName }, { 'set-cookie': remembered });
  },
});

const changePassword = route({
  method: 'PUT',
  path: '/password',
  summary: 'Change your own password; your other sessions end',
  permission: 'signed-in',
  machines: { none: 'It concerns the account of the signed-in person.' },
  body: z.strictObject({ current: typedPassword, password: typedPassword }),
  bodyLimit: 4096,
  responses: {
    204: nothing('The password is changed'),
    403: refusalSpec('The current password is not right'),
    429: refusalSpec('Too many failed attempts: wait'),
  },
  outside: {
    seconds: patience,
    call: async ({ body, principal, request: { address }, read, signal }) => {
      const begin = async () => {
        const begun = await read(({ signIn }) => signIn.beginChange({ personId: principal.id as string, address }));
        if (begun === null) throw noOwnAccount();
        return begun;
      };
      const checked = await checkPassword(body.current, begin, signal);
      return { checked, password: checked.fits ? await preparePassword(body.password, signal) : null };
    },
  },
  async handler({ services, principal, request: { address }, result: { checked, password } }) {
    const outcome = await services.signIn.changePassword({ personId: principal.id as string, address, password }, checked);
    if (outcome === null) throw noOwnAccount();
    if (outcome.kind === 'throttled') return tooManyAttempts(outcome.wait);
    if (outcome.kind === 'refused') return wrongPassword(outcome.wait);
    return undefined;
  },
});

const clientOf = ({ address, header }: RouteRequest) => ({ address, cookies: header('cookie') });

const noOwnAccount = () => notFound('You have no account of your own here: change your password where you sign in.');

const account = route({
  method: 'GET',
  path: '/account',
  summary: 'Your own account',
  permission: 'signed-in',
  machines: { none: 'It concerns the account of the signed-in person.' },
  responses: {
    200: z.object({
      /** Null if the person only signs in through a provider. */
      account: z.object({ username: z.string(), expiresAt: z.iso.datetime().nullable(), shortestPassword: z.int() }).nullable(),
    }),
  },
  handler: async ({ services, principal }) => ({ account: await services.accounts.summaryOf(principal.id as string) }),
});

export const signInRoutes = [options, signIn, changePassword, account];

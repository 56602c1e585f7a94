import { nothing, Problem, type Reply, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { mostInList } from '../accounts/passwords.js';
import type { Cradle } from '../cradle.js';
import { refusalSpec, tooManyAttempts } from '../refusals.js';
import type { BadgeOutcome } from './badge-sign-in.js';
import { pictures, picturesChosen } from './pictures.js';

const route = routeFor<Cradle>();
const machines = { none: 'Badges are for people.' } as const;
const noStore = { 'cache-control': 'no-store' };
const ofClass = z.object({ id: z.uuid() });
const ofPupil = z.object({ id: z.uuid(), pupil: z.uuid() });
const permission = 'password:reset';

const listed = z.object({
  id: z.uuid(),
  givenName: z.string(),
  familyName: z.string(),
  madeAt: z.date().nullable().describe('Null: no badge'),
  usedAt: z.date().nullable(),
  chosen: z.boolean().describe('Whether the child has chosen their pictures'),
  guessed: z.boolean().describe('The pictures were wrong so often that the badge is closed until the child may choose again'),
});
const answered = z.object({
  state: z
    .enum(['signed-in', 'choose', 'ask'])
    .describe('`choose`: the child has no pictures yet; `ask`: they show which are theirs'),
  displayName: z.string().nullable().describe('Once signed in'),
});

const refused = (status: number, type: string, title: string): Problem => new Problem({ type: `login/${type}`, status, title });

function answer(outcome: BadgeOutcome): Problem | Reply<200, z.input<typeof answered>> {
  if (outcome.kind === 'signed-in') return reply(200, { state: 'signed-in', displayName: outcome.displayName }, noStore);
  if (outcome.kind === 'state') return reply(200, { state: outcome.state, displayName: null }, noStore);
  if ('wait' in outcome)
    return outcome.wait > 0 ? tooManyAttempts(outcome.wait) : refused(401, 'wrong-pictures', 'Not these pictures');
  return outcome.kind === 'closed'
    ? refused(403, 'badge-closed', 'Badges do not work now')
    : refused(401, 'badge-unknown', 'This badge does not work');
}

export const badgeRoutes = [
  route({
    method: 'POST',
    path: '/badge',
    summary: 'Sign in with a badge and three pictures',
    permission: 'public',
    body: z.strictObject({
      secret: z
        .string()
        .trim()
        .min(10)
        .max(64)
        .regex(/^[\w-]+$/u, 'is not on a badge'),
      pictures: z
        .array(z.enum(pictures))
        .length(picturesChosen)
        .refine((chosen) => new Set(chosen).size === picturesChosen, 'names a picture twice')
        .nullable()
        .default(null)
        .describe('Null: only ask whether the badge works'),
    }),
    bodyLimit: 4096,
    responses: {
      200: answered,
      401: refusalSpec('Not a badge, or not its pictures'),
      403: refusalSpec('Badges do not work now'),
      429: refusalSpec('Too many failed attempts: wait'),
    },
    handler: async ({ body: { secret, pictures: chosen }, request: { address }, services }) =>
      answer(await services.badgeSignIn.signIn(secret, chosen, address)),
  }),
  route({
    method: 'GET',
    path: '/classes/:id/badges',
    summary: 'The pupils of a class with their badges, and until when badges work',
    permission,
    machines,
    params: ofClass,
    responses: {
      200: z.object({
        name: z.string(),
        openUntil: z.date().nullable(),
        always: z.boolean().describe('The school lets badges work at any time'),
        pupils: z.array(listed).max(mostInList),
      }),
    },
    handler: ({ params: { id }, services }) => services.badges.ofClass(id),
  }),
  route({
    method: 'PUT',
    path: '/classes/:id/badge-window',
    summary: 'Let the badges of a class work for some minutes; 0 ends it',
    permission,
    machines,
    params: ofClass,
    body: z.strictObject({ minutes: z.int().min(0).max(120) }),
    responses: { 204: nothing('Done') },
    handler: ({ params: { id }, body: { minutes }, services }) => services.badges.open(id, minutes),
  }),
  route({
    method: 'POST',
    path: '/classes/:id/pupils/:pupil/badge',
    summary: 'Make a badge for a pupil, which is shown only now; an earlier one ends',
    permission,
    recentSignIn: true,
    machines,
    params: ofPupil,
    responses: {
      200: z.object({
        personId: z.uuid(),
        givenName: z.string(),
        familyName: z.string(),
        short: z.string().describe('To be typed where nothing can scan'),
        code: z.object({ size: z.int(), path: z.string() }).describe('QR code: an SVG path in a square of `size`'),
      }),
    },
    handler: async ({ params: { id, pupil }, services }) => reply(200, await services.badges.renew(id, pupil), noStore),
  }),
  route({
    method: 'DELETE',
    path: '/classes/:id/pupils/:pupil/badge',
    summary: 'End the badge of a pupil, and the sessions that it began',
    permission,
    machines,
    params: ofPupil,
    responses: { 204: nothing('Ended') },
    handler: ({ params: { id, pupil }, services }) => services.badges.end(id, pupil),
  }),
  route({
    method: 'DELETE',
    path: '/classes/:id/badges',
    summary: 'End the badges of all pupils of a class',
    permission,
    machines,
    params: ofClass,
    responses: { 204: nothing('Ended') },
    async handler({ params: { id }, services }) {
      if (await services.badges.endAll(id)) return undefined;
      return refused(423, 'badges-restricted', 'The badges of pupils whose data are restricted go on');
    },
  }),
  route({
    method: 'DELETE',
    path: '/classes/:id/pupils/:pupil/pictures',
    summary: 'Let a pupil choose other pictures at the next sign-in',
    permission,
    recentSignIn: true,
    machines,
    params: ofPupil,
    responses: { 204: nothing('Done') },
    handler: ({ params: { id, pupil }, services }) => services.badges.forgetPictures(id, pupil),
  }),
];

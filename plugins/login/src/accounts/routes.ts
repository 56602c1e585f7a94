import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { generatePassword } from './generate.js';
import { preparePassword } from './password-hash.js';
import { mostInList } from './passwords.js';

const route = routeFor<Cradle>();
const machines = { none: 'Passwords are for people.' } as const;
const params = z.object({ id: z.uuid() });

const listed = z.object({
  id: z.uuid(),
  givenName: z.string(),
  familyName: z.string(),
  kind: z.enum(['pupil', 'staff']),
  username: z.string().nullable().describe('Null: no account'),
  className: z.string().nullable(),
});

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/people/:id/account',
    summary: 'The username of a person, and whether you may give them a new password',
    permission: 'password:reset',
    machines,
    params,
    responses: {
      200: z.object({
        username: z.string().nullable(),
        may: z.enum(['reset', 'create']).nullable().describe('`create`: there is no account yet; null: nothing'),
      }),
    },
    handler: ({ params: { id }, services }) => services.passwords.accountOf(id),
  }),
  route({
    method: 'POST',
    path: '/people/:id/password',
    summary: 'Give a person a new password, which is shown only now, and end their sessions; makes an account if there is none',
    permission: 'password:reset',
    recentSignIn: true,
    machines,
    params,
    responses: {
      200: z.object({
        personId: z.uuid(),
        givenName: z.string(),
        familyName: z.string(),
        kind: z.enum(['pupil', 'staff']),
        username: z.string(),
        password: z.string(),
        code: z
          .object({ size: z.int(), path: z.string() })
          .describe('QR code of the sign-in page with this username: an SVG path in a square of `size`'),
      }),
    },
    outside: { call: ({ signal }) => preparePassword(generatePassword(), signal) },
    handler: ({ params: { id }, services, result }) => services.passwords.renew(id, result),
  }),
  route({
    method: 'GET',
    path: '/classes/:id/accounts',
    summary: 'The usernames of the pupils of a class, for their sign-in cards',
    permission: 'password:reset',
    machines,
    params,
    responses: {
      200: z.object({
        name: z.string(),
        school: z.uuid(),
        may: z.boolean().describe('False: you may give these pupils no passwords, and the list is empty'),
        mayCreate: z.boolean().describe('Whether you may make accounts for those who have none'),
        pupils: z.array(listed).max(mostInList),
      }),
    },
    handler: ({ params: { id }, services }) => services.passwords.ofClass(id),
  }),
  route({
    method: 'GET',
    path: '/schools/:id/missing-accounts',
    summary: 'People of a school who have no account',
    permission: 'account:create',
    machines,
    params,
    responses: {
      200: z.object({
        needed: z.boolean().describe('False: people of schools sign in through an identity provider'),
        total: z.int(),
        people: z.array(listed).max(mostInList),
      }),
    },
    handler: ({ params: { id }, services }) => services.passwords.missingIn(id),
  }),
];

import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { functions, mostSchools } from './rows.js';
import { entrySchool, newRequest, token } from './shapes.js';
import { entryStates } from './states.js';

const route = routeFor<Cradle>();
const withToken = z.strictObject({ token });
const bodyLimit = 4_096;

const followed = z.object({
  state: z.enum(entryStates),
  kind: z.enum(['school', 'group']),
  name: z.string(),
  schools: z.array(entrySchool).max(mostSchools),
  givenName: z.string(),
  familyName: z.string(),
  email: z.string(),
  function: z.enum(functions),
  position: z.int().nullable().describe('Place in the list; null unless it waits'),
  offerUntil: z.date().nullable(),
  reason: z.string().nullable(),
});

export const publicRoutes = [
  route({
    method: 'POST',
    path: '/requests',
    summary: 'Ask for a place for a school or school group; a link is sent to the address',
    permission: 'public',
    bodyLimit: 64 * 1_024,
    body: newRequest,
    responses: { 202: nothing('If the address is right, a letter is on its way') },
    handler: ({ body, request, services: { requests } }) => requests.submit(body, request.address),
  }),
  route({
    method: 'POST',
    path: '/requests/confirm',
    summary: 'Confirm a request by the link that was sent; returns what follows it from now on',
    permission: 'public',
    bodyLimit,
    body: withToken,
    responses: { 200: z.object({ token: z.string() }) },
    handler: async ({ body, services: { requests } }) => ({ token: await requests.confirm(body.token) }),
  }),
  route({
    method: 'POST',
    path: '/requests/look',
    summary: 'How a request stands, by its secret link',
    permission: 'public',
    bodyLimit,
    body: withToken,
    responses: {
      200: followed,
    },
    handler: ({ body, services: { requests } }) => requests.follow(body.token),
  }),
  route({
    method: 'POST',
    path: '/requests/offer',
    summary: 'An offer, by the link in its letter; the link stays valid',
    permission: 'public',
    session: false,
    bodyLimit,
    body: withToken,
    responses: { 200: followed.extend({ follow: z.string().describe('Token with which the request is followed') }) },
    handler: ({ body, services: { requests } }) => requests.offer(body.token),
  }),
  route({
    method: 'POST',
    path: '/requests/withdraw',
    summary: 'Withdraw a request, or refuse an offer',
    permission: 'public',
    bodyLimit,
    body: withToken,
    responses: { 204: nothing('Withdrawn') },
    handler: ({ body, services: { requests } }) => requests.withdraw(body.token),
  }),
  route({
    method: 'POST',
    path: '/requests/invite-again',
    summary: 'Send the contact of an accepted offer the invitation once more',
    permission: 'public',
    session: false,
    bodyLimit,
    body: withToken,
    responses: { 204: nothing('It is on its way') },
    handler: ({ body, services: { requests } }) => requests.inviteAgain(body.token),
  }),
];

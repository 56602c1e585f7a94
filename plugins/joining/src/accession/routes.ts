import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { email, instellingsnummer, token, words } from '../waiting-list/shapes.js';
import { firstRoles, mostPeople } from './accession.js';
import { mostJoined, stepStates, steps } from './steps.js';

const route = routeFor<Cradle>();
const common = { permission: 'joining:steps', machines: { none: 'People of the school decide.' } } as const;

const name = { givenName: words(100), familyName: words(100) };
const person = z.strictObject({
  ...name,
  roles: z
    .array(z.enum(firstRoles))
    .min(1)
    .max(firstRoles.length)
    .refine((roles) => new Set(roles).size === roles.length, 'has a role twice'),
});
const schools = z.array(z.uuid()).min(1).max(mostJoined);

export const accessionRoutes = [
  route({
    method: 'POST',
    path: '/requests/accept',
    summary: 'Accept an offer, by the link in its letter: makes the schools, and invites their first people',
    permission: 'public',
    // Whoever is signed in here may not give the roles: the link alone decides.
    session: false,
    bodyLimit: 16 * 1_024,
    body: z.strictObject({
      token,
      own: person,
      colleagues: z
        .array(z.strictObject({ ...name, email }))
        .max(mostPeople - 1)
        .default([]),
    }),
    responses: { 204: nothing('The schools are there, and the invitations on their way') },
    handler: ({ body: { token: link, own, colleagues }, services: { accession } }) => accession.accept(link, { own, colleagues }),
  }),
  route({
    method: 'GET',
    path: '/steps',
    summary: 'Your schools that joined by the waiting list, and how far their steps are',
    audit: { none: 'It shows no personal data.' },
    ...common,
    responses: {
      200: z.object({
        schools: z
          .array(
            z.object({
              school: z.uuid(),
              name: z.string(),
              number: instellingsnummer,
              steps: z.record(z.enum(steps), z.enum(stepStates)),
              finished: z.boolean(),
            }),
          )
          .max(mostJoined),
        more: z.boolean(),
      }),
    },
    handler: ({ services: { joiningSteps } }) => joiningSteps.list(),
  }),
  route({
    method: 'PUT',
    path: '/steps/:step',
    summary: 'Say of schools of yours that a step is done, is for later, or is open',
    ...common,
    params: z.object({ step: z.enum(steps) }),
    body: z.strictObject({ schools, state: z.enum(stepStates) }),
    responses: { 204: nothing('Kept') },
    handler: ({ params: { step }, body, services: { joiningSteps } }) => joiningSteps.set(body.schools, step, body.state),
  }),
  route({
    method: 'POST',
    path: '/steps/finish',
    summary: 'End the steps of schools of yours; what is left is found on their pages',
    ...common,
    body: z.strictObject({ schools }),
    responses: { 204: nothing('Finished') },
    handler: ({ body, services: { joiningSteps } }) => joiningSteps.finish(body.schools),
  }),
];

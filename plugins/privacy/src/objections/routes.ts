import { notFound, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { findPerson } from '../find-person.js';
import { ownId } from '../own-id.js';
import { objectableTo } from './objectable.js';

const route = routeFor<Cradle>();
const ownMachines = { none: 'A person decides about their own data.' };
const officerMachines = { none: 'A person must answer privacy requests.' };
const noted = { none: 'The kernel records each request about a person.' };
const purpose = z.string().max(100);
const personPurpose = z.object({ id: z.uuid(), purpose });

const purposes = z.object({
  purposes: z
    .array(z.object({ id: z.string(), name: z.string(), why: z.string(), since: z.iso.datetime().nullable() }))
    .max(1_000)
    .describe('Purposes that allow an objection; `since`: when the objection that stands was made'),
});

export const objectionRoutes = [
  route({
    method: 'GET',
    path: '/own/objections',
    summary: 'Purposes to which you may object, and your objections (GDPR art. 21)',
    permission: 'signed-in',
    machines: ownMachines,
    audit: { none: 'It shows a person what they decided themself.' },
    responses: { 200: purposes },
    handler: async ({ principal, services, request }) => ({
      purposes: await objectableTo(services, ownId(principal), request.language),
    }),
  }),
  route({
    method: 'PUT',
    path: '/own/objections/:purpose',
    summary: 'Object to a purpose: it holds at once, and for later data',
    permission: 'signed-in',
    machines: ownMachines,
    params: z.object({ purpose }),
    responses: { 204: nothing('Recorded') },
    handler: ({ params, principal, services }) => services.privacy.object(ownId(principal), params.purpose),
  }),
  route({
    method: 'DELETE',
    path: '/own/objections/:purpose',
    summary: 'Withdraw your objection to a purpose',
    permission: 'signed-in',
    machines: ownMachines,
    params: z.object({ purpose }),
    responses: { 204: nothing('Recorded') },
    handler: async ({ params, principal, services }) => {
      if (!(await services.privacy.withdrawObjection(ownId(principal), params.purpose))) throw notFound();
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/objections',
    summary: 'Purposes to which a person may object, and their objections',
    permission: 'privacy:read',
    machines: officerMachines,
    params: z.object({ id: z.uuid() }),
    audit: noted,
    responses: { 200: purposes },
    async handler({ params: { id }, services, request }) {
      await findPerson(services, id);
      return { purposes: await objectableTo(services, id, request.language) };
    },
  }),
  route({
    method: 'PUT',
    path: '/people/:id/objections/:purpose',
    summary: 'Record the objection of a person to a purpose',
    permission: 'privacy:read',
    machines: officerMachines,
    params: personPurpose,
    responses: { 204: nothing('Recorded') },
    async handler({ params: { id, purpose: of }, services }) {
      await findPerson(services, id);
      await services.privacy.object(id, of);
    },
  }),
  route({
    method: 'DELETE',
    path: '/people/:id/objections/:purpose',
    summary: 'Record that a person withdraws an objection',
    permission: 'privacy:read',
    machines: officerMachines,
    params: personPurpose,
    responses: { 204: nothing('Recorded') },
    async handler({ params: { id, purpose: of }, services }) {
      await findPerson(services, id);
      if (!(await services.privacy.withdrawObjection(id, of))) throw notFound();
    },
  }),
];

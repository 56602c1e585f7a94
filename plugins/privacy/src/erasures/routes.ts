import { conflict, type ErasureStatus, notFound, Problem, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { findPerson, fullName, namesOf } from '../find-person.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });

/** Maximum number of counts: two for each table of the portal, deleted and anonymised rows. */
const mostTables = 20_000;

/** Maximum in a list. The kernel returns one more if there are more. */
const mostErasures = 100;

const row = z.object({ plugin: z.string(), table: z.string(), action: z.enum(['deleted', 'anonymised']), rows: z.int() });
const erasable = row.extend({ title: z.string() });
export type Erasable = z.infer<typeof erasable>;

const erasure = z.object({
  id: z.uuid(),
  state: z.enum(['running', 'failed', 'done']),
  /** Null once the erasure is done, or if the directory has already erased the person. */
  name: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  failure: z.string().nullable(),
  nextTryAt: z.iso.datetime().nullable(),
  rows: z.array(row).max(mostTables),
});
export type Erasure = z.infer<typeof erasure>;

export const erasureRoutes = [
  route({
    method: 'GET',
    path: '/people/:id/erasure',
    summary: 'What erasing a person would delete or anonymise now, by table',
    permission: 'privacy:erase',
    machines: { none: 'A person must decide on an erasure.' },
    params,
    audit: { none: 'The kernel records each request about a person.' },
    responses: { 200: z.array(erasable).max(mostTables) },
    async handler({ params: { id }, services, request }) {
      await findPerson(services, id);
      return services.privacy.erasable(id, request.language);
    },
  }),
  route({
    method: 'POST',
    path: '/people/:id/erasure',
    summary: 'Erase a person for good (GDPR art. 17); their name confirms it',
    permission: 'privacy:erase',
    recentSignIn: true,
    machines: { none: 'A person must decide on an erasure.' },
    params,
    body: z.strictObject({ name: z.string().max(250) }),
    responses: { 202: erasure },
    async handler({ params: { id }, body, principal, services }) {
      const person = await findPerson(services, id);
      if (principal.id === id)
        throw conflict('privacy/yourself', 'You cannot erase yourself. Ask somebody else who may erase people.');
      if (!isSame(body.name, fullName(person))) throw notConfirmed();
      const started = await services.privacy.erase(id);
      return reply(202, describe(started, fullName(person)));
    },
  }),
  route({
    method: 'GET',
    path: '/erasures',
    summary: 'Erasures that are not done, then the latest that are',
    permission: 'privacy:erase',
    machines: { none: 'A person must decide on an erasure.' },
    responses: { 200: z.object({ erasures: z.array(erasure).max(mostErasures), more: z.boolean() }) },
    async handler({ services }) {
      const found = await services.privacy.erasures();
      const erasures = found.slice(0, mostErasures);
      const names = await namesOf(
        services,
        erasures.map(({ personId }) => personId),
      );
      return {
        erasures: erasures.map((each) => describe(each, names.get(each.personId ?? '') ?? null)),
        more: found.length > mostErasures,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/erasures/:id',
    summary: 'State of an erasure',
    permission: 'privacy:erase',
    machines: { none: 'A person must decide on an erasure.' },
    params,
    responses: { 200: erasure },
    async handler({ params: { id }, services }) {
      const found = await services.privacy.status(id);
      if (found === null) throw notFound();
      const names = await namesOf(services, [found.personId]);
      return describe(found, names.get(found.personId ?? '') ?? null);
    },
  }),
];

const isSame = (typed: string, name: string): boolean => plain(typed) === plain(name);
const plain = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ');

const notConfirmed = (): Problem =>
  new Problem({
    type: 'privacy/not-confirmed',
    status: 400,
    title: 'Not confirmed',
    errors: [{ in: 'body', pointer: '/name', message: 'This is not the name of the person.' }],
  });

const describe = (
  { id, state, requestedAt, finishedAt, failure, nextTryAt, rows }: ErasureStatus,
  name: string | null,
): Erasure => ({
  ...{ id, state, name, failure, rows },
  requestedAt: requestedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
  nextTryAt: nextTryAt?.toISOString() ?? null,
});

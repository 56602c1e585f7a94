import { forbidden, notFound, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { StudyCradle } from './cradle.js';
import { type Delivered, mostShown } from './deliveries.js';
import { studyStates } from './study.js';

const route = routeFor<StudyCradle>();
const machines = { none: 'A person looks at their own data.' } as const;
const params = z.object({ study: z.uuid() });

const ownStudy = z.object({
  state: z.enum(studyStates),
  /** What a researcher got of the person, the latest first. */
  delivered: z
    .array(z.object({ from: z.iso.date(), to: z.iso.date(), fetchedAt: z.iso.datetime(), rows: z.int() }))
    .max(mostShown),
});
export type OwnStudy = z.output<typeof ownStudy>;

async function ofPerson({ studies, deliveries }: StudyCradle, study: string, person: string): Promise<OwnStudy> {
  const { state } = await studies.get(study);
  if (state === 'draft') throw notFound();
  const viewOf = ({ fetchedAt, ...rest }: Delivered) => ({ ...rest, fetchedAt: fetchedAt.toISOString() });
  return { state, delivered: (await deliveries.ofPerson(study, person)).map(viewOf) };
}

/** What people, parents and schools see of a study beside its question. */
export const ownStudyRoutes = [
  route({
    method: 'GET',
    path: '/own/studies/:study',
    summary: 'What a researcher got of you for a study',
    permission: 'signed-in',
    machines,
    audit: { none: 'It shows a person their own data.' },
    params,
    responses: { 200: ownStudy },
    async handler({ params: { study }, principal: { kind, id }, services }) {
      if (kind !== 'person' || id === null) throw forbidden();
      // Also what was delivered of them in a school that they have left.
      return services.actAs<OwnStudy, StudyCradle>(systemPrincipal(), (all) => ofPerson(all, study, id));
    },
  }),
  route({
    method: 'GET',
    path: '/consent-links/:token',
    summary: 'What a researcher got of the child whom a parent’s link is about',
    permission: 'public',
    audit: { none: 'Whoever has the link reads what names nobody.' },
    params: z.object({ token: z.string().regex(/^[\w-]{43}$/) }),
    responses: { 200: ownStudy },
    async handler({ params: { token }, services }) {
      const { person, about } = await services.privacy.consents.askedByLink(token);
      const study = z.uuid().safeParse(about).data;
      if (study === undefined) throw notFound();
      return services.actAs<OwnStudy, StudyCradle>(systemPrincipal(), (all) => ofPerson(all, study, person));
    },
  }),
  route({
    method: 'GET',
    path: '/people/:person/studies/:study',
    summary: 'What a researcher got of a person of your schools for a study',
    permission: 'privacy:read',
    machines,
    params: z.object({ person: z.uuid(), study: z.uuid() }),
    responses: { 200: ownStudy },
    async handler({ params: { person, study }, services }) {
      if ((await services.directory.people.get(person)) === null) throw notFound();
      return ofPerson(services, study, person);
    },
  }),
];

import { forbidden, notFound, nothing, type Principal, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { afterQuery, pageFrom, pageSize } from '../releases/page.js';
import type { StudyCradle } from './cradle.js';
import { mostShown } from './deliveries.js';
import { newStudy, studyView } from './study.js';

const route = routeFor<StudyCradle>();
const machines = { none: 'Data stewards decide about studies.' } as const;
const permission = 'study:manage';
const audit = { none: 'It shows no data about people.' };
const params = z.object({ id: z.uuid() });

const listed = studyView.extend({ schools: z.int(), agreed: z.int() });
export type ListedStudy = z.output<typeof listed>;
const delivery = z.object({ from: z.iso.date(), to: z.iso.date(), fetchedAt: z.iso.datetime(), people: z.int(), rows: z.int() });
export type DeliveryView = z.output<typeof delivery>;

/** Studies are about several schools, so nobody of one school decides about them. */
function ofPortal({ tenants }: Principal): void {
  if (tenants !== '*') throw forbidden('Only people who act for the whole portal decide about studies.');
}

export const studyRoutes = [
  route({
    method: 'GET',
    path: '/studies',
    summary: 'Studies, the latest first',
    permission,
    machines,
    audit,
    query: afterQuery,
    responses: { 200: z.object({ studies: z.array(listed).max(pageSize), more: z.boolean(), next: z.string().nullable() }) },
    async handler({ principal, request, services }) {
      ofPortal(principal);
      const found = await services.studies.list(request.after());
      const { rows, more, next, headers } = pageFrom(found, ({ id }) => [id], request);
      return reply(200, { studies: rows, more, next }, headers);
    },
  }),
  route({
    method: 'POST',
    path: '/studies',
    summary: 'Describe a study, as a draft',
    permission,
    machines,
    body: newStudy,
    responses: { 201: z.object({ id: z.uuid() }) },
    async handler({ body, principal, services }) {
      ofPortal(principal);
      return reply(201, { id: await services.studies.add(body) });
    },
  }),
  route({
    method: 'DELETE',
    path: '/studies/:id',
    summary: 'Drop a draft',
    permission,
    machines,
    params,
    responses: { 204: nothing('Dropped') },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      await services.studies.drop(id);
    },
  }),
  route({
    method: 'POST',
    path: '/studies/:id/approve',
    summary: 'Approve a study as it is; it does not change after that',
    permission: 'study:approve',
    machines,
    params,
    responses: { 204: nothing('Approved') },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      await services.studies.approve(id);
    },
  }),
  route({
    method: 'POST',
    path: '/studies/:id/end',
    summary: 'End a study for good, and delete what was kept for it',
    permission,
    machines,
    params,
    responses: { 204: nothing('Ended') },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      await services.studies.end(id);
    },
  }),
  route({
    method: 'POST',
    path: '/studies/:id/token',
    summary: 'Make the token with which the data of a study are fetched, which is shown once; the one before it ends',
    permission: 'study:approve',
    machines,
    params,
    responses: { 201: z.object({ token: z.string() }) },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      return reply(201, await services.studyTokens.make(id), { 'cache-control': 'no-store' });
    },
  }),
  route({
    method: 'POST',
    path: '/studies/:id/schools',
    summary: 'Ask schools whether their pupils may be asked, by their numbers',
    permission,
    machines,
    params,
    body: z.strictObject({
      numbers: z
        .array(z.string().regex(/^\d{6}$/, 'A school has a number of six digits.'))
        .min(1)
        .max(200),
    }),
    responses: { 204: nothing('Asked') },
    async handler({ params: { id }, body: { numbers }, principal, services: { studies, directory } }) {
      ofPortal(principal);
      const known = new Map((await directory.schools.list()).map((each) => [each.instellingsnummer, each.id]));
      const schools = numbers.map((each) => known.get(each));
      const unknown = numbers.find((each) => !known.has(each));
      if (unknown !== undefined) throw notFound(`There is no school with the number ${unknown}.`);
      await studies.askSchools(id, schools as string[]);
    },
  }),
  route({
    method: 'GET',
    path: '/studies/:id/deliveries',
    summary: 'When data of a study were fetched, and of how many people; the latest first',
    permission,
    machines,
    audit,
    params,
    responses: { 200: z.array(delivery).max(mostShown) },
    async handler({ params: { id }, principal, services }) {
      ofPortal(principal);
      await services.studies.get(id);
      return (await services.deliveries.ofStudy(id)).map((each) => ({ ...each, fetchedAt: each.fetchedAt.toISOString() }));
    },
  }),
];

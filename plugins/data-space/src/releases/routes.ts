import { forbidden, nothing, type Principal, type RouteRequest, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { question } from '../research/question.js';
import { dcatOf } from './dcat.js';
import { definition, tiers } from './definition.js';
import { afterQuery, pageFrom, pageSize } from './page.js';
import type { Release } from './releases.js';

const route = routeFor<Cradle>();
const machines = { none: 'Data stewards decide what is released.' } as const;
const permission = 'release:prepare';
const params = z.object({ id: z.uuid() });
const audit = { none: 'It shows no personal data.' };

const tier = z.enum(tiers);
const text = (most: number) => z.string().trim().min(1, 'Write something here.').max(most, `Keep it to ${most} characters.`);

const release = z.object({
  id: z.uuid(),
  dataSet: z.uuid(),
  tier,
  title: z.string(),
  description: z.string(),
  version: z.int(),
  definition,
  state: z.enum(['draft', 'approved', 'preparing', 'published']),
  rows: z.int().nullable(),
  sha256: z.string().nullable(),
  publishedAt: z.iso.datetime().nullable(),
  withdrawnAt: z.iso.datetime().nullable(),
});
export type ReleaseView = z.output<typeof release>;
const releaseList = z.object({ releases: z.array(release).max(pageSize), more: z.boolean(), next: z.string().nullable() });

const cost = z.object({ epsilon: z.int(), delta: z.int() });
const risk = z.object({ prosecutor: z.number(), journalist: z.number(), marketer: z.number(), singledOut: z.int() });
const preview = z.union([
  z.object({
    tier: z.literal('open'),
    marks: z.object({ shown: z.int(), small: z.int(), hidden: z.int(), withheld: z.int() }),
    risk,
  }),
  z.object({
    tier: z.literal('research'),
    questions: z.array(z.object({ asked: question, paid: z.boolean(), expectedError: z.int() })).max(20),
    budgets: z.array(z.object({ scope: z.string(), spent: cost, cap: cost, cost })).max(20),
  }),
  z.object({ tier: z.literal('microdata'), kept: z.int(), dropped: z.int(), risk }),
]);
export type PreviewView = z.output<typeof preview>;

const viewOf = ({ publishedAt, withdrawnAt, ...rest }: Release): ReleaseView => ({
  ...rest,
  publishedAt: publishedAt?.toISOString() ?? null,
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
});

function listOf(found: readonly Release[], request: RouteRequest) {
  const { rows, more, next, headers } = pageFrom(found, ({ id }) => [id], request);
  return reply(200, { releases: rows.map(viewOf), more, next }, headers);
}

/** Releases are about all schools, so nobody of one school decides about them, whatever role they have there. */
function ofPortal({ tenants }: Principal): void {
  if (tenants !== '*') throw forbidden('Only people who act for the whole portal release data.');
}

export const releaseRoutes = [
  route({
    method: 'GET',
    path: '/open',
    summary: 'Open data: published versions, the latest first',
    permission: 'public',
    audit,
    query: afterQuery,
    responses: { 200: releaseList },
    handler: async ({ request, services }) => listOf(await services.releases.published(['open'], request.after()), request),
  }),
  route({
    method: 'GET',
    path: '/catalog',
    summary: 'Open data as a catalogue (DCAT)',
    permission: 'public',
    audit,
    query: afterQuery,
    responses: {
      200: { description: 'JSON-LD with its context in it', contentType: 'application/ld+json', schema: z.looseObject({}) },
    },
    async handler({ request, services: { releases, portal } }) {
      const { rows, headers } = pageFrom(await releases.published(['open'], request.after()), ({ id }) => [id], request);
      return reply(200, dcatOf(portal.url, rows), headers);
    },
  }),
  route({
    method: 'GET',
    path: '/open/:id/table',
    summary: 'A published version as CSV',
    permission: 'public',
    audit,
    params,
    responses: { 200: { description: 'A row for each figure', contentType: 'text/csv' } },
    async handler({ params: { id }, services }) {
      const { csv, version, sha256 } = await services.releases.content(id, ['open']);
      return reply(200, csv, {
        'content-disposition': `attachment; filename="i-learn-${id.slice(0, 8)}-${version}.csv"`,
        etag: `"${sha256}"`,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/releases',
    summary: 'All versions, drafts too, the latest first',
    permission,
    machines,
    audit,
    query: afterQuery,
    responses: { 200: releaseList },
    async handler({ principal, request, services }) {
      ofPortal(principal);
      return listOf(await services.releases.list(request.after()), request);
    },
  }),
  route({
    method: 'POST',
    path: '/data-sets',
    summary: 'Describe a data set, with a draft of its first version',
    permission,
    machines,
    body: z.strictObject({ title: text(120), description: text(2_000), definition }),
    responses: { 201: z.object({ dataSet: z.uuid(), release: z.uuid() }) },
    async handler({ body: { title, description, definition: defined }, principal, services: { releases } }) {
      ofPortal(principal);
      const dataSet = await releases.addDataSet({ tier: defined.tier, title, description });
      return reply(201, { dataSet, release: await releases.draft(dataSet, defined) });
    },
  }),
  route({
    method: 'POST',
    path: '/data-sets/:id/releases',
    summary: 'Draft the next version of a data set',
    permission,
    machines,
    params,
    body: z.strictObject({ definition }),
    responses: { 201: z.object({ release: z.uuid() }) },
    async handler({ params: { id }, body, principal, services: { releases } }) {
      ofPortal(principal);
      return reply(201, { release: await releases.draft(id, body.definition) });
    },
  }),
  route({
    method: 'GET',
    path: '/releases/:id/preview',
    summary: 'What suppression or noise does to a version, and what it costs. Draws nothing',
    timeoutMs: 120_000,
    permission,
    machines,
    audit,
    params,
    responses: { 200: preview },
    async handler({ params: { id }, principal, services: { releases, previews, microdata } }) {
      ofPortal(principal);
      const { definition: defined } = await releases.get(id);
      if (defined.tier === 'microdata') return microdata.preview(defined);
      return defined.tier === 'open' ? previews.open(defined) : previews.research(defined);
    },
  }),
  route({
    method: 'POST',
    path: '/releases/:id/approve',
    summary: 'Approve a draft as it is',
    permission: 'release:approve',
    machines,
    params,
    responses: { 204: nothing('Approved') },
    async handler({ params: { id }, principal, services: { releases } }) {
      ofPortal(principal);
      await releases.approve(id);
    },
  }),
  route({
    method: 'POST',
    path: '/releases/:id/publish',
    summary: 'Publish an approved version, for good',
    permission,
    machines,
    params,
    responses: { 202: release },
    async handler({ params: { id }, principal, services: { releases } }) {
      ofPortal(principal);
      await releases.publish(id);
      return reply(202, viewOf(await releases.get(id)));
    },
  }),
  route({
    method: 'POST',
    path: '/releases/:id/withdraw',
    summary: 'Withdraw a published version: nobody is given it any more',
    permission: 'release:approve',
    machines,
    params,
    body: z.strictObject({ reason: text(500) }),
    responses: { 204: nothing('Withdrawn') },
    async handler({ params: { id }, body: { reason }, principal, services: { releases } }) {
      ofPortal(principal);
      await releases.withdraw(id, reason);
    },
  }),
  route({
    method: 'DELETE',
    path: '/releases/:id',
    summary: 'Drop a draft',
    permission,
    machines,
    params,
    responses: { 204: nothing('Dropped') },
    async handler({ params: { id }, principal, services: { releases } }) {
      ofPortal(principal);
      await releases.drop(id);
    },
  }),
];

import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { casePath, mostAssociations } from './case-framework.js';

const route = routeFor<Cradle>();
const common = {
  permission: 'library:read',
  machines: { scope: 'curriculum:read' },
  audit: { none: 'It shows no personal data.' },
} as const;
const params = z.object({ id: z.uuid() });
const mostDocuments = 100;
const atOnce = 500;

const link = z.object({ title: z.string(), identifier: z.uuid(), uri: z.string() });
const document = z.object({
  identifier: z.uuid(),
  uri: z.string(),
  creator: z.string(),
  title: z.string(),
  version: z.string().optional(),
  lastChangeDateTime: z.iso.datetime(),
  caseVersion: z.literal('1.1'),
  CFPackageURI: link,
});
const item = z.object({
  identifier: z.uuid(),
  uri: z.string(),
  fullStatement: z.string(),
  humanCodingScheme: z.string().optional().describe('Notation'),
  notes: z.string().optional().describe('Definition'),
  lastChangeDateTime: z.iso.datetime(),
  CFDocumentURI: link,
});
const association = z.object({
  identifier: z.uuid(),
  uri: z.string(),
  associationType: z.enum(['isChildOf', 'isRelatedTo']),
  originNodeURI: link,
  destinationNodeURI: link,
  lastChangeDateTime: z.iso.datetime(),
});

/** Read-only calls of CASE 1.1 §3 on the curriculum. */
export const caseRoutes = [
  route({
    ...common,
    method: 'GET',
    path: `${casePath}/CFDocuments`,
    summary: 'CASE 1.1: the concept schemes as documents',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(mostDocuments).default(mostDocuments),
      offset: z.coerce.number().int().min(0).max(100_000).default(0),
    }),
    responses: { 200: z.object({ CFDocuments: z.array(document).max(mostDocuments) }) },
    async handler({ query: { limit, offset }, services }) {
      const { documents, total } = await services.caseFrameworks.documents(limit, offset);
      return reply(200, { CFDocuments: documents }, { 'x-total-count': `${total}` });
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${casePath}/CFDocuments/:id`,
    summary: 'CASE 1.1: one concept scheme',
    params,
    responses: { 200: document },
    handler: async ({ params: { id }, services }) => (await services.caseFrameworks.document(id)).document,
  }),
  route({
    ...common,
    method: 'GET',
    path: `${casePath}/CFItems/:id`,
    summary: 'CASE 1.1: one concept',
    params,
    responses: { 200: item },
    handler: ({ params: { id }, services }) => services.caseFrameworks.item(id),
  }),
  route({
    ...common,
    method: 'GET',
    path: `${casePath}/CFItemAssociations/:id`,
    summary: 'CASE 1.1: one concept with its broader and related ones',
    params,
    responses: { 200: z.object({ CFItem: item, CFAssociations: z.array(association).max(mostAssociations) }) },
    handler: async ({ params: { id }, services: { caseFrameworks } }) => ({
      CFItem: await caseFrameworks.item(id),
      CFAssociations: await caseFrameworks.associationsOf(id),
    }),
  }),
  route({
    ...common,
    machines: { scope: 'curriculum:read', cost: 20 },
    method: 'GET',
    path: `${casePath}/CFPackages/:id`,
    summary: 'CASE 1.1: a concept scheme with all its concepts and relations',
    params,
    responses: { 200: { description: 'CFPackage: CFDocument, CFItems, CFAssociations', contentType: 'application/json' } },
    async handler({ params: { id }, services, work }) {
      const { document: head, version } = await services.caseFrameworks.document(id);
      return parts(head, version, work);
    },
  }),
];

type Work = <T>(fn: (services: Cradle) => Promise<T>) => Promise<T>;

/** The package in parts, each read in a short unit of work: a curriculum is larger than an answer in one piece may be. */
async function* parts(head: object, version: string, work: Work): AsyncGenerator<Uint8Array> {
  const text = (part: string) => Buffer.from(part);
  const after = [''];
  yield text(`{"CFDocument":${JSON.stringify(head)},"CFItems":[`);
  for (let begin = ''; ; ) {
    const { items, last } = await work(({ caseFrameworks }) => caseFrameworks.part(version, begin, atOnce));
    if (last === null) break;
    yield text(`${begin === '' ? '' : ','}${items.map((each) => JSON.stringify(each)).join(',')}`);
    after.push(last);
    begin = last;
  }
  yield text('],"CFAssociations":[');
  let first = true;
  for (const begin of after.slice(0, -1)) {
    const found = await work(({ caseFrameworks }) => caseFrameworks.associationsIn(version, begin, atOnce));
    if (found.length === 0) continue;
    yield text(`${first ? '' : ','}${found.map((each) => JSON.stringify(each)).join(',')}`);
    first = false;
  }
  yield text(']}');
}

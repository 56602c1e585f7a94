import { nothing, Problem, type Reply, type ResponseSpec, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { agsScopes } from '../scopes.js';
import { asTool, type ToolAccess, withToken } from '../services/tool-access.js';
import { checkedLater, validBody } from '../services/valid-body.js';
import { lineItemContainerType, lineItemInput, lineItemQuery, lineItemType, lineItemView, pageSize } from './line-item.js';
import type { Page } from './line-items.js';
import { resultContainerType, resultQuery, resultView } from './results.js';
import { scoreInput, scoreType } from './score.js';
import { mostStatements, statements } from './statement.js';

const route = routeFor<Cradle>();

/** Tools call these routes with a bearer token; the session cookie is ignored. */
const open = { permission: 'public', session: false } as const;
// Accept any text, so that every id that does not exist returns 404.
const context = z.object({ contextId: z.string() });
const lineItem = context.extend({ lineItemId: z.string() });
const readItems: ToolAccess = { step: 'line-items', finishes: true, scopes: [agsScopes.lineItem, agsScopes.lineItemReadOnly] };
// A tool may make the line item of a part or a try when its work is handed in.
const writeItems: ToolAccess = { step: 'line-items', finishes: true, scopes: [agsScopes.lineItem] };
const removeItems: ToolAccess = { step: 'line-items', scopes: [agsScopes.lineItem] };
const sendScores: ToolAccess = { step: 'score', finishes: true, scopes: [agsScopes.score] };
const readResults: ToolAccess = { step: 'results', scopes: [agsScopes.resultReadOnly] };

const answer = (description: string, contentType: string, schema: z.ZodType): ResponseSpec => ({
  description,
  contentType,
  schema,
});
const noStore = { 'cache-control': 'no-store' };

/** The version that is answered to one that was asked for (xAPI §3.3). @throws Problem 400 for none, or another one */
function versionOf(asked: string | undefined): string {
  if (/^1\.0(\.\d+)?$/.test(asked ?? '')) return '1.0.3';
  if (/^2\.0(\.\d+)?$/.test(asked ?? '')) return '2.0.0';
  throw new Problem({
    type: 'lti/xapi-version',
    status: 400,
    title: 'Bad request',
    detail: 'Send the header X-Experience-API-Version with 1.0.3 or 2.0.0.',
    headers: { 'x-experience-api-version': '2.0.0' },
  });
}

export const gradeRoutes = [
  route({
    ...open,
    ...withToken(readItems),
    method: 'GET',
    path: '/contexts/:contextId/lineitems',
    summary: 'Line items of the tool in a context (AGS 2.0 §3.2)',
    audit: { none: 'It shows no personal data.' },
    params: context,
    query: lineItemQuery,
    responses: {
      200: answer('Line items; Link rel="next" where there are more', lineItemContainerType, z.array(lineItemView).max(pageSize)),
    },
    handler: (input) =>
      asTool(input, readItems, async ({ lineItems }) =>
        replyWithPage(
          await lineItems.list(input.params.contextId, input.query),
          lineItems.addressOf(input.params.contextId),
          input.query,
        ),
      ),
  }),
  route({
    ...open,
    ...withToken(writeItems),
    method: 'POST',
    path: '/contexts/:contextId/lineitems',
    summary: 'Create a line item (AGS 2.0 §3.2)',
    params: context,
    consumes: [lineItemType],
    body: checkedLater(lineItemInput),
    responses: { 201: answer('The new line item', lineItemType, lineItemView) },
    handler: (input) =>
      asTool(input, writeItems, async ({ lineItems }) => {
        const created = await lineItems.create(input.params.contextId, validBody(input.body));
        return reply(201, created, { ...noStore, location: created.id });
      }),
  }),
  route({
    ...open,
    ...withToken(readItems),
    method: 'GET',
    path: '/contexts/:contextId/lineitems/:lineItemId',
    summary: 'One line item',
    audit: { none: 'It shows no personal data.' },
    params: lineItem,
    responses: { 200: answer('The line item', lineItemType, lineItemView) },
    handler: (input) =>
      asTool(input, readItems, async ({ lineItems }) =>
        reply(200, await lineItems.get(input.params.contextId, input.params.lineItemId), noStore),
      ),
  }),
  route({
    ...open,
    ...withToken(writeItems),
    method: 'PUT',
    path: '/contexts/:contextId/lineitems/:lineItemId',
    summary: 'Change a line item',
    params: lineItem,
    consumes: [lineItemType],
    body: checkedLater(lineItemInput),
    responses: { 200: answer('The changed line item', lineItemType, lineItemView) },
    handler: (input) =>
      asTool(input, writeItems, async ({ lineItems }) =>
        reply(200, await lineItems.update(input.params.contextId, input.params.lineItemId, validBody(input.body)), noStore),
      ),
  }),
  route({
    ...open,
    ...withToken(removeItems),
    method: 'DELETE',
    path: '/contexts/:contextId/lineitems/:lineItemId',
    summary: 'Delete a line item that the tool made, with its scores',
    params: lineItem,
    responses: { 204: nothing('Deleted') },
    handler: (input) =>
      asTool(input, removeItems, async ({ lineItems }) => {
        await lineItems.remove(input.params.contextId, input.params.lineItemId);
        return reply(204);
      }),
  }),
  route({
    ...open,
    ...withToken(sendScores),
    method: 'POST',
    path: '/contexts/:contextId/lineitems/:lineItemId/scores',
    summary: 'Receive a score (AGS 2.0 §3.4)',
    params: lineItem,
    consumes: [scoreType],
    body: checkedLater(scoreInput),
    responses: { 204: nothing('Received') },
    handler: (input) =>
      asTool(input, sendScores, async ({ scores, principal }) => {
        await scores.receive(principal.id as string, input.params.contextId, input.params.lineItemId, validBody(input.body));
        return reply(204, undefined, noStore);
      }),
  }),
  route({
    ...open,
    ...withToken(sendScores),
    method: 'POST',
    path: '/contexts/:contextId/lineitems/:lineItemId/statements',
    summary: 'Take in statements of xAPI, of which results are kept (a subset of xAPI 1.0.3 and 2.0)',
    params: lineItem,
    body: checkedLater(statements),
    responses: { 200: answer('Ids of the statements', 'application/json', z.array(z.uuid()).max(mostStatements)) },
    handler: (input) =>
      asTool(input, sendScores, async ({ statements: taken, principal }) => {
        const version = versionOf(input.request.header('x-experience-api-version'));
        const { contextId, lineItemId } = input.params;
        const ids = await taken.take(principal.id as string, contextId, lineItemId, validBody(input.body));
        return reply(200, ids, { ...noStore, 'x-experience-api-version': version });
      }),
  }),
  route({
    ...open,
    ...withToken(readResults),
    method: 'GET',
    path: '/contexts/:contextId/lineitems/:lineItemId/results',
    summary: 'Current results of a line item (AGS 2.0 §3.3)',
    params: lineItem,
    query: resultQuery,
    responses: {
      200: answer('Results; Link rel="next" where there are more', resultContainerType, z.array(resultView).max(pageSize)),
    },
    handler: (input) =>
      asTool(input, readResults, async ({ results, lineItems, principal }) => {
        const { contextId, lineItemId } = input.params;
        const page = await results.list(principal.id as string, contextId, lineItemId, input.query);
        return replyWithPage(page, `${lineItems.addressOf(contextId, lineItemId)}/results`, input.query);
      }),
  }),
];

/** Replies with a page; the link to the next page repeats the filters (AGS 2.0 §3.2.4, RFC 8288). */
function replyWithPage(page: Page<unknown>, address: string, query: Record<string, string | number | undefined>): Reply {
  if (page.after === null) return reply(200, page.items, noStore);
  const next = new URL(address);
  for (const [name, value] of Object.entries({ ...query, after: page.after })) {
    if (value !== undefined) next.searchParams.set(name, String(value));
  }
  return reply(200, page.items, { ...noStore, link: `<${next.href}>; rel="next"` });
}

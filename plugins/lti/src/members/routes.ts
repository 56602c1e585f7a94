import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { membersScope } from '../scopes.js';
import { asTool, type ToolAccess, withToken } from '../services/tool-access.js';
import { membersQuery, membersType, membersView } from './membership.js';

const route = routeFor<Cradle>();
const listMembers: ToolAccess = { step: 'members', scopes: [membersScope] };

function linkTo(address: string, rel: string, query: Record<string, unknown>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return `<${url.href}>; rel="${rel}"`;
}

export const memberRoutes = [
  route({
    ...withToken(listMembers),
    permission: 'public',
    session: false,
    method: 'GET',
    path: '/contexts/:contextId/memberships',
    summary: 'Members of a context (NRPS 2.0 §2)',
    params: z.object({ contextId: z.string() }),
    query: membersQuery,
    responses: {
      200: {
        description: 'Members; Link rel="next" where there are more, rel="differences" on the last page',
        contentType: membersType,
        schema: membersView,
      },
    },
    handler: (input) =>
      asTool(input, listMembers, async ({ members, portal }) => {
        const { contextId } = input.params;
        const { context, members: listed, after, mark } = await members.page(contextId, input.query);
        const address = `${portal.url}/api/lti/contexts/${contextId}/memberships`;
        const headers: Record<string, string> = { 'cache-control': 'no-store' };
        const { rlid, limit } = input.query;
        if (after !== null) headers.link = linkTo(address, 'next', { ...input.query, after, mark });
        else if (mark !== null) headers.link = linkTo(address, 'differences', { rlid, limit, since: mark });
        return reply(200, { id: address, context, members: listed }, headers);
      }),
  }),
];

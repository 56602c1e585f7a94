import { reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { membersScope } from '../scopes.js';
import { asTool, type ToolAccess, withToken } from '../services/tool-access.js';
import { membersQuery, membersType, membersView } from './membership.js';

const route = routeFor<Cradle>();
const listMembers: ToolAccess = { step: 'members', scopes: [membersScope] };

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
      200: { description: 'Members; Link rel="next" where there are more', contentType: membersType, schema: membersView },
    },
    handler: (input) =>
      asTool(input, listMembers, async ({ members, portal }) => {
        const { contextId } = input.params;
        const { context, members: listed, after } = await members.page(contextId, input.query);
        const address = `${portal.url}/api/lti/contexts/${contextId}/memberships`;
        const headers: Record<string, string> = { 'cache-control': 'no-store' };
        if (after !== null) {
          const next = new URL(address);
          for (const [name, value] of Object.entries({ ...input.query, after })) {
            if (value !== undefined) next.searchParams.set(name, String(value));
          }
          headers.link = `<${next.href}>; rel="next"`;
        }
        return reply(200, { id: address, context, members: listed }, headers);
      }),
  }),
];

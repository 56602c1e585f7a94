import { Reply, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { type AgsScope, agsScopes } from '../platform.js';
import { tokenLifetimeSeconds } from './access-tokens.js';
import { InvalidClient, type SignedAssertion, verifySignature } from './client-assertions.js';

const route = routeFor<Cradle>();
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Loose on purpose: faults are answered in the terms of RFC 6749 §5.2. */
const parameter = z.union([z.string(), z.array(z.string())]).optional();
const tokenRequest = z.looseObject({
  grant_type: parameter,
  client_assertion_type: parameter,
  client_assertion: parameter,
  scope: parameter,
});

const oauthError = z.object({ error: z.string(), error_description: z.string() });

export const tokenRoutes = [
  route({
    method: 'POST',
    path: '/token',
    summary: 'Access token for a tool: client_credentials with private_key_jwt',
    permission: 'public',
    session: false,
    consumes: ['application/x-www-form-urlencoded'],
    body: tokenRequest,
    responses: {
      200: z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string() }),
      400: oauthError,
      401: oauthError,
    },
    outside: {
      call: async ({ body, read }): Promise<Reply | SignedRequest | InvalidClient> => {
        const request = readRequest(body);
        if (request instanceof Reply) return request;
        const { assertion, scope } = request;
        try {
          const found = await read(async ({ clientAssertions, portal, clock }) => ({
            registration: await clientAssertions.claimed(assertion),
            portalUrl: portal.url,
            now: clock.now(),
          }));
          return { scope, signed: await verifySignature(assertion, found) };
        } catch (error) {
          if (error instanceof InvalidClient) return error;
          throw error;
        }
      },
    },
    handler: async ({ result, services }) => {
      if (result instanceof Reply) return result;
      try {
        if (result instanceof InvalidClient) throw result;
        const registration = await services.clientAssertions.use(result.signed);
        // What is asked beyond the supported scopes is left out (RFC 6749 §3.3); the answer says what was granted.
        const granted = supportedScopes(result.scope);
        if (granted.length === 0) return refuse('invalid_scope', `scope must name one of ${Object.values(agsScopes).join(' ')}`);
        const accessToken = await services.accessTokens.issue(registration.id, granted);
        const answer = {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: tokenLifetimeSeconds,
          scope: granted.join(' '),
        };
        return reply(200, answer, noStore);
      } catch (error) {
        if (!(error instanceof InvalidClient)) throw error;
        const cause = error.cause === undefined ? {} : { cause: String(error.cause) };
        services.log.warn({ check: error.code, tool: error.tool, ...cause }, 'a tool was refused a token');
        return refuse('invalid_client', error.message);
      }
    },
  }),
];

interface SignedRequest {
  scope: string;
  signed: SignedAssertion;
}

/** The assertion and scopes of a request that is one; else the refusal. */
function readRequest(body: z.output<typeof tokenRequest>): { assertion: string; scope: string } | Reply {
  if (Object.values(body).some(Array.isArray)) return refuse('invalid_request', 'a parameter comes more than once');
  const { grant_type, client_assertion_type, client_assertion, scope = '' } = body as Record<string, string | undefined>;
  if (grant_type === undefined) return refuse('invalid_request', 'grant_type is missing');
  if (grant_type !== 'client_credentials') return refuse('unsupported_grant_type', 'grant_type must be client_credentials');
  if (client_assertion_type !== assertionType || !client_assertion) {
    return refuse('invalid_client', `client_assertion is needed, with client_assertion_type ${assertionType}`);
  }
  return { assertion: client_assertion, scope };
}

function supportedScopes(scope: string): AgsScope[] {
  const asked = new Set(scope.split(' '));
  return Object.values(agsScopes).filter((supported) => asked.has(supported));
}

function refuse(error: string, description: string): Reply {
  return reply(error === 'invalid_client' ? 401 : 400, { error, error_description: description }, noStore);
}

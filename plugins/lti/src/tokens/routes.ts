import { type Problem, Reply, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { type ServiceScope, serviceScopes } from '../scopes.js';
import { record } from '../trace/record.js';
import { tokenLifetimeSeconds } from './access-tokens.js';
import { InvalidClient } from './assertion-errors.js';
import { type SignedAssertion, verifySignature } from './client-assertions.js';

const route = routeFor<Cradle>();
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Accepts repeated parameters, so that the handler can answer with the error of RFC 6749 §5.2. */
const parameter = z.union([z.string(), z.array(z.string())]).optional();
const tokenRequest = z.looseObject({
  grant_type: parameter,
  client_assertion_type: parameter,
  client_assertion: parameter,
  scope: parameter,
  client_id: parameter,
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
      405: oauthError,
      500: oauthError,
      503: oauthError,
      504: oauthError,
    },
    formatProblem,
    outside: {
      call: async ({ body, read, http }): Promise<Reply | SignedRequest | InvalidClient> => {
        const request = readRequest(body);
        if (request instanceof Reply) return request;
        const { assertion, scope, clientId } = request;
        try {
          const found = await read(async ({ clientAssertions, portal, clock }) => ({
            registration: await clientAssertions.claimed(assertion, clientId),
            portalUrl: portal.url,
            now: clock.now(),
          }));
          return { scope, signed: await verifySignature(assertion, { ...found, http }) };
        } catch (error) {
          if (error instanceof InvalidClient) return error;
          throw error;
        }
      },
    },
    handler: async ({ result, services, request }) => {
      const trace = (outcome: string, registrationId: string | null = null) =>
        record({ services, request }, { step: 'token', outcome, registrationId });
      if (result instanceof Reply) {
        trace('token-request-invalid');
        return result;
      }
      let registrationId: string | null = result instanceof InvalidClient ? null : result.signed.registration.id;
      try {
        if (result instanceof InvalidClient) {
          registrationId = result.registrationId;
          throw result;
        }
        const registration = await services.clientAssertions.use(result.signed);
        // Ignore unsupported scopes (RFC 6749 §3.3); the response names the granted ones.
        const granted = allowedScopes(result.scope, registration.scopes);
        if (granted.length === 0) {
          trace('scope-refused', registrationId);
          return refuse('invalid_scope', `scope must name one of ${registration.scopes.join(' ')}`);
        }
        trace('ok', registrationId);
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
        trace(error.code, registrationId);
        const cause = error.cause === undefined ? {} : { cause: String(error.cause) };
        services.log.warn({ check: error.code, tool: error.tool, reason: error.reason, ...cause }, 'a tool was refused a token');
        return refuse('invalid_client', error.message);
      }
    },
  }),
];

interface SignedRequest {
  scope: string;
  signed: SignedAssertion;
}

interface TokenRequest {
  assertion: string;
  scope: string;
  clientId: string | undefined;
}

/** The parts of a valid request, or the error response. A parameter without a value counts as absent (RFC 6749 §3.2). */
function readRequest(body: z.output<typeof tokenRequest>): TokenRequest | Reply {
  if (Object.values(body).some(Array.isArray)) return refuse('invalid_request', 'a parameter is repeated');
  const given = Object.entries(body).filter(([, value]) => value !== '');
  const {
    grant_type,
    client_assertion_type,
    client_assertion,
    client_id,
    scope = '',
  } = Object.fromEntries(given) as Record<string, string | undefined>;
  if (grant_type === undefined) return refuse('invalid_request', 'grant_type is missing');
  if (grant_type !== 'client_credentials') return refuse('unsupported_grant_type', 'grant_type must be client_credentials');
  if (client_assertion_type !== assertionType || !client_assertion) {
    return refuse('invalid_client', `client_assertion is required, with client_assertion_type ${assertionType}`);
  }
  return { assertion: client_assertion, scope, clientId: client_id };
}

/** Those of the scopes asked for that an administrator allowed the tool. */
function allowedScopes(scope: string, allowed: readonly string[]): ServiceScope[] {
  const asked = new Set(scope.split(' '));
  return serviceScopes.filter((each) => asked.has(each) && allowed.includes(each));
}

function refuse(error: string, description: string, status = error === 'invalid_client' ? 401 : 400): Reply {
  return reply(status, { error, error_description: printable(description) }, noStore);
}

/**
 * Formats the kernel's problems, such as a malformed or too large body, or an outage. RFC 6749 §5.2 prescribes status 400 for invalid
 * requests and has no codes for server errors; `server_error` and `temporarily_unavailable` are from §4.1.2.1.
 */
function formatProblem({ status, title, detail = title }: Problem): Reply {
  if (status === 405) return refuse('invalid_request', detail, 405);
  if (status < 500) return refuse('invalid_request', detail);
  const passing = status === 503 || status === 504;
  return refuse(passing ? 'temporarily_unavailable' : 'server_error', detail, passing ? status : 500);
}

/** Replaces the characters that RFC 6749 §5.2 does not allow in `error_description`. */
const printable = (text: string): string => text.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, '?');

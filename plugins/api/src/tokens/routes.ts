import { reply, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { answerOf, formatProblem, noStore, OauthError } from './oauth-error.js';
import { claimOf, parametersOf, revocationBody, tokenBody } from './request.js';

const route = routeFor<Cradle>();
const oauthError = z.object({ error: z.string(), error_description: z.string() });
const errorAnswers = {
  400: oauthError,
  401: oauthError,
  405: oauthError,
  429: oauthError,
  500: oauthError,
  503: oauthError,
  504: oauthError,
};

export const tokenRoutes = [
  route({
    method: 'POST',
    path: '/token',
    summary: 'Access token for an app: client_credentials (RFC 6749 §4.4), with a secret or private_key_jwt',
    permission: 'public',
    session: false,
    consumes: ['application/x-www-form-urlencoded'],
    body: tokenBody,
    responses: {
      200: z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), scope: z.string() }),
      ...errorAnswers,
    },
    formatProblem,
    handler: ({ body, request, services }) =>
      answered(services, async ({ clientAuthentication, reach, accessTokens, config }) => {
        const parameters = parametersOf(body);
        const { grant_type } = parameters;
        if (grant_type === undefined) throw new OauthError('invalid_request', 'grant_type is missing');
        if (grant_type !== 'client_credentials') {
          throw new OauthError('unsupported_grant_type', 'grant_type must be client_credentials');
        }
        const app = await clientAuthentication.authenticate(claimOf(parameters, request.header('authorization')));
        const { scopes, written, school } = await reach.of(app, parameters);
        if (await accessTokens.tooMany(app.id)) {
          throw new OauthError('temporarily_unavailable', 'too many tokens in a minute: keep a token until it expires', 60);
        }
        return {
          access_token: await accessTokens.issue(app.id, scopes, school),
          token_type: 'Bearer' as const,
          expires_in: config.tokenSeconds,
          scope: written,
        };
      }),
  }),
  route({
    method: 'POST',
    path: '/revoke',
    summary: 'End an access token (RFC 7009)',
    permission: 'public',
    session: false,
    consumes: ['application/x-www-form-urlencoded'],
    body: revocationBody,
    responses: { 200: z.object({}), ...errorAnswers },
    formatProblem,
    handler: ({ body, request, services }) =>
      answered(services, async ({ clientAuthentication, accessTokens }) => {
        const parameters = parametersOf(body);
        const app = await clientAuthentication.authenticate(claimOf(parameters, request.header('authorization')));
        if (parameters['token'] === undefined) throw new OauthError('invalid_request', 'token is missing');
        await accessTokens.revoke(app.id, parameters['token']);
        return {};
      }),
  }),
];

/** Works as the portal, since an app is nobody until it is authenticated. A refusal commits: a used assertion stays used. */
async function answered<T>({ actAs, log }: Cradle, work: (services: Cradle) => Promise<T>) {
  try {
    return reply(200, await actAs(systemPrincipal(), work), noStore);
  } catch (error) {
    if (!(error instanceof OauthError)) throw error;
    log.info({ error: error.code }, 'an app was refused a token');
    return answerOf(error);
  }
}
